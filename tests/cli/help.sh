# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What a new user reads first.
t segoff --help
t segoff -h
t segoff help
t segoff split --help
t segoff split -h
t segoff merge --help
t segoff explain --help
# help is wanted, whatever else is there
t segoff split --help --bogus
t segoff split in --mtu 1400 --help

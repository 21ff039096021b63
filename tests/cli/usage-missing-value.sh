# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The option is a good one; what it lacks is said.
t segoff split in out --mtu
t segoff split in out --checksum
t segoff explain in --limit

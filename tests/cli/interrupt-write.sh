# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Ctrl-C while nobody reads what is written, as in 'segoff split in - | less'.
t tool interrupt write SIGINT segoff split - -

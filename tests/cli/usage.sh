# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Wrong command lines: one line that says what is wrong, and where help is.
t segoff
t segoff frobnicate
t segoff ''
t segoff --frobnicate
t segoff splitt in out

t segoff split
t segoff split in
t segoff split --dry-run
t segoff split --frobnicate in out
t segoff split -x in out
t segoff split -qx in out
t segoff split --quiet=yes in out
t segoff split --m 1400 in out

t segoff explain
t segoff explain --spread in

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A line that tells how far it is, on a terminal and for long files only; it is
# gone at the end.
use tcp4-syn in
t tool terminal err segoff split in out
t tool terminal err --slow segoff split - out
t tool terminal err --slow segoff explain -
t tool terminal err --slow segoff split --quiet - out
t tool terminal err --slow segoff explain --quiet -
t_sh 'tool terminal out --slow segoff split - out |
	tr -dc "\\r" | wc -c'
rm out

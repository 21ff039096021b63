# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Colours on a terminal, and nowhere else.
use padding in
t tool terminal out segoff explain --limit 1 in
t_sh 'segoff explain in | tr -dc "\033" | wc -c'
t tool terminal err segoff explain --limit 1 in
t tool terminal out segoff explain --json --limit 0 in
t tool terminal out segoff split in out
t tool terminal both segoff split missing out

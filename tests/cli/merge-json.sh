# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# merge --json: one object in one line.
use merge-apart in
t_sh 'segoff merge --json in out | tool object'
t_sh 'segoff merge --json --check in | tool object'
use merge-tcp4 in
t_sh 'segoff merge --json in out | tool object'
head -c 6000 in > broken
t_sh 'segoff merge --json --dry-run broken | tool object error'
rm broken in out

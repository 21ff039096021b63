# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The output is the input, by any name: refused, and the input is as it was.
use tcp4-syn in
cp in before
ln -s in soft
ln in hard
mkdir sub
t segoff split in in
t segoff split in ./sub/../in
t segoff split in soft
t segoff split soft in
t segoff split in hard
t_sh 'segoff split - in < in'
t_sh 'segoff split in - >> in'
same in before
# two names of two files
cp in copy
t segoff split --quiet in copy
# nothing is written, so nothing is lost
t segoff split --quiet --dry-run in in
same in before

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A report that cannot be written is an error: a script must not take an
# empty one for the truth. The capture is complete, so it stays.
use tcp4-syn in
golden_out tcp4-syn > want
t_sh 'segoff split in out > /dev/full'
same out want
t_sh 'segoff split --json in out > /dev/full'
same out want
t_sh 'segoff explain in > /dev/full'
t_sh 'segoff explain --json in > /dev/full'

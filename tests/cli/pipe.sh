# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# '-' is standard input or output; the report is never in the capture.
use tcp4-syn in
golden_out tcp4-syn > want
t_sh 'segoff split - - < in > out'
same out want
t_sh 'cat in | segoff split - out'
same out want
t_sh 'segoff split in - > out'
same out want
t_sh 'segoff split --json in - 2> report > out'
same out want
t_sh 'tool object input output < report'
t_sh 'segoff split --quiet - - < in | segoff split --quiet - - > out'
same out want
t_sh 'segoff split --quiet /dev/stdin /dev/stdout < in | cat > out'
same out want
t_sh 'segoff split --quiet in /dev/stdout > out'
same out want
t_sh 'segoff explain - < in > explained; wc -l < explained'

# a pipe that comes byte by byte
t_sh 'dd if=in bs=1 status=none | segoff split --quiet - - | cat > out'
same out want

# what stands before the capture in a file was read by somebody else
(echo header; cat in) > offset
t_sh '{ read -r line; segoff split --quiet - out; } < offset'
same out want
rm -f offset explained report

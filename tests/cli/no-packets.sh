# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A capture in which nothing was captured is still of some format.
use tcp4-syn in
head -c 24 in > empty.pcap
t segoff split empty.pcap out
same out empty.pcap
t_sh 'segoff split --json empty.pcap out | tool object format'
use ng-options in
head -c 60 in > empty.pcapng
t segoff split empty.pcapng out
same out empty.pcapng
rm in

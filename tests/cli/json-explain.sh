# SPDX-License-Identifier: MIT
# shellcheck shell=sh
use length-zero in
t_sh 'segoff explain --json in | tool object'
use sum-wrong in
t_sh 'segoff explain --json --limit 1 in | tool object'
t_sh 'segoff explain --json --limit 0 in | tool object'
use left-protocols in
t_sh 'segoff explain --json in | tool object odd'
use vnet-refused-tun in
t_sh 'segoff explain --vnet-hdr --json in | tool object'
t segoff explain --json in --mtu 9000

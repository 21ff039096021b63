# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The metadata of records is looked at, too.
use vnet-12 good
t_sh 'segoff explain --vnet-hdr=12 good | grep -v "128 segments"'
use vnet-refused refused
t_sh 'segoff explain --vnet-hdr --limit 100 refused | grep refuses'
use vnet-refused-tun tun
t segoff explain --vnet-hdr tun

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Outputs that are no files, and take nothing.
needs_packing
use tcp4-syn in
t segoff split in /dev/full
t_sh 'segoff split in - > /dev/full'
ln -s /dev/full link.gz
t segoff split in link.gz
ln -s /dev/full link.zst
t segoff split in link.zst

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A wrong IPv4 header checksum: its own values, not those of the transport.
use sum-wrong in
t_sh 'segoff explain --json in | grep -o "\"field\":\"ipv4\"[^}]*"'

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# SCTP: superpackets that are cut between chunks, a CRC32c that is zero, and
# what cannot be cut.
use sctp4 in
t segoff split in out
golden_out sctp4 > want
same out want
t_sh 'segoff explain in'
t_sh 'segoff explain out | tail -n 1'
t_sh 'segoff split --json --dry-run in'
t segoff explain --json in
t_sh 'segoff split --mtu 800 in small'
t_sh 'segoff split --quiet --dry-run --mtu 1480 in; echo $?'
t_sh 'segoff merge --check out'
rm in out want small
use sctp-left in
t_sh 'segoff split in out'
t_sh "segoff explain in | grep '^#'"
t_sh 'segoff split --checksum=rewrite in out'
t_sh 'segoff explain out | grep -c wrong'
rm in out

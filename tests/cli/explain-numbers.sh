# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# One packet, two packets; lengths not filled in, checksums of 0.
for name in length-zero sum-tcp-zero sum-udp-zero udp4-tunnel snaplen; do
	use $name $name
	t_sh "segoff explain $name | grep ^verdict"
	rm $name
done
use tcp4-syn in
t_sh 'segoff explain --limit 1 in | grep "^\.\.\."'
use vnet-12 in
t_sh 'segoff explain --vnet-hdr=12 in | grep "128 segments"'

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# explain --merge: why neighbours are not merged.
for name in apart blocks fixed-id flags interfaces max-size tcp4 tcp6 udp \
	udp-off; do
	echo "# merge-$name"
	use merge-$name in
	t segoff explain --limit 0 --merge in
done
use merge-apart in
t_sh 'segoff explain --merge --json in | tool object merge'
head -c 6000 in > broken
t segoff explain --limit 0 --merge broken
t segoff explain --merge --vnet-hdr in
t_sh 'segoff explain --merge - < in'
mkfifo fifo
t segoff explain --merge fifo
t segoff explain --merge missing
# Whose sums are only partial: not damage.
t_sh "segoff explain --merge \"\$CAPTURES/tcp4-sender.pcapng\" | grep -A3 ^merge"
t_sh "segoff merge --udp --dry-run \"\$CAPTURES/udp4-sender.pcap\" out"
rm in broken fifo

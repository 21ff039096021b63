# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Packets in tunnels: their layers, and what is odd about them.
for name in "$GOLDEN"/tunnel-*.in.pcap; do
	name=$(basename "$name" .in.pcap)
	use "$name" in
	option=$(sed 's/--mss [0-9]*//; s/--udp-size [0-9]*//; s/--checksum=[a-z]*//' \
		"$GOLDEN/$name.args" 2> "$SCRATCH/none")
	printf '%s: ' "$name"
	# shellcheck disable=SC2086 # options
	segoff explain $option in | sed -n '/^layers/,/^#/p' | grep -v '^#'
done
for name in tunnel-remote-sum tunnel-sum-seed tunnel-sum-wrong \
	tunnel-length-zero; do
	use $name in
	t segoff explain in
done
use tunnel-sum-seed in
t_sh 'segoff explain --json --limit 2 in | tool object stacks odd'
use tunnel-vxlan-tags in
t_sh 'segoff explain --json in | tool object stacks odd'

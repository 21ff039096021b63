# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# merge of real traffic, and split of that: the packets that there were. The
# captures are of hosts with offload: split makes the packets of the wire first.
for path in "$CAPTURES"/*.pcap*; do
	file=$(basename "$path")
	wire=wire.${file##*.}
	segoff split --quiet --udp-size 1200 "$path" "$wire"
	echo "# $file"
	t segoff merge --udp "$wire" merged
	# plain pcap cannot say how superpackets are to be cut
	[ "$wire" = wire.pcap ] || {
		t segoff split merged back
		t tool same_packets "$wire" back
	}
	t segoff merge --quiet --udp --vnet-hdr=12 "$wire" merged
	t segoff split --quiet --vnet-hdr=12 merged back
	t tool same_packets "$wire" back
done
rm wire.pcap wire.pcapng merged back

# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2016 # expanded later
# Partial frames, and that cutting them is cutting their superpackets.
law() {
	use "$1" in
	segoff split --quiet --mss 1460 in want
	echo "$1"
	t segoff split --mss 1460 --partial in frames
	t segoff split frames got
	same got want
	t segoff split --mss 1460 --partial --vnet-hdr=24 in described
	t segoff split --vnet-hdr=24 described got
	same got want
}
for name in tcp4-mtu tcp6-mtu tunnel-vxlan-sum tunnel-vxlan-ipv6 tunnel-geneve \
	tunnel-gre-sum-key tunnel-nested; do
	law $name
done

# too small a header for a tunnel
use tunnel-vxlan-sum in
t segoff split --mss 1460 --partial --vnet-hdr in described
t segoff split --vnet-hdr described got
use tunnel-gre in
t segoff split --mss 1460 --partial --vnet-hdr=24 --json in described
# the MTU is about the wire
use tunnel-vxlan in
t segoff split --mtu 1400 --partial in out
t segoff split --mss 1460 --mtu 1400 --partial in out
# what is there already stays
segoff split --quiet --mss 1460 --partial in frames
t segoff split --partial --checksum=keep frames again
same again frames

# as people and scripts are told of them
t segoff explain frames
t segoff explain --vnet-hdr=24 described
use tunnel-vxlan in
segoff split --quiet --mss 1460 --partial --vnet-hdr=24 in described
t segoff explain --vnet-hdr=24 described
t_sh 'segoff explain --json frames | tool object counts odd'

# pcapng says what is pending, and split takes it back
cp "$CAPTURES/tcp4-sender.pcapng" in.pcapng
t segoff split --partial in.pcapng frames.pcapng
t segoff split frames.pcapng out.pcapng
t_sh 'segoff explain --limit 1 frames.pcapng'
rm -f in.pcapng frames.pcapng out.pcapng

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The first line of explain and what it counted say the same thing.
for name in tcp4-syn tcp4-receiver tcp4-mtu sum-wrong udp4-tunnel \
	udp4-unsure left-protocols; do
	use $name $name
	tool agrees $name
	rm $name
done
for path in "$CAPTURES"/*.pcap*; do
	name=$(basename "$path")
	cp "$path" "$name"
	tool agrees "$name"
	rm "$name"
done
use tcp4-syn in
head -c 24 in > no-packets
tool agrees no-packets
rm in no-packets

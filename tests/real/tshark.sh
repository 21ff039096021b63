# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# tshark.sh - what tshark says of a capture; $tmp is a folder of the caller's

# tshark takes payload for this or that protocol by its looks, and random bytes
# now and then look like one, a malformed one. It is asked about the layers
# that segmentation is about, and about no others; nobody's preferences count.
WIRESHARK_CONFIG_DIR=${tmp:?}/tshark
export WIRESHARK_CONFIG_DIR
mkdir "$WIRESHARK_CONFIG_DIR"
tshark -G protocols 2> /dev/null | cut -f 3 |
	grep -vxE 'frame|eth|ethertype|vlan|ip|ipv6|tcp|udp|data|_ws\..*' \
		> "$tmp/others"
mv "$tmp/others" "$WIRESHARK_CONFIG_DIR/disabled_protos"

dissect() { # FILE ARGUMENTS...
	file=$1
	shift
	tshark -n -r "$file" -o ip.check_checksum:TRUE \
		-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE "$@" \
		2> /dev/null
}

bad_checksums() {
	dissect "$1" -Y 'ip.checksum.status == 0 || tcp.checksum.status == 0 ||
		udp.checksum.status == 0 || _ws.malformed ||
		_ws.expert.severity == "Error"' | wc -l
}

unverified() {
	dissect "$1" -Y '(tcp && tcp.checksum.status != 1) ||
		(udp && udp.checksum.status != 1)' | wc -l
}

verified() {
	dissect "$1" -Y 'tcp.checksum.status == 1 || udp.checksum.status == 1' |
		wc -l
}

# What each direction of each TCP stream said, and every UDP byte, in order.
said() {
	for stream in $(dissect "$1" -T fields -e tcp.stream | sort -un); do
		dissect "$1" -q -z "follow,tcp,raw,$stream" > "$tmp/follow"
		grep -x '[0-9a-f]*' "$tmp/follow" | tr -d '\n'
		echo
		grep -x '	[0-9a-f]*' "$tmp/follow" | tr -d '\t\n'
		echo
	done
	dissect "$1" -Y udp -T fields -e udp.payload | tr -d '\n'
}

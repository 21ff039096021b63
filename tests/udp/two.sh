# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# two.sh - two network namespaces joined by a veth pair, for shell scripts
#
#	here: v0 10.0.0.1 fd00::1 ==== far: v1 10.0.0.2 fd00::2, MTU 1500
#
# The script is run again in a namespace of its own, and everything vanishes
# with it. $tmp is a folder.
#
#	far COMMAND...	run it there
#	start COMMAND...	run it in the background, ended with the script
#	start_far COMMAND...	likewise, there
#	listening PORT	is there a UDP socket?
#	clean		take away what was set up on v0 or by nft
#	await WHAT COMMAND...	until the command succeeds, for some seconds

PATH=$PATH:/usr/sbin:/sbin
if [ -z "${TWO_INSIDE-}" ]; then
	for tool in ip unshare nsenter nft ethtool; do
		command -v $tool > /dev/null ||
			test_skip_all "$tool is not installed"
	done
	for how in -n -rn; do
		unshare $how true 2> /dev/null &&
			TWO_INSIDE=1 exec unshare $how "$0" "$@"
	done
	test_skip_all "no right to make a network namespace"
fi

tmp=$(mktemp -d)
two_pids=
two_end() {
	for pid in $two_pids; do
		kill "$pid" 2> /dev/null
	done
	rm -rf "$tmp"
}
trap two_end EXIT
trap 'exit 1' INT TERM

start() {
	"$@" &
	two_pids="$two_pids $!"
}

start_far() {
	start nsenter -t "$two_far" -n "$@"
}

far() {
	nsenter -t "$two_far" -n "$@"
}

await() {
	what=$1
	shift
	for _ in $(seq 100); do
		"$@" > /dev/null 2>&1 && return
		sleep 0.05
	done
	echo "# in vain: waiting for $what"
	exit 1
}

listening() {
	hex=$(printf ':%04X ' "$1")
	far cat /proc/net/udp /proc/net/udp6 | grep -q "$hex"
}

two_apart() {
	[ "$(readlink "/proc/$two_far/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

clean() {
	nft flush ruleset
	far nft flush ruleset
	ip link set v0 mtu 1500
	ip addr replace fd00::1/64 dev v0 nodad
	ip route del 10.0.0.2 2> /dev/null
	ethtool -K v0 tx on gso on tx-udp-segmentation on > /dev/null 2>&1
}

two_open() {
	start unshare -n sleep 600
	two_far=$!
	await "a second namespace" two_apart
	ip link set lo up
	ip link add v0 type veth peer name v1 netns "$two_far" ||
		return 1
	far ip link set lo up
	far ip link set v1 address 02:00:00:00:00:02 up
	far ip addr add 10.0.0.2/24 dev v1
	far ip addr add fd00::2/64 dev v1 nodad
	ip link set v0 up
	ip addr add 10.0.0.1/24 dev v0
	ip addr add fd00::1/64 dev v0 nodad
	ip neigh replace 10.0.0.2 dev v0 lladdr 02:00:00:00:00:02
	ip neigh replace fd00::2 dev v0 lladdr 02:00:00:00:00:02
}
two_open || test_skip_all "no veth pairs here"

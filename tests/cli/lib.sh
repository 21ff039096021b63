# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# lib.sh - what cases are written with
#
#	t COMMAND...	run it, show stdout as 1, stderr as 2, and its status
#	t_sh 'SCRIPT'	the same for a line of shell
#	skip WHY	this case cannot run here
#	needs_packing	it cannot if the build has no zlib or libzstd
#	use NAME FILE	a golden capture, under another name
#	tool NAME ...	a program of tests/cli/tool (run puts it in PATH)

show() {
	echo "=> $?"
	sed 's/^./1 &/; s/^$/1/' "$SCRATCH/1"
	[ -z "$(tail -c 1 "$SCRATCH/1")" ] || echo " (no newline)"
	sed 's/^./2 &/; s/^$/2/' "$SCRATCH/2"
	[ -z "$(tail -c 1 "$SCRATCH/2")" ] || echo " (no newline)"
	echo
}

t() {
	printf '$ %s\n' "$*"
	"$@" > "$SCRATCH/1" 2> "$SCRATCH/2"
	show
}

t_sh() {
	printf '$ %s\n' "$1"
	sh -c "$1" > "$SCRATCH/1" 2> "$SCRATCH/2"
	show
}

skip() {
	echo "$1"
	exit 77
}

needs_packing() {
	for suffix in gz zst; do
		segoff split --quiet "$GOLDEN/tcp4-syn.in.pcap" \
			"$SCRATCH/can.$suffix" 2> /dev/null ||
			skip "this build has no zlib or no libzstd"
	done
}

use() {
	cp "$GOLDEN/$1".in.* "$2"
}

# What split must make of a golden capture.
golden_out() {
	cat "$GOLDEN/$1".out.*
}

# same FILE FILE: are they?
same() {
	if cmp -s "$1" "$2"; then
		echo "$1 is $2"
	else
		echo "$1 differs from $2"
	fi
	echo
}

# As a user who is not root, for whom permissions count.
unprivileged() {
	if [ "$(id -u)" != 0 ]; then
		"$@"
	else
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
}

# shellcheck shell=sh
# SPDX-License-Identifier: MIT
#
# guest.sh - what scripts that boot a kernel share

skip()
{
	echo "oracle: skipped: $1"
	exit 77
}

# need PROGRAM PACKAGE
need()
{
	command -v "$1" >/dev/null || skip "no $1 ($2)"
}

# $dir is to be removed at the end, whatever the end is. Programs that get its
# name take spaces and commas for something else, so it is not where TMPDIR says.
guest_folder()
{
	dir=$(mktemp -d /tmp/segoff.XXXXXX) || exit 1
	attended=
	trap 'rm -rf "$dir"' EXIT
	trap attend_no_more INT TERM HUP
}

# attend COMMAND...: a shell hears no signal while it waits for a command, unless
# that is in the background
attend()
{
	"$@" &
	attended=$!
	wait "$attended"
	set -- $?
	attended=
	return "$1"
}

attend_no_more()
{
	trap '' INT TERM HUP
	[ -z "$attended" ] || { kill "$attended" && wait "$attended"; }
	exit 1
}

# A kernel that is ended while it forks leaves a process that nobody waits for.
uml_leftovers()
{
	for pid in $(grep -las "[u]ml_dir=$dir/" /proc/[0-9]*/cmdline |
		tr -dc '0-9\n'); do
		kill -KILL "$pid"
	done
}

# boot_uml LAUNCHER SECONDS INIT ARGUMENT...: user-mode Linux, with a console in
# $dir/log. Its command line is split at spaces, so INIT is to be in $dir.
boot_uml()
{
	launcher=$1
	seconds=$2
	init=$3
	shift 3
	trap 'uml_leftovers; rm -rf "$dir"' EXIT
	# registers that uml_launch.c keeps the kernel from saving
	tunables=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-BMI2
	tunables=$tunables,-AVX_Fast_Unaligned_Load
	attend timeout -k 5 "$seconds" "$launcher" linux.uml mem=1G \
		rootfstype=hostfs rw init="$init" con=null con0=fd:0,fd:1 \
		ssl=null quiet uml_dir="$dir/" umid=guest \
		GLIBC_TUNABLES="$tunables" "$@" </dev/null >"$dir/log" 2>&1
}

# What the judge said on its console, and its exit status.
guest_end()
{
	if [ ! -s "$dir/status" ]; then
		tail -n 60 "$dir/log"
		echo "oracle: $1 did not get to the end"
		exit 1
	fi
	sed -n '/^oracle: the only process/,$p' "$dir/log" | tr -d '\r' |
		grep -v -e '^reboot: ' -e '^\[ *[0-9.]*\] '
	exit "$(tr -d '\r' <"$dir/status")"
}

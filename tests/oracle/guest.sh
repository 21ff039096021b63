# shellcheck shell=sh
# SPDX-License-Identifier: MIT
#
# guest.sh - what scripts that boot a kernel with a judge as init share

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

# $dir is to be removed at the end, whatever the end is.
guest_folder()
{
	dir=$(mktemp -d) || exit 1
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 1' INT TERM
}

# What the judge said on its console, and its exit status.
guest_end()
{
	if [ ! -s "$dir/status" ]; then
		tail -n 30 "$dir/log"
		echo "oracle: $1 did not get to the end"
		exit 1
	fi
	sed -n '/^oracle: the only process/,$p' "$dir/log" | tr -d '\r' |
		grep -v -e '^reboot: ' -e '^\[ *[0-9.]*\] '
	exit "$(tr -d '\r' <"$dir/status")"
}

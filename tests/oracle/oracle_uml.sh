#!/bin/sh
# SPDX-License-Identifier: MIT
#
# oracle_uml.sh LAUNCHER JUDGE [OPTIONS] - a judge as init of user-mode Linux
#
# The second opinion of an older kernel, and the judge for those who have no
# right to make network namespaces: no root needed, no network touched. JUDGE
# is linked statically. Everything is in one folder that is removed at the end.
set -u

skip()
{
	echo "oracle: skipped: $1"
	exit 77
}

[ $# -ge 2 ] || exit 2
launcher=$1
judge=$2
shift 2
case $judge in
/*) ;;
*) judge=$PWD/$judge ;;
esac
command -v linux.uml >/dev/null || skip "no linux.uml (user-mode-linux)"
[ -d /usr/lib/uml/modules ] || skip "no modules for linux.uml"

# Registers that uml_launch.c keeps the kernel from saving.
tunables=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-BMI2
tunables=$tunables,-AVX_Fast_Unaligned_Load

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
# Its command line is split at spaces, which a build folder's path may have.
cp "$judge" "$dir/judge" || exit 1

timeout -k 5 300 "$launcher" linux.uml mem=1G rootfstype=hostfs rw \
	init="$dir/judge" con=null con0=fd:0,fd:1 ssl=null quiet \
	uml_dir="$dir/" umid=oracle ORACLE_STATUS="$dir/status" \
	GLIBC_TUNABLES="$tunables" -- "$@" \
	</dev/null >"$dir/log" 2>&1
if [ ! -s "$dir/status" ]; then
	tail -n 30 "$dir/log"
	echo "oracle: user-mode Linux did not get to the end"
	exit 1
fi
sed -n '/^oracle: in user-mode/,$p' "$dir/log" | tr -d '\r' |
	grep -v '^reboot: '
exit "$(cat "$dir/status")"

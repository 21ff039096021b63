#!/bin/sh
# SPDX-License-Identifier: MIT
#
# oracle_uml.sh LAUNCHER JUDGE [OPTIONS] - a judge as init of user-mode Linux
#
# The second opinion of an older kernel, and the judge for those who have no
# right to make network namespaces: no root needed, no network touched. JUDGE
# is linked statically. Everything is in one folder that is removed at the end.
set -u

[ $# -ge 2 ] || exit 2
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/oracle/guest.sh
. "$here/guest.sh"
launcher=$1
judge=$2
shift 2
need linux.uml user-mode-linux
[ -d /usr/lib/uml/modules ] || skip "no modules for linux.uml"

# Registers that uml_launch.c keeps the kernel from saving.
tunables=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-BMI2
tunables=$tunables,-AVX_Fast_Unaligned_Load

guest_folder
# Its command line is split at spaces, which a build folder's path may have.
cp "$judge" "$dir/judge" || exit 1

timeout -k 5 300 "$launcher" linux.uml mem=1G rootfstype=hostfs rw \
	init="$dir/judge" con=null con0=fd:0,fd:1 ssl=null quiet \
	uml_dir="$dir/" umid=oracle ORACLE_STATUS="$dir/status" \
	GLIBC_TUNABLES="$tunables" -- "$@" \
	</dev/null >"$dir/log" 2>&1
guest_end "user-mode Linux"

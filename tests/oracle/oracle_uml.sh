#!/bin/sh
# SPDX-License-Identifier: MIT
#
# oracle_uml.sh LAUNCHER JUDGE [OPTIONS] - a judge as init of user-mode Linux
#
# The second opinion of an older kernel, and the judge for those who have no
# right to make network namespaces: no root needed, no network touched. JUDGE
# is linked statically. Everything is in one folder that is removed at the end.
# After ORACLE_SECONDS, 300 if the environment does not say, it is given up.
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

guest_folder
cp "$judge" "$dir/judge" || exit 1
boot_uml "$launcher" "${ORACLE_SECONDS:-300}" "$dir/judge" \
	ORACLE_STATUS="$dir/status" -- "$@"
guest_end "user-mode Linux"

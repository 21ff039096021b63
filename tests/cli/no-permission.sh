# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What a user may not read or write, as one who is not root.
if [ "$(id -u)" = 0 ] && ! unprivileged true 2> /dev/null; then
	skip "setpriv does not let root become another user"
fi
use tcp4-syn in
mkdir folder locked
chmod 777 folder
chmod 755 locked
chmod 644 in
cp in secret
chmod 000 secret
t unprivileged segoff split secret folder/out
t unprivileged segoff explain secret
echo precious > folder/file
chmod 444 folder/file
t unprivileged segoff split in folder/file
cat folder/file
[ "$(id -u)" = 0 ] || chmod 555 locked
t unprivileged segoff split in locked/out
t unprivileged segoff split --quiet in folder/out
rm -f folder/out

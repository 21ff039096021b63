# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# No room on the disk: nothing is left behind, and what was there stays.
unshare -m true 2> /dev/null || skip "no right to make a mount namespace"
mkdir small
cat > fill <<'END'
mount -t tmpfs -o size=16k none small || exit 77
echo precious > small/old
for out in new old out.gz out.zst; do
	segoff split "$CAPTURES/tcp4-sender.pcapng" small/$out
	echo "status $?"
done
cat small/old
ls -A small
END
t unshare -m sh fill

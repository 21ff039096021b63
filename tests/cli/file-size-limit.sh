# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A limit on the size of files is like a disk that is full.
cp "$CAPTURES/tcp4-sender.pcapng" in
echo precious > out
t_sh 'ulimit -f 16; segoff split in out'
cat out

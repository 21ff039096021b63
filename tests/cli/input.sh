# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What is no capture is told apart, and nothing is written.
needs_packing
t segoff split missing out
t segoff split missing/in out
t segoff split . out
: > empty
t segoff split empty out
t segoff split /dev/null out
t_sh 'segoff split - out < /dev/null'
printf 'G' > one-byte
t segoff split one-byte out
printf '\1\2\3\4\5\6\7\10' > bytes
t segoff split bytes out
echo 'hello, world' > text
t segoff split text out
gzip -c text > text.gz
t segoff split text.gz out
printf '\3757zXZ\0more' > xz
t segoff split xz out
cp "$(command -v sh)" program
t segoff split program out
rm program
printf '\324\303\262\241' > magic-only
t segoff split magic-only out
printf '\324\303\262\241\3\0\0\0aaaabbbbccccdddd' > version
t segoff split version out
printf '\n\r\r\nxxxxABCDxxxxxxxxxxxxxxxx' > order
t segoff split order out
printf '\64\315\262\241\2\0\4\0aaaabbbbccccdddd' > modified
t segoff split modified out
ln -s nowhere dangling
t segoff split dangling out
ln -s loop loop
t segoff split loop out

t segoff explain missing
t segoff explain .
t segoff explain empty
t segoff explain text

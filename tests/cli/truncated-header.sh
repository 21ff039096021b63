# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Not even the file header is there, or it is of another version: there is
# nothing to write, so there is no output, and what was there before stays.
use tcp4-syn pcap
use ng-options pcapng
echo precious > out
head -c 23 pcap > broken
t segoff split broken out
cat out
head -c 27 pcapng > broken
t segoff split broken out
cat out
head -c 59 pcapng > broken
t segoff split broken out
cat out
(head -c 12 pcapng; printf '\2'; tail -c +14 pcapng) > broken
t segoff split broken out
cat out
rm broken

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# merge's files are as split's: pipes, compression, an output that appears when
# it is complete.
command -v gzip > /dev/null || skip "gzip is not installed"
command -v zstd > /dev/null || skip "zstd is not installed"
use merge-tcp4 in
golden_out merge-tcp4 > want
t_sh 'segoff merge - - < in > out'
same out want
t_sh 'cat in | segoff merge --quiet - out'
same out want
t_sh 'segoff merge --json in - 2> report > out'
same out want
t_sh 'tool object input output < report'
t_sh 'dd if=in bs=1 status=none | segoff merge --quiet - - | cat > out'
same out want
t_sh 'segoff merge --quiet in - | segoff split --quiet - - |
	segoff merge --quiet - - > out'
same out want
gzip -c in > in.gz
zstd -q -c in > in.zst
t segoff merge in.gz out.zst
zstd -q -dc out.zst > out
same out want
t segoff merge --quiet in.zst out.gz
gzip -dc out.gz > out
same out want
rm in.gz in.zst out.gz out.zst report

# nothing is written
t segoff merge --dry-run in
t segoff merge --check in none
# the input is safe
t segoff merge in in
t segoff merge in ./in
# nothing there
t segoff merge missing out
t_sh 'segoff merge /dev/null out'
# what is before the break is written
head -c 6000 in > broken
t segoff merge broken out
t segoff split --quiet out back
t_sh 'segoff split --quiet broken whole 2> said'
t tool same_packets back whole
t segoff merge --check broken
# no packets at all
head -c 48 in > empty.pcapng
t segoff merge empty.pcapng out
same out empty.pcapng
t_sh 'segoff merge in - > /dev/full'
t_sh 'segoff merge --json --dry-run in > /dev/full'

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# gzip and zstd: recognised by their bytes, made by the name.
needs_packing
command -v gzip > /dev/null || skip "gzip is not installed"
command -v zstd > /dev/null || skip "zstd is not installed"
use tcp4-syn in
golden_out tcp4-syn > want
gzip -c in > in.gz
zstd -q -c in > in.zst
cp in.gz no-suffix
for file in in.gz in.zst no-suffix; do
	t segoff split $file out
	same out want
	t_sh "cat $file | segoff split --quiet - out"
	same out want
done
t segoff explain --limit 0 in.gz

t segoff split --quiet in out.gz
gzip -dc out.gz > out
same out want
t segoff split --quiet in out.zst
zstd -q -dc out.zst > out
same out want
t segoff split --quiet in.zst out.gz
gzip -dc out.gz > out
same out want
# standard output has no name
t_sh 'segoff split --quiet in.gz - > out'
same out want

# several members and frames in a row, as 'cat a.gz b.gz' makes
head -c 500 in > first
tail -c +501 in > rest
(gzip -c first; gzip -c rest; head -c 512 /dev/zero) > in.gz
t segoff split --quiet in.gz out
same out want
(zstd -q -c first; zstd -q -c rest) > in.zst
t segoff split --quiet in.zst out
same out want
rm -f first rest no-suffix out.gz out.zst

# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2016 # expanded later
# File names that are allowed and that nobody expects.
use tcp4-syn in
golden_out tcp4-syn > want
cp in ./-in
for name in 'a name with spaces' "it's" '%s%n%d' '*' ; do
	cp in "$name"
	t segoff split --quiet "$name" "$name.out"
	same "$name.out" want
	rm "$name" "$name.out"
	t segoff split "$name" out
done
t segoff split --quiet ./-in out
same out want
t segoff split --quiet -- -in out
# as long as a name may be: a temporary name beside it must not be longer
LONG=$(printf '%0255d' 0)
export LONG
t_sh 'segoff split --quiet in "$LONG"'
t_sh 'cmp "$LONG" want && rm "$LONG"'

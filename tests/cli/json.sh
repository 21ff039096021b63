# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# --json: one object in one line; names and values that scripts rely on.
needs_packing
use sum-wrong in
t_sh 'segoff split --json in out | tool object'
use udp4-unsure udp
t_sh 'segoff split --json udp out.gz | tool object'
use snaplen in
t_sh 'segoff split --json --dry-run in | tool object'
use vnet-refused-tun in
t_sh 'segoff split --vnet-hdr --json in out | tool object'
t segoff split --json udp out

# an error is no report
t segoff split --json missing out

# more packets to be named than anybody reads: 1000 are
use udp4-unsure udp
tool records udp > offsets
# shellcheck disable=SC2046 # numbers
set -- $(cat offsets)
head -c "$1" udp > many
i=0
while [ $i -lt 1001 ]; do
	tail -c +$(($1 + 1)) udp | head -c $(($2 - $1))
	i=$((i + 1))
done >> many
t_sh 'segoff split --json many out | python3 -c "
import json, sys
report = json.load(sys.stdin)
print(report[\"left_alone\"], len(report[\"notes\"]), report[\"notes\"][-1])"'
rm -f offsets many udp out.gz

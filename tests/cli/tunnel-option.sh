# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# --tunnel: what it takes and what it does not, and what it is for.
use tunnel-vxlan-port in
for value in '' vxlan vxlan= vxlan=0 vxlan=65536 vxlan=1x =4789 esp=500 \
	VXLAN=5555 vxlan-gp=4790 fou=7777; do
	t segoff split --tunnel "$value" in out
done
t segoff split --tunnel
t segoff merge --tunnel nothing=1 in out
t segoff explain --tunnel nothing=1 in
# without it a large UDP packet, with it a superpacket; the last kind counts
t segoff split --mss 1460 in out
t segoff split --mss 1460 --tunnel geneve=5555 --tunnel vxlan=5555 in out
golden_out tunnel-vxlan-port > want
same out want
for kind in vxlan vxlan-gpe geneve gue mpls fou-ip4 fou-ip6 fou-gre; do
	t segoff split --quiet --tunnel $kind=65535 in out
done
# before a well-known one
use tunnel-vxlan in
t_sh 'segoff explain in | grep "^layers"'
t_sh 'segoff explain --tunnel mpls=4789 in | grep "^layers"'
t_sh 'segoff explain --tunnel mpls=4788 in | grep "^layers"'
# so many and no more
ports() {
	seq "$1" | sed 's/^/--tunnel vxlan=/'
}
# shellcheck disable=SC2046 # many words
t_sh "segoff split --quiet $(ports 64 | tr '\n' ' ') in out"
t_sh "segoff split --quiet $(ports 65 | tr '\n' ' ') in out 2>&1"
t segoff merge --check --tunnel vxlan=5555 out

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Packets in tunnels, merged and split again; a virtio_net_hdr knows one UDP
# tunnel, so others stay as they are.
for name in tunnel-vxlan-sum tunnel-vxlan-ipv6 tunnel-geneve tunnel-gre-sum-key \
	tunnel-ipip tunnel-nested tunnel-nested-vxlan tunnel-remote-sum; do
	golden_out $name > in
	echo $name
	t segoff merge --check in
	for size in 24 10; do
		t segoff merge --vnet-hdr=$size in host
		segoff split --quiet --vnet-hdr=$size host again
		same again in
	done
done
golden_out tunnel-vxlan-port > in
t segoff merge --dry-run in
t segoff merge --dry-run --tunnel vxlan=5555 in
t segoff merge --check --tunnel vxlan=5555 in
t_sh 'segoff explain --merge --tunnel vxlan=5555 in | grep "^merge"'

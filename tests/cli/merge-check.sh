# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# merge --check: segmentation gives every packet back that was merged, of all
# captures there are.
for path in "$CAPTURES"/*.pcap* "$GOLDEN"/*.in.* "$GOLDEN"/*.out.*; do
	echo "# $(basename "$path")"
	for how in '' --vnet-hdr '--max-size 300000' '--batch 3'; do
		# shellcheck disable=SC2086 # words
		segoff merge --check --udp $how "$path" ||
			echo "$how: status $?"
	done | uniq
done

# The rules of Linux let a packet with IPv4 options pass what is held.
python3 - > passes << 'END'
import os
import sys
sys.path.insert(0, os.environ["GOLDEN"])
from maker import cut
from maker.files import Pcap, Record
from maker.flow import Flow
f, file = Flow(), Pcap()
one, two = cut.tcp(f.a(2000), 1000)
between = one.but(payload=b"", ip_options=b"\x94\x04\0\0")
sys.stdout.buffer.write(file.begin() + b"".join(
    file.packet(p.bytes(), Record()) for p in (one, between, two)))
END
t segoff merge --check passes
t segoff merge --check --profile linux passes
t_sh 'segoff merge --check --profile=linux --json passes | tool object check'
t segoff merge --check --profile linux --quiet passes
rm passes

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# merge's options: what each does, what is taken and what is not.
use merge-tcp4 in
t segoff merge
t segoff merge in
t segoff merge --dry-run
t segoff merge --check
t segoff merge in out more
t segoff merge --mtu 1500 in out
for option in '--max-size 575' '--max-size 524281' '--batch 1' '--batch 4097' \
	'--timeout -1' '--timeout' '--timeout=' '--timeout .5' '--timeout 1.' \
	'--timeout 1e3' '--timeout 1000001' '--timeout 99999999999999999999' \
	'--profile=Linux' '--profile=' '--vnet-hdr=11' '--udp=yes'; do
	# shellcheck disable=SC2086 # words
	t segoff merge in out $option
done
for option in '--max-size 576' '--max-size 524280' '--max-size 3000' \
	'--batch 2' '--batch 5' '--batch 4096' '--profile linux' \
	'--profile default' --vnet-hdr=24 '--timeout 1000000'; do
	# shellcheck disable=SC2086 # words
	t segoff merge --dry-run in $option
done

# Packets a millisecond apart.
python3 - > paced << 'END'
import os
import sys
sys.path.insert(0, os.environ["GOLDEN"])
from maker import cut
from maker.files import Pcap, Record
from maker.flow import Flow
file = Pcap()
sys.stdout.buffer.write(file.begin() + b"".join(
    file.packet(p.bytes(), Record(time=1000 * k))
    for k, p in enumerate(cut.tcp(Flow().a(12000), 1000))))
END
for seconds in 0 0.0009999 0.001 0.002 0.003999 1 0.011000000000; do
	t segoff merge --dry-run --timeout $seconds paced
done
rm in paced

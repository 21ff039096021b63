# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Values of options: what is taken and what is not, at every border.
use tcp4-nothing-to-do in
for value in 67 1048577 0 -1 '' ' 1500' '1500 ' +1500 0x5dc 1500x 1e3 \
	18446744073709553116; do
	t segoff split --mtu "$value" in out
done
t segoff split --mtu 68 --quiet in out
t segoff split --mtu 1048576 --quiet in out
t segoff split --mss 0 in out
t segoff split --mss 65536 in out
t segoff split --mss 65535 --quiet in out
t segoff split --udp-size 0 in out
t segoff split --udp-size 65508 in out
t segoff split --udp-size 65507 --quiet in out
t segoff split --vnet-hdr=11 in out
t segoff split --vnet-hdr= in out
t segoff split --vnet-hdr=10x in out
t segoff split --checksum= in out
t segoff split --checksum=Keep in out
t segoff split --checksum=complete --quiet in out
t segoff explain --mtu 67 in
t segoff explain --limit 10001 in
t segoff explain --limit -1 in
t segoff explain --vnet-hdr=13 in

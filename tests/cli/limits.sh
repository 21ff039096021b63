# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# --mtu N: no IP packet above N bytes is made, whatever else is said.
use tcp6-syn six
use tcp4-syn four
use udp4-size udp
t segoff split --quiet --mtu 1280 six out
tool largest six out 1280
t segoff split --quiet --mtu 576 --mss 1460 four out
tool largest four out 576
t segoff split --quiet --mtu 68 four out
tool largest four out 68
t segoff split --quiet --mtu 1500 --udp-size 1472 udp out
tool largest udp out 1500

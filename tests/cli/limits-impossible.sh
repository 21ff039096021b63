# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Headers alone exceed the MTU, or options contradict each other: an error, or
# the packet is left alone and counted; but nothing above the MTU is made.
try() { # MTU IN OPTIONS...
	n=$1 in=$2
	shift 2
	rm -f out
	segoff split --quiet --mtu "$n" "$@" "$in" out > said 2>&1
	status=$?
	echo "--mtu $n $*: $(tool largest "$in" out "$n" $status)"
}
use tcp6-syn six
use tcp4-syn four
use tcp6-mtu lone
use tcp4-ip-options options
use udp4-size udp
try 68 six
try 91 six
try 68 lone
try 71 lone
try 68 options
try 1500 udp --udp-size 1473
try 576 four --mss 1
rm -f out said

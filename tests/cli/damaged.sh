# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Numbers in the middle of a file that cannot be: what is before is written.

# patch FILE OFFSET BYTES: split a copy with these bytes in it
patch() {
	cp "$1" patched
	printf '%b' "$3" | dd of=patched bs=1 seek="$2" conv=notrunc status=none
	t segoff split --quiet patched out
	same out want
	rm out
}

use tcp4-syn pcap
tool records pcap > offsets
# shellcheck disable=SC2046 # numbers
set -- $(cat offsets)
head -c "$3" pcap > whole
segoff split --quiet whole want
patch pcap $(($3 + 8)) '\0377\0377\0377\0377'	# captured length
patch pcap $(($3 + 8)) '\01\0\0\01'

use ng-options pcapng
tool records pcapng > offsets
# shellcheck disable=SC2046 # numbers
set -- $(cat offsets)
head -c "$4" pcapng > whole
segoff split --quiet whole want
patch pcapng $(($4 + 4)) '\0\0\0\0'		# block size
patch pcapng $(($4 + 4)) '\015\0\0\0'
patch pcapng $(($4 + 4)) '\0\0\0\0377'
patch pcapng $(($5 - 4)) '\0\0\0\0'		# block size at its end
patch pcapng $(($4 + 8)) '\07\0\0\0'		# interface
patch pcapng $(($4 + 20)) '\0377\0377\0\0'	# captured length
rm -f want whole offsets patched

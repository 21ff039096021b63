# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A file that breaks off: what is before is written, one line says where.

# cut FILE SIZE REST: split the first SIZE bytes; the output must be that of
# a file that ends properly with the last record before
cut() {
	head -c "$2" "$1" > broken
	head -c "$3" "$1" > whole
	segoff split --quiet whole want > "$SCRATCH/1" 2>&1
	t segoff split --quiet broken out
	same out want
	rm -f broken whole want out
}

use tcp4-syn pcap
tool records pcap > offsets
# shellcheck disable=SC2046 # numbers
set -- $(cat offsets)
cut pcap $(($1 + 1)) "$1"	# in the header of packet 1
cut pcap $(($3 + 15)) "$3"
cut pcap $(($3 + 16)) "$3"	# no byte of packet 3
cut pcap $(($4 - 1)) "$3"	# its last byte
cut pcap "$4" "$4"		# nothing is missing

use ng-options pcapng
tool records pcapng > offsets
# shellcheck disable=SC2046 # numbers
set -- $(cat offsets)
cut pcapng $(($2 + 7)) "$2"	# in the interface block
cut pcapng $(($3 + 3)) "$3"	# in the type of the first packet's block
cut pcapng $(($5 + 50)) "$5"
cut pcapng $(($6 - 1)) "$5"	# its last byte

# the report goes with it
head -c 1000 pcap > broken
t segoff split broken out
t_sh 'segoff split --json broken out | tool object error'
t segoff split --dry-run broken
t segoff explain --limit 1 broken
t_sh 'segoff explain --json broken | tool object error'

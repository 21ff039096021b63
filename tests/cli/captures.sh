# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Reports on real traffic.
for path in "$CAPTURES"/*.pcap*; do
	file=$(basename "$path")
	cp "$path" "$file"
	t segoff split "$file" out
	case $file in udp*)
		t_sh "segoff split --udp-size 1200 $file out | grep -v '^read'"
		;;
	esac
	rm "$file" out
done

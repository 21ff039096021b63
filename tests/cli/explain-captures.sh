# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Real traffic: where it was captured, and what is said of it.
for path in "$CAPTURES"/*.pcap*; do
	cp "$path" .
	file=$(basename "$path")
	t_sh "segoff explain --limit 1 $file | grep '^[# ]'"
	t_sh "segoff explain --json $file |
	tool object packets capture_point counts attention"
	rm "$file"
done

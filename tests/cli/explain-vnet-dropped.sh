# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What split does not write, explain does not call normal. All records of
# these but the last are refused or cannot be segmented.
for name in vnet-refused vnet-tunnel; do
	use $name $name
	size=10
	[ $name = vnet-tunnel ] && size=24
	segoff split --vnet-hdr=$size --json $name out > report
	tool object packets_read left_alone refused < report
	segoff explain --vnet-hdr=$size --json $name > report
	tool object attention < report
	segoff explain --vnet-hdr=$size --limit 100 $name | grep ' 0 segments'
	rm $name out report
done

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Oddities, with the reason why each is normal or not, and the verdict.
for name in tcp4-syn tcp6-syn tcp4-receiver tcp4-nothing-to-do \
	tcp4-neighbours sum-seed udp4-unsure udp4-neighbours padding fragments \
	big-tcp6-jumbo ng-sections; do
	use $name $name
	t segoff explain $name
	rm $name
done
# what is said of others, without the frame around it
for name in length-zero length-20 snaplen sum-wrong sum-tcp-zero sum-ipv4-zero \
	udp4-tunnel left-protocols; do
	use $name $name
	t_sh "segoff explain $name | grep '^#'"
	rm $name
done

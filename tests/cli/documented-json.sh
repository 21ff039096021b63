# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2016 # expanded later
# The manual names every member of the JSON objects.
use tcp4-syn in
head -c 1000 in > broken
MANUAL=$CLI/../../man/segoff.1
export MANUAL
for command in 'split --json broken out' 'explain --json --merge broken'; do
	t_sh "segoff $command 2> said |
	tool manual_keys ${command%% *} \"\$MANUAL\""
done
# there is an output or a check
t_sh 'segoff merge --json --check broken 2> said |
	sed "s/\"dry_run\"/\"output\":\"\",&/" |
	tool manual_keys merge "$MANUAL"'
# streams over loopback
t_sh 'segoff recv --json --seconds 20 47011 > got & \
	while ! grep -qs :B7A3 /proc/net/udp /proc/net/udp6; do sleep 0.1; done
	segoff send --json --count 10 127.0.0.1:47011 > sent; wait
	tool manual_keys send "$MANUAL" < sent; tool manual_keys recv "$MANUAL" < got'
t_sh 'segoff doctor udp --json 127.0.0.1:47011 > said
	tool manual_keys doctor "$MANUAL" < said'
t_sh 'segoff bench udp --json --seconds 1 > said
	tool manual_keys bench "$MANUAL" < said'
rm -f out said sent got

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
rm -f out said

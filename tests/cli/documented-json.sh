# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The manual names every member of the JSON objects.
use tcp4-syn in
head -c 1000 in > broken
MANUAL=$CLI/../../man/segoff.1
export MANUAL
for command in 'split --json broken out' 'explain --json broken'; do
	t_sh "segoff $command 2> said |
	tool manual_keys ${command%% *} \"\$MANUAL\""
done
rm -f out said

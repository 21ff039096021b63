# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# explain tells what it has seen so far.
t_sh 'tool interrupt read SIGINT segoff explain - |
	grep -v "^[#. ]" | sed "s/(.*)/(why)/; s/point .*(/point POINT (/"'
t_sh 'tool interrupt read SIGINT segoff explain --json - |
	grep -o "^[^{].*\|\"error.*"'

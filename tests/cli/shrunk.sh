# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Somebody else writes the input anew while it is read.
mkfifo fifo
python3 "$CLI/tool/flood.py" 30 > in
t_sh 'tool shrink in fifo segoff split --quiet in fifo 2>&1 | sed "s/;.*//"'
rm in

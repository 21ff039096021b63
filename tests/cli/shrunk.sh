# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Somebody else writes the input anew while it is read. Of 30 MB a part of
# 8 MB is mapped just then. One line, no litter, and what was there stays.
needs_packing
mkfifo fifo
python3 "$CLI/tool/flood.py" 30 > in
cp in whole
t tool shrink in fifo segoff split --quiet in fifo
cp whole in
t tool shrink in . segoff split in new.gz
cp whole in
echo precious > old.gz
t tool shrink in . segoff split in old.gz
cat old.gz
rm in whole

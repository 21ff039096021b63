# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# --dry-run: the same report and status, and nothing is written.
use tcp4-syn in
t segoff split --dry-run in
t segoff split --dry-run in out
echo precious > old
t segoff split --dry-run in old
cat old
t_sh 'segoff split --dry-run in - | tail -n 1'
t_sh 'segoff split --dry-run - < in | tail -n 1'
t segoff split --dry-run in missing/out
use udp4-unsure in
t segoff split --dry-run in
t segoff split --dry-run missing

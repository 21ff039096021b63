# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# --quiet: nothing but errors, and the status.
use udp4-unsure in
t segoff split --quiet in out
t segoff split -q in out
t segoff split --quiet missing out
t_sh 'segoff split --quiet in - > out'

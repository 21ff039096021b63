# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A variable that was not set, as a script may have it.
use tcp4-syn in
t segoff split in ''
t segoff split '' out
t segoff explain ''

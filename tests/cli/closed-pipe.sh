# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The reader of our output goes away, or never was there.
use tcp4-syn in
t tool unread segoff split in -
t tool unread segoff explain in
t tool unread segoff explain --json in
t_sh '{ tool flood 4 | segoff split - -
	echo "status $?" >&2; } | head -c 100 | wc -c'
t_sh '{ tool flood 4 | segoff split --quiet - /dev/stdout
	echo "status $?" >&2; } | head -c 100 | wc -c'

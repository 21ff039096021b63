# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# More files than there are places: the one that is too many is named.
t segoff split in out more
t segoff split --dry-run in out more
t segoff explain in more

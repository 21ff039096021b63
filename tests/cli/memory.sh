# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Memory does not grow with the file.
needs_packing
t tool memory large segoff split --quiet - -
t tool memory large segoff split --quiet --spread - -
t tool memory small segoff split --quiet - -
t tool memory large segoff split --quiet - out.gz
t tool memory large segoff split --quiet - out.zst
rm out.gz out.zst
t tool memory small segoff explain --quiet -

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Of letters behind one dash the wrong one is named, wherever it stands.
t segoff split -xq in out
t segoff explain -xq in

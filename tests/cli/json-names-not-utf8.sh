# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A file name that is not UTF-8: what is no character is shown as one
# (U+FFFD), or the object could not be read.
use tcp4-nothing-to-do in
name=$(printf 'a\377b')
mv in "$name"
segoff split --json --dry-run "$name" 2>&1 | tool object input 2>&1 | tail -n 3
segoff explain --json "$name" 2>&1 | tool object input 2>&1 | tail -n 3
rm "$name"

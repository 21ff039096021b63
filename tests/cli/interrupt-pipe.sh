# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Ctrl-C when the output is a pipe: some of it was written, and it says so.
t tool interrupt read SIGINT sh -c 'exec segoff split - - > part'
test -s part && echo 'part of it was written'
rm part

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The line to the terminal breaks: whatever is said, no litter stays. (The
# list of files below is empty.)
tool interrupt read SIGHUP segoff split - out > "$SCRATCH/1"

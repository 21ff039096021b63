# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Ctrl-C in the middle: status 130, one line, no file, no litter.
needs_packing
echo precious > old
for signal in SIGINT SIGTERM; do
	t tool interrupt read $signal segoff split - out
	t tool interrupt read $signal segoff split - old
	t tool interrupt read $signal segoff split - out.gz
	t tool interrupt read $signal segoff split --quiet - out.zst
	t tool interrupt read $signal segoff split --dry-run -
done
cat old

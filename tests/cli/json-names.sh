# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# File names may hold anything but '/' and 0; JSON is UTF-8 all the same.
use tcp4-nothing-to-do in
for name in 'q"uote' 'back\slash' "$(printf 'tab\tnew\nline')" \
	"$(printf 'esc\033[31m')" "$(printf 'del\177')" \
	"$(printf '\303\244\342\202\254')"; do
	cp in "$name"
	segoff split --json --dry-run "$name" | tool object input
	segoff explain --json "$name" | tool object input
	rm "$name"
done

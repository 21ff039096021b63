# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A message is one line, and does not steer the terminal, whatever the name.
for name in "$(printf 'two\nlines')" "$(printf 'red\033[31m')" \
	"$(printf 'back\rwards')"; do
	segoff split "$name" out 2> said
	echo "status $?, lines: $(wc -l < said)," \
		"control characters: $(tr -d '\n -~' < said | wc -c)"
	segoff "$name" 2> said
	echo "status $?, lines: $(wc -l < said)," \
		"control characters: $(tr -d '\n -~' < said | wc -c)"
done
rm said

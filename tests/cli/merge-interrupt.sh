# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Ctrl-C during merge: status 130, one line, no file, no litter.
echo precious > old
for signal in SIGINT SIGTERM; do
	t tool interrupt read $signal segoff merge - out
	t tool interrupt read $signal segoff merge - old
	t tool interrupt read $signal segoff merge --check -
done
cat old
t tool interrupt open SIGINT segoff merge - out
t tool interrupt write SIGINT segoff merge - -
t tool interrupt read SIGINT sh -c 'exec segoff merge - - > part'
rm part

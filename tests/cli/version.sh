# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The number changes with each release, the form does not.
for option in --version -V; do
	t_sh "segoff $option | sed -E 's/[0-9]+\.[0-9]+\.[0-9]+$/NUMBER/'"
done

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A live capture through a pipe: packets are not held back for long.
use tcp4-syn in
t tool live 12 in segoff split --quiet - -
use udp4-neighbours in
t tool live 6 in segoff split --quiet - -

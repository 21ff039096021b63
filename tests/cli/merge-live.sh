# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A live capture through a pipe, and a long one: packets are not held back, and
# memory does not grow.
use tcp4-nothing-to-do in
t tool live 3 in segoff merge --quiet - -
t tool memory large segoff merge --quiet - -
t tool memory small segoff merge --quiet --udp --vnet-hdr - -
t tool memory small segoff merge --quiet --check -

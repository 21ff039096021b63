# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2016 # expanded later
# What one place documents, the others do.
t_sh 'tool documented "$CLI/../.."'

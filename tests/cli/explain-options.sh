# SPDX-License-Identifier: MIT
# shellcheck shell=sh
use sum-seed in
t segoff explain --limit 2 in
t segoff explain --limit 0 in
use tcp4-jumbo in
t segoff explain in
t segoff explain --mtu 9000 in
t segoff explain --quiet --limit 0 in

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Ctrl-C before the first byte: 'segoff split - out' typed without a pipe.
t tool interrupt open SIGINT segoff split - out
t tool interrupt open SIGINT segoff explain -
mkfifo fifo
t tool interrupt fifo SIGINT segoff split fifo out
use tcp4-syn in
t tool interrupt fifo SIGINT segoff split in fifo

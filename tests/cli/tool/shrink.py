# SPDX-License-Identifier: MIT
"""shrink.py FILE FIFO COMMAND... - cut FILE to 1000 bytes while the command,
which writes to FIFO, is in the middle of it"""
import os
import subprocess
import sys


def main(name, fifo, *args):
    with subprocess.Popen(args) as p:
        with open(fifo, "rb") as f:
            f.read(1)          # it is on its way, and has to wait for us
            os.truncate(name, 1000)
            while f.read(1 << 20):
                pass
        p.wait()
    print(f"status {p.returncode}")


main(*sys.argv[1:])

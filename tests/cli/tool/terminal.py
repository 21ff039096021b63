# SPDX-License-Identifier: MIT
"""terminal.py out|err|both [--slow] COMMAND... - run it with a terminal as
standard output, standard error or both; show what the terminal got

Escape and carriage return are shown as \\e and \\r, progress lines as
(progress). With --slow a long capture comes on standard input, with a pause
long enough for a progress line.
"""
import os
import pty
import re
import select
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PAUSE = 1.5                    # a progress line comes after one second


def feed(pipe):
    """Two halves of a capture of enough packets."""
    flood = subprocess.run([sys.executable, os.path.join(HERE, "flood.py"),
                            "20", "small"], stdout=subprocess.PIPE,
                           check=True).stdout
    half = len(flood) // 2
    try:
        pipe.write(flood[:half])
        pipe.flush()
        time.sleep(PAUSE)
        pipe.write(flood[half:])
        pipe.close()
    except BrokenPipeError:
        pass


def shown(b):
    text = b.decode(errors="replace").replace("\r\n", "\n")
    text = text.replace("\r", "\\r").replace("\033", "\\e")
    # how often the line is written anew depends on the machine
    return re.sub(r"(\\r[\d.]+ [a-zA-Z]+, [\d.]+ [a-zA-Z]+/s\\e\[K)+",
                  "(progress)", text)


def read_all(master):
    got = b""
    while True:
        select.select([master], [], [])
        try:
            part = os.read(master, 65536)
        except OSError:        # the other side is closed
            return got
        if not part:
            return got
        got += part


def main(where, *args):
    slow = args[0] == "--slow"
    args = args[slow:]
    master, slave = pty.openpty()
    files = {"stdout": slave if where in ("out", "both") else
             subprocess.DEVNULL,
             "stderr": slave if where in ("err", "both") else
             subprocess.DEVNULL}
    with subprocess.Popen(args, stdin=subprocess.PIPE, **files) as p:
        os.close(slave)
        if slow:
            threading.Thread(target=feed, args=(p.stdin,)).start()
        else:
            p.stdin.close()
        got = read_all(master)
        status = p.wait()
    print(shown(got), end="")
    print(f"status {status}")


main(*sys.argv[1:])

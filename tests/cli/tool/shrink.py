# SPDX-License-Identifier: MIT
"""shrink.py FILE OUT COMMAND... - cut FILE to 1000 bytes while the command,
which writes to OUT, is in the middle of it

OUT is a named pipe, or the folder of a file that is not yet complete.
"""
import glob
import os
import signal
import subprocess
import sys
import time

ATTEMPTS = 100                 # it may be done before we look


def shrink(pid, name):
    """Only what is mapped makes this a test: a part of it, and a large one."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as f:
        parts = [line.split()[0].split("-") for line in f
                 if line.rstrip().endswith("/" + name)]
    if sum(int(end, 16) - int(start, 16) for start, end in parts) < 4000000:
        print(f"{name} is not mapped")
    os.truncate(name, 1000)


def behind_pipe(name, fifo, args):
    with subprocess.Popen(args) as p:
        with open(fifo, "rb") as f:
            f.read(1)          # it is on its way, and has to wait for us
            shrink(p.pid, name)
            while f.read(1 << 20):
                pass
    return p.returncode


def begun(folder):
    """Is there some of a file that has not got its name?"""
    try:
        return any(os.path.getsize(path)
                   for path in glob.glob(os.path.join(folder, ".segoff-*")))
    except FileNotFoundError:  # it has got it just now
        return False


def halt(p, folder):
    """Stop it in the middle. Returns False if it was done before."""
    while not begun(folder):
        if p.poll() is not None:
            return False
        time.sleep(0.001)
    os.kill(p.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, p.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return begun(folder)


def beside_file(name, folder, args):
    for _ in range(ATTEMPTS):
        with subprocess.Popen(args) as p:
            halted = halt(p, folder)
            if halted:
                shrink(p.pid, name)
            p.send_signal(signal.SIGCONT)
        if halted:
            return p.returncode
    sys.exit("it was always done before")


def main(name, out, *args):
    work = beside_file if os.path.isdir(out) else behind_pipe
    print(f"status {work(name, out, args)}")


main(*sys.argv[1:])

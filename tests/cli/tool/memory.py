# SPDX-License-Identifier: MIT
"""memory.py large|small COMMAND... - does its memory grow with its input?

It gets 30 and 300 MB of large or small packets through a pipe. When all is
taken and it waits for more, the most memory it had (VmHWM) is read. It must be
below 32 MB (with a sanitizer, which has its own, below 256 MB), and 300 MB may
not take more than 4 MB above what 30 MB take.
"""
import array
import fcntl
import os
import subprocess
import sys
import termios
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MB = 1024
GROWTH = 4 * MB


def waiting_bytes(fd):
    n = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, n)
    return n[0]


def state_and_peak(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        lines = dict(line.split(":", 1) for line in f)
    return lines["State"].split()[0], int(lines.get("VmHWM", "0 kB").split()[0])


# A sanitizer keeps what was freed; that is not our memory.
ENV = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") +
           ":quarantine_size_mb=1")


def peak(kind, args, megabytes):
    with subprocess.Popen(args, stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, env=ENV) as p:
        flood = subprocess.Popen([sys.executable,
                                  os.path.join(HERE, "flood.py"),
                                  str(megabytes), kind], stdout=p.stdin)
        flood.wait()
        state = ""
        while state not in ("S", "Z") or waiting_bytes(p.stdin):
            time.sleep(0.01)
            state, most = state_and_peak(p.pid)
        p.stdin.close()
        status = p.wait()
    if status:
        sys.exit(f"status {status}")
    return most


def sanitized(program):
    path = next(os.path.join(d, program) for d in
                os.environ["PATH"].split(":")
                if os.path.exists(os.path.join(d, program)))
    with open(path, "rb") as f:
        return b"__asan_init" in f.read()


def main(kind, *args):
    limit = 256 * MB if sanitized(args[0]) else 32 * MB
    small, large = peak(kind, args, 30), peak(kind, args, 300)
    print("it is flat" if large - small <= GROWTH else
          f"it grows: {small} kB for 30 MB, {large} kB for 300 MB")
    print("it is small" if large <= limit else f"it is large: {large} kB")


main(*sys.argv[1:])

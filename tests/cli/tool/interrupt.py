# SPDX-License-Identifier: MIT
"""interrupt.py WHEN SIGNAL COMMAND... - send it a signal while it waits

WHEN is what it waits for at that moment:
    open     the first byte of its standard input
    read     more of its standard input, of which some was read
    write    somebody to read its standard output
    fifo     the other end of a named pipe
Shows its status and messages. It has come to wait when it sleeps and has taken
all there was: for read that is more than it takes before it begins its output.
"""
import array
import fcntl
import os
import signal
import subprocess
import sys
import termios
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 20                     # seconds until it counts as hanging


def flood():
    return subprocess.run([sys.executable, os.path.join(HERE, "flood.py"),
                           "4"], stdout=subprocess.PIPE, check=True).stdout


def waiting_bytes(fd):
    n = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, n)
    return n[0]


def sleeps(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        return f.read().rpartition(")")[2].split()[0] == "S"


def until(true):
    """Three times in a row, or it may be on its way to something else."""
    end = time.monotonic() + LIMIT
    row = 0
    while row < 3:
        row = row + 1 if true() else 0
        if time.monotonic() > end:
            sys.exit("it never came to wait")
        time.sleep(0.01)


def feed(pipe, b, close):
    try:
        pipe.write(b)
        pipe.flush()
        if close:
            pipe.close()
    except BrokenPipeError:
        pass


def main(when, name, *args):
    # what runs behind '&' or nohup ignores some signals; so would the command
    signal.signal(getattr(signal, name), signal.SIG_DFL)
    with subprocess.Popen(
            args, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if when == "write" else None,
            stderr=subprocess.PIPE) as p:
        if when == "read":
            b = flood()
            feed(p.stdin, b[:2000000], False)
            until(lambda: sleeps(p.pid) and not waiting_bytes(p.stdin))
        elif when == "write":
            threading.Thread(target=feed, args=(p.stdin, flood(), True),
                             daemon=True).start()
            until(lambda: sleeps(p.pid) and waiting_bytes(p.stdout) >= 4096)
        else:
            until(lambda: sleeps(p.pid) and not waiting_bytes(p.stdin))
        p.send_signal(getattr(signal, name))
        try:
            p.wait(LIMIT)
        except subprocess.TimeoutExpired:
            p.kill()
            print("it goes on waiting")
        for line in p.stderr.read().decode().splitlines():
            print(line)
        print(f"status {p.wait()}", flush=True)
        os._exit(0)            # the thread may still want to feed


main(*sys.argv[1:])

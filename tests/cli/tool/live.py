# SPDX-License-Identifier: MIT
"""live.py PACKETS FILE COMMAND... - give it the capture FILE on a pipe that
stays open; say whether so many packets come out all the same

As behind tcpdump on a quiet line. Then the pipe is closed, and the rest must
be what is at the end of a file. Little-endian pcap.
"""
import os
import select
import struct
import subprocess
import sys

LIMIT = 20                     # seconds until it counts as holding back


def count(b):
    """Whole packets in what came out."""
    at, n = 24, 0
    while at + 16 <= len(b):
        at += 16 + struct.unpack_from("<I", b, at + 8)[0]
        n += at <= len(b)
    return n


def main(packets, name, *args):
    packets = int(packets)
    with open(name, "rb") as f:
        capture = f.read()
    with subprocess.Popen(args, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as p:
        p.stdin.write(capture)
        p.stdin.flush()
        got = b""
        while count(got) < packets:
            if not select.select([p.stdout], [], [], LIMIT)[0]:
                print(f"{count(got)} of {packets} packets came out")
                break
            part = os.read(p.stdout.fileno(), 1 << 20)
            if not part:
                break
            got += part
        else:
            print("all packets came out while the pipe was open")
        p.stdin.close()
        got += p.stdout.read()
    print(f"status {p.returncode}, {count(got)} packets")


main(*sys.argv[1:])

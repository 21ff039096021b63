# SPDX-License-Identifier: MIT
"""largest.py IN OUT N [STATUS] - was an IP packet above N bytes made?

A packet that is as it was in IN does not count if STATUS says that packets
were left alone. Little-endian pcap, Ethernet."""
import os
import struct
import sys


def packets(name):
    with open(name, "rb") as f:
        b = f.read()
    at = 24
    while at < len(b):
        size = struct.unpack_from("<I", b, at + 8)[0]
        yield b[at + 16 + 14:at + 16 + size]
        at += 16 + size


def main(source, made, limit, status="0"):
    if not os.path.exists(made):
        return f"nothing above {limit} was made" if status == "2" else \
            f"no output (status {status})"
    kept = set(packets(source)) if status == "3" else set()
    large = [len(p) for p in packets(made)
             if len(p) > int(limit) and p not in kept]
    if large:
        return f"{len(large)} packets above {limit}, the largest of " \
               f"{max(large)} bytes (status {status})"
    return f"nothing above {limit} was made"


print(main(*sys.argv[1:]))

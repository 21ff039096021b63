# SPDX-License-Identifier: MIT
"""records.py FILE - where the records of a capture begin: one number a line,
and the size of the file at the end. Little-endian pcap and pcapng."""
import struct
import sys


def starts(b):
    if b[:4] == b"\x0a\x0d\x0d\x0a":
        at = 0
        while at < len(b):
            yield at
            at += struct.unpack_from("<I", b, at + 4)[0]
    else:
        at = 24
        while at < len(b):
            yield at
            at += 16 + struct.unpack_from("<I", b, at + 8)[0]
    yield len(b)


with open(sys.argv[1], "rb") as f:
    print("\n".join(map(str, starts(f.read()))))

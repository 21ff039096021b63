# SPDX-License-Identifier: MIT
"""flood.py MEGABYTES [small] - a pcap file on standard output

TCP superpackets of 60,000 bytes (small: 600) of many flows with partial
checksums, and ACKs of one.
"""
import os
import struct
import sys

sys.path.insert(0, os.environ["GOLDEN"])

# pylint: disable=wrong-import-position
from maker.files import Pcap, Record
from maker.flow import Flow
from maker.wire import ACK, PSH

PORT_AT = 16 + 14 + 20         # in a record, behind Ethernet and IPv4


def template(n):
    """Some records."""
    f, file = Flow(), Pcap()
    frames = [f.a(n, PSH | ACK).bytes(), f.b().bytes()] * 8
    return b"".join(file.packet(frame, Record(10**15)) for frame in frames)


def starts(b):
    at = 0
    while at < len(b):
        yield at
        at += 16 + struct.unpack_from("<I", b, at + 8)[0]


def main(megabytes, kind="large"):
    out = sys.stdout.buffer
    out.write(Pcap().begin())
    records = bytearray(template(600 if kind == "small" else 60000))
    places = list(starts(records))
    for turn in range(int(megabytes) * 1000000 // len(records) + 1):
        for n in range(0, len(places), 2):
            # the port is no part of the pseudo header: seeds stay right
            struct.pack_into("!H", records, places[n] + PORT_AT,
                             (turn * 8 + n) & 0xffff)
        out.write(records)
    out.flush()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

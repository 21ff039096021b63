# SPDX-License-Identifier: MIT
"""Capture files: pcap, and pcapng as the draft describes it."""
import struct
from dataclasses import dataclass

ETHERNET, RAW, LOOP, SLL, USER0, IPV4, IPV6, SLL2 = \
    1, 101, 108, 113, 147, 228, 229, 276
NULL = 0

# pcapng block types
SECTION, INTERFACE, OLD, SIMPLE, NAMES, STATISTICS, ENHANCED = \
    0x0a0d0d0a, 1, 2, 3, 4, 5, 6
SECRETS, CUSTOM, CUSTOM_NO_COPY = 10, 0x00000bad, 0x40000bad

# options
COMMENT, FLAGS, HASH, DROPS, PACKET_ID, QUEUE, VERDICT, PROCESS = \
    1, 2, 3, 4, 5, 6, 7, 8
IF_NAME, IF_TSRESOL, IF_TSOFFSET = 2, 9, 14
CUSTOM_STRING = 2988

# epb_flags
NOT_READY, VALID, PENDING = 0x200, 0x400, 0x800

# Options that hold for every segment of a packet.
FOR_EACH = {FLAGS, QUEUE, VERDICT, PROCESS}


@dataclass
class Record:
    """What stands beside a frame."""
    time: int = 0              # ticks since 1970
    length: int = None         # on the wire; None: all is there
    interface: int = 0
    kind: int = ENHANCED
    options: list = ()         # (code, bytes)
    drops: int = 0             # obsolete packet block


class Pcap:
    name = "pcap"

    def __init__(self, order="<", nano=False, linktype=ETHERNET,
                 snaplen=262144):
        self.order = order
        self.ticks = 10**9 if nano else 10**6
        self.linktype = linktype
        self.snaplen = snaplen

    def begin(self, linktype=None):
        magic = 0xa1b2c3d4 if self.ticks == 10**6 else 0xa1b23c4d
        return struct.pack(self.order + "IHHiIII", magic, 2, 4, 0, 0,
                           self.snaplen,
                           self.linktype if linktype is None else linktype)

    def packet(self, frame, r):
        length = len(frame) if r.length is None else r.length
        return struct.pack(self.order + "IIII", r.time // self.ticks,
                           r.time % self.ticks, len(frame), length) + frame


def padded(b):
    return b + bytes(-len(b) % 4)


class Pcapng:
    name = "pcapng"
    ticks = 10**6              # of the default interface

    def __init__(self, order="<"):
        self.order = order

    def begin(self, linktype=None):
        """A case writes its section header itself."""
        del linktype
        return b""

    def pack(self, layout, *values):
        return struct.pack(self.order + layout, *values)

    def options(self, options):
        b = b"".join(self.pack("HH", code, len(value)) + padded(value)
                     for code, value in options)
        return b + self.pack("HH", 0, 0) if b else b""

    def block(self, kind, body):
        size = len(padded(body)) + 12
        return (self.pack("II", kind, size) + padded(body) +
                self.pack("I", size))

    def section(self, options=(), length=-1):
        return self.block(SECTION, self.pack("IHHq", 0x1a2b3c4d, 1, 0,
                                             length) + self.options(options))

    def interface(self, linktype=ETHERNET, options=(), snaplen=262144):
        return self.block(INTERFACE, self.pack("HHI", linktype, 0, snaplen) +
                          self.options(options))

    def flags(self, value):
        return FLAGS, self.pack("I", value)

    def packet(self, frame, r):
        length = len(frame) if r.length is None else r.length
        if r.kind == SIMPLE:
            return self.block(SIMPLE, self.pack("I", length) + frame)
        where = self.pack("HH", r.interface, r.drops) if r.kind == OLD else \
            self.pack("I", r.interface)
        return self.block(r.kind, where + self.pack(
            "IIII", r.time >> 32, r.time & 0xffffffff, len(frame), length) +
            padded(frame) + self.options(r.options))

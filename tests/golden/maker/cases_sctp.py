# SPDX-License-Identifier: MIT
"""SCTP: superpackets that are cut between chunks."""
import struct

from .case import Case
from .cut import AUTH, padded
from .files import USER0
from .flow import Flow
from .wire import GOOD, Packet, Sctp, data

DATA, SACK, HEARTBEAT = 0, 3, 4


def chunk(kind, n, start=0):
    """n bytes with its header, and the padding."""
    b = struct.pack("!BBH", kind, 3, n) + data(n - 4, start)
    return b + bytes(padded(n) - n)


def sack():
    """All that was sent arrived: no gaps, no duplicates."""
    return struct.pack("!BBHIIHH", SACK, 0, 16, 1000, 65536, 0, 0)


def heartbeat():
    return struct.pack("!BBHHH", HEARTBEAT, 0, 44, 1, 40) + data(36)


def data_chunks(*lengths):
    return b"".join(chunk(DATA, n, k) for k, n in enumerate(lengths))


def sctp(chunks, version=4, check=0, **l4):
    """By default the CRC32c is left for the device."""
    return Packet(Flow(version).header(1, 2), Sctp(check=check, **l4), chunks)


def plain():
    c = Case("sctp4", "R-SCTP-1 to 3: cut between chunks, as they fill the "
             "MTU; ID counts, every CRC32c is made; what is small stays one")
    c.same(sctp(heartbeat(), check=GOOD))
    c.split(sctp(data_chunks(1468, 1468, 1468)), 1500, "mtu")
    c.split(sctp(data_chunks(700, 700, 64, 20, 17, 1000, 451, 1468, 20)), 1500,
            "mtu")
    c.split(sctp(data_chunks(1000, 1000), check=GOOD), 1500, "mtu", sums=0)
    c.mend(sctp(data_chunks(1468)))
    c.mend(sctp(sack() + data_chunks(21)))
    return c


def authenticated():
    c = Case("sctp6-auth", "R-SCTP-4: no member has two AUTH chunks, even if "
             "there is room; over IPv6, with an MTU that is given",
             args="--mtu 1280")
    key = chunk(AUTH, 28)
    c.split(sctp(key + data_chunks(1200) + key + data_chunks(400, 400) +
                 key + data_chunks(1200), 6), 1280, "mtu")
    c.split(sctp(sack() + key + data_chunks(900, 900), 6), 1280,
            "mtu")
    return c


def kept():
    c = Case("sctp4-keep", "a CRC32c that is left unfinished is zero",
             args="--checksum=keep")
    c.split(sctp(data_chunks(1468, 1468)), 1500, "mtu")
    c.same(sctp(data_chunks(100)))
    return c


def unsaid(name, shows, args):
    """A virtio_net_hdr speaks of sums, and a CRC32c is none."""
    c = Case(name, shows, args="--partial --vnet-hdr" + args,
             to_linktype=USER0)
    c.unsaid += 1
    c.split(sctp(data_chunks(1468, 1468)), 1500, "mtu", header=bytes(10))
    p = sctp(data_chunks(100))
    if c.keep:
        c.same(p, header=bytes(10))
    else:
        c.mend(p, header=bytes(10))
    return c


def left():
    c = Case("sctp-left", "chunks that no packet can carry, lengths of chunks "
             "that cannot be, a CRC32c that is wrong")
    c.left(sctp(data_chunks(100, 1500)), "mtu-limit")
    for n in (0, 3, 2000):
        c.left(sctp(data_chunks(1000, 700) + struct.pack("!BBH", 0, 3, n) +
                    data(96)), "sctp-chunk")
    c.left(sctp(data_chunks(1000, 1000), check=0x12345678), "csum-wrong")
    c.left(sctp(data_chunks(100), check=0x12345678), "csum-wrong")
    return c


CASES = [
    plain, authenticated, kept,
    lambda: unsaid("sctp4-vnet", "no virtio_net_hdr leaves a CRC32c to a "
                   "device, which would make a sum: it is made", ""),
    lambda: unsaid("sctp4-vnet-keep", "and if it is to be kept, the header "
                   "says nothing of it", " --checksum=keep"),
    left]

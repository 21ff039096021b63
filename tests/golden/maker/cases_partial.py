# SPDX-License-Identifier: MIT
"""Superpackets for a device that repeats headers (GSO_PARTIAL)."""
from . import cut
from .case import Case
from .cases_tunnel import ARGS, IPV4, finished, gre, in_ip
from .cases_vnet import (NEEDS_CSUM, TCPV4, TCPV6, TUNNEL4, TUNNEL6, Header)
from .files import USER0
from .flow import Flow, udp, vxlan
from .wire import ACK, CWR, PSH, SEED, ethernet, raw

PARTIAL = ARGS + " --partial"


def stacks():
    """(version inside, its link header, tunnels)"""
    return [
        (4, ethernet, []),
        (6, ethernet, []),
        (4, ethernet, [vxlan()]),
        (4, ethernet, [vxlan(check=SEED)]),
        (6, ethernet, [vxlan(6, SEED)]),
        (4, raw, [gre(IPV4, 7, 0)]),
        (6, raw, [in_ip(4, 41)]),
        (4, ethernet, [gre(IPV4, 7, 0, 6),
                       vxlan(check=SEED, link=raw)]),
    ]


def frames():
    c = Case("partial", "R-PART-1 to 4: a frame with the headers of its first "
             "segment and the payload of all full ones, and the tail; in "
             "tunnels the checksums around are those of each segment",
             args=PARTIAL)
    for version, link, outers in stacks():
        p = Flow(version, link).a(4000, PSH | CWR | ACK).but(outers=outers)
        c.partial(p, 1448, "caller")
    return c


def borders():
    c = Case("partial-borders", "R-PART-1: no tail, nothing but ordinary "
             "segments, a packet of wire size, datagrams",
             args=PARTIAL + " --udp-size 1000")
    f = Flow()
    outers = [vxlan(check=SEED)]
    c.partial(f.a(4 * 1448).but(outers=outers), 1448, "caller")
    c.partial(f.a(2000).but(outers=outers), 1448, "caller")
    p = f.a(100).but(outers=outers)
    c.mend(cut.waiting(finished(p)), finished(p))
    c.partial(udp(3500).but(outers=outers), 1000, "caller")
    return c


def expanded():
    c = Case("partial-expanded", "R-PART-5: partial frames are cut as their "
             "device would have done it; they say themselves how")
    for version, link, outers in stacks():
        p = Flow(version, link).a(4344, PSH | CWR | ACK).but(outers=outers)
        (frame, n), = cut.partial(p, 1448)
        r = c.record()
        c.take(frame, r)
        parts = cut.tcp(p, 1448)
        assert len(parts) == n
        c.count(parts, "lengths", 0, 1)
        for k, part in enumerate(parts):
            c.give_changed(part.bytes(), r, k)
    return c


def described():
    c = Case("partial-vnet-24", "a virtio_net_hdr says how to cut frames "
             "without a tunnel and in UDP tunnels; what it cannot say is cut "
             "to the end", args=PARTIAL + " --vnet-hdr=24",
             to_linktype=USER0)
    for version, link, outers in stacks():
        p = Flow(version, link).a(4000, PSH | ACK).but(outers=outers)
        if outers and (len(outers) > 1 or outers[0].head.number != 17):
            c.unsaid += 1
            c.split(p, 1448, "caller", header=bytes(24))
            continue
        c.partial(p, 1448, "caller", headers(p, version, outers))
    c.same(Flow().b(20), header=bytes(24))
    return c


def headers(p, version, outers):
    """Of the frame, and of the tail, which only lacks a checksum."""
    gso_type = TCPV4 if version == 4 else TCPV6
    at = {}
    inner = 0
    if outers:
        ip = outers[0].ip
        gso_type |= TUNNEL4 if ip.version == 4 else TUNNEL6
        at["outer"] = 14 + ip.header_len()
        inner = at["outer"] + 8 + 8 + 14
        at["inner"] = inner
    start = (inner or 14) + p.ip.header_len()
    h = Header(24)
    frame = h(p, gso_type, 1448, NEEDS_CSUM, start, 16, start + 32, **at)
    tail = h(p, 0, 0, NEEDS_CSUM, start, 16)
    # segoff puts nothing where a device would have a hash
    blank = bytes(10)
    return [frame[:10] + blank + frame[20:], tail[:10] + bytes(14)]


CASES = [frames, borders, expanded, described]

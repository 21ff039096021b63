# SPDX-License-Identifier: MIT
"""Packets that merge puts together, and that split gives back.

Most cases come in pairs: what merge makes of the packets of the wire, and what
split makes of that.
"""
from dataclasses import replace

from . import cut, files
from .case import Case
from .cases_vnet import NEEDS_CSUM, TCPV4, TCPV6, UDP_L4, Header
from .files import (COMMENT, FLAGS, HASH, NOT_READY, OLD, PENDING, SIMPLE,
                    USER0, VALID, Pcap, Pcapng)
from .flow import Flow, udp
from .wire import ACK, CWR, FIN, GOOD, PSH, SEED, TCP, ethernet, raw

INBOUND, OUTBOUND = 1, 2


class Both:
    """A case of merge and the one of split that undoes it.

    All packets of a superpacket have the time of the first, so that nothing is
    lost."""

    def __init__(self, name, shows, file=None, args="", layout=0, **case):
        file = file or Pcapng()
        vnet = f"--vnet-hdr={layout}" if layout else ""
        there = replace_linktype(file, USER0) if layout else file
        self.header = Header(layout) if layout else None
        self.merge = Case("merge-" + name, shows, file,
                          f"{args} {vnet}".strip(), command="merge",
                          to_linktype=USER0 if layout else None, **case)
        self.split = Case("unmerge-" + name, "the same back", there, vnet,
                          to_linktype=file.linktype if layout else None,
                          **case)
        self.cases = self.merge, self.split

    def block(self, b):
        for c in self.cases:
            c.block(b)

    def vnet(self, p, kind=0, size=0):
        if not self.header:
            return b""
        if not kind:
            return bytes(self.header.layout)
        head = len(p.bytes()) - len(p.payload)
        return self.header(p, kind, size, hdr_len=head)[:10] + \
            bytes(self.header.layout - 10)

    def alone(self, p, why, **record):
        r = self.merge.record(**record)
        self.merge.take(p.bytes(), r)
        self.merge.alone.append((self.merge.packets_in, why))
        self.give(p.bytes(), r, self.vnet(p))
        self.split.give(p.bytes(), r)

    def give(self, frame, r, vnet):
        """To merge's output, which is split's input."""
        c = self.merge
        c.give(frame, r)
        if vnet:
            c.output = c.output[:-len(c.file.packet(frame, r))] + \
                c.file.packet(vnet + frame, r)
        self.split.take(frame, r, vnet)

    def together(self, p, size, fixed=False, **record):
        """A superpacket, and the packets it is made of."""
        super_record, r, parts = self.described(p, size, fixed, **record)
        kind = UDP_L4 if p.l4.number != TCP else \
            TCPV4 if p.ip.version == 4 else TCPV6
        for part in parts:
            self.merge.take(part.bytes(), r)
        self.give(p.bytes(), super_record, self.vnet(p, kind, size))
        for part in parts:
            self.split.give(part.bytes(), r)
        self.merge.merged += len(parts)
        self.merge.supers += 1
        self.split.count(parts, "meta" if self.header or
                         self.merge.file.name == "pcapng" else "flow", 0, 1)

    def described(self, p, size, fixed, **record):
        """The records of a superpacket and of its packets, and those."""
        r = self.merge.record(**record)
        parts = (cut.tcp if p.l4.number == TCP else cut.udp)(p, size)
        if fixed:
            parts = [part.but(ip_ident=p.ip.ident) for part in parts]
        if self.header or self.merge.file.name != "pcapng":
            return r, r, parts
        file = self.merge.file
        flags = NOT_READY | (PENDING if p.l4.number == TCP else 0)
        for code, value in r.options:
            assert code == FLAGS
            flags |= int.from_bytes(value, "little" if file.order == "<"
                                    else "big")
        words = f"segoff: merged from {len(parts)} packets, gso_size {size}"
        return replace(r, options=[
            file.flags(flags), (COMMENT, (words + ", fixed id" * fixed)
                                .encode())]), r, parts


def replace_linktype(file, linktype):
    return Pcap(file.order, file.ticks == 10**9, linktype, file.snaplen)


def begin(name, shows, order="<", args="", interfaces=1, **interface):
    b = Both(name, shows, Pcapng(order), args)
    b.block(b.merge.file.section())
    for _ in range(interfaces):
        b.block(b.merge.file.interface(**interface))
    return b


def row(n, packets):
    """Superpackets that would be one if nothing were between them."""
    f = Flow()
    return [f.a(packets * 1448, ip={"ident": 1 + packets * k})
            for k in range(n)]


def tcp(version):
    b = begin(f"tcp{version}", "TCP: a flow up to a packet that is smaller or "
              "pushes, another in between; FIN of the last packet; CWR goes "
              "alone. A comment says how to cut it", "<" if version == 4 else
              ">")
    f, g = Flow(version), Flow(version, port=999)
    size = 1448 if version == 4 else 1428
    b.alone(f.b(), "gro-empty")
    b.together(f.a(5 * size, PSH | ACK), size)
    b.together(g.a(3 * 500 + 7, ACK), 500)
    first, second = cut.tcp(f.a(2 * size, CWR | PSH | ACK), size)
    b.alone(first, "gro-first")
    b.alone(second, "gro-flags")
    b.alone(f.b(), "gro-empty")
    b.together(f.a(1000, FIN | ACK), 700)
    b.alone(g.a(1, check=GOOD), "gro-first")
    return b.cases


def identification():
    b = begin("fixed-id", "IPv4 identifications that do not count, wrap, and "
              "that are zero")
    b.together(Flow(ident=0xfffe).a(4000), 1448)
    b.together(Flow(port=1, ident=0).a(4000), 1448, fixed=True)
    b.together(Flow(port=2, ident=7).a(4000), 1448, fixed=True)
    return b.cases


def datagrams():
    b = begin("udp", "datagrams: nothing but the checksum is pending", args=
              "--udp")
    b.together(udp(5000), 1200)
    b.together(udp(64 * 10, sport=2), 10)
    b.together(udp(3000, 6), 1300)
    return b.cases


def flags():
    b = begin("flags", "epb_flags: those of a flow that are alike come back, "
              "and none where none were; where they differ nothing is merged")
    file = b.merge.file
    f, g = Flow(), Flow(port=999)
    b.together(f.a(4000, PSH | ACK), 1448, options=[file.flags(OUTBOUND)])
    b.together(g.a(4000, PSH | ACK), 1448,
               options=[file.flags(INBOUND | VALID | 0x20)])
    b.together(f.a(4000, PSH | ACK), 1448)
    whys = iter(["gro-first", "gro-first", "gro-first"])
    p = cut.tcp(g.a(3000, ACK), 1000)
    for part, value in zip(p, (INBOUND, OUTBOUND, INBOUND)):
        b.alone(part, next(whys), options=[file.flags(value)])
    return b.cases


def apart():
    """What would not come back is not merged."""
    c = Case("merge-apart", "what would not come back is not merged: packets "
             "cut short, with options of their own, with flags of an offload, "
             "with flags of 0; Simple and obsolete blocks", Pcapng(),
             command="merge")
    c.block(c.file.section())
    c.block(c.file.interface())
    f = Flow()
    for options in ([(COMMENT, b"mine")], [(HASH, b"\2" + bytes(4))],
                    [c.file.flags(NOT_READY)], [c.file.flags(PENDING)],
                    [c.file.flags(0)], [(0x7ff0, b"unknown")]):
        for k, part in enumerate(cut.tcp(f.a(2000), 1000)):
            c.left(part, "gro-first" if k else "options",
                   options=[] if k else options)
    for kind in SIMPLE, OLD:
        for part in cut.tcp(f.a(2000), 1000):
            c.left(part, "options", kind=kind)
    for part in cut.tcp(f.a(2000), 1000):
        c.left(part, "snaplen", captured=len(part.bytes()) - 1)
    return c


def between():
    b = begin("blocks", "what was held is written before a block that is no "
              "packet")
    file = b.merge.file
    for k, p in enumerate(row(3, 3)):
        if k:
            b.block(file.block(files.CUSTOM, file.pack("I", 32473) + b"this"))
        b.together(p, 1448)
    return b.cases


def interfaces():
    """Of which the packets come in turns."""
    both = begin("interfaces", "the same packets on two interfaces in turns, "
                 "as a machine that forwards sees them", interfaces=2)
    p = Flow().a(4000, PSH | ACK)
    said = [both.described(p, 1448, False, interface=k, time=7)
            for k in range(2)]
    for part in said[0][2]:
        for _, r, _ in said:
            both.merge.take(part.bytes(), r)
    for described, r, parts in said:
        both.give(p.bytes(), described, b"")
        for part in parts:
            both.split.give(part.bytes(), r)
        both.merge.merged += len(parts)
        both.merge.supers += 1
        both.split.count(parts, "meta", 0, 1)
    return both.cases


def with_header(layout, link, file, words, **pcap):
    b = Both(f"vnet-{layout}", f"{layout} bytes of virtio_net_hdr say it in "
             "pcap", Pcap(**pcap), "--udp", layout, link=words)
    if file != USER0:
        b.split.file.linktype = file
        b.split.input = b.split.file.begin()
        b.merge.output = b.merge.file.begin()
    f, g = Flow(4, link), Flow(6, link)
    b.alone(f.b(), "gro-empty")
    b.together(f.a(4000, PSH | ACK), 1448)
    b.together(g.a(4000, PSH | ACK), 1428)
    b.together(udp(4000, link=link), 1200)
    return b.cases


def limit():
    b = begin("max-size", "no IP packet above 3000 bytes: two packets of "
              "1500", args="--max-size 3000")
    for p in row(3, 2):
        b.together(p, 1448)
    return b.cases


def snap_length():
    b = begin("snaplen", "superpackets are not larger than the snap length "
              "of their interface", snaplen=3100)
    for p in row(3, 2):
        b.together(p, 1448)
    return b.cases


def datagrams_off():
    c = Case("merge-udp-off", "without --udp datagrams stay as they are",
             Pcap(), command="merge")
    for part in cut.udp(udp(3000), 1000):
        c.left(part, "gro-udp-off")
    return c


def others_comments():
    c = Case("unmerge-comments", "comments that merge would not write are "
             "somebody else's; other options are no matter", Pcapng())
    c.block(c.file.section())
    c.block(c.file.interface())
    f = Flow()
    f.hello(c)
    for text in ("segoff: merged from 3 packets, gso_size 0",
                 "segoff: merged from 3 packets, gso_size 65535",
                 "segoff: merged from 03 packets, gso_size 1000",
                 "segoff: merged from 3 packets, gso_size 1000 ",
                 "segoff: merged from 3 packets, gso_size 1000, fixed",
                 "segoff: merged from 3 packets",
                 "segoff: merged from ",
                 "Segoff: merged from 3 packets, gso_size 1000",
                 "segoff: merged from 3 packets, gso_size 1000\0",
                 "segoff: merged from 3 packets, gso_size 1000" + " " * 99):
        c.split(f.a(3000), 1448, "syn", options=[(COMMENT, text.encode())])
    p = f.a(3000)
    r = c.record()
    ours = (COMMENT, b"segoff: merged from 3 packets, gso_size 1000")
    c.take(p.bytes(), replace(r, options=[
        (COMMENT, b"mine"), ours, c.file.flags(PENDING | OUTBOUND),
        (HASH, b"\2" + bytes(4))]))
    parts = cut.tcp(p, 1000)
    c.count(parts, "meta", 0, 1)
    for k, part in enumerate(parts):
        c.give(part.bytes(), replace(r, options=[
            *([(COMMENT, b"mine")] if not k else []),
            c.file.flags(OUTBOUND)]))
    return c


def pairs(make, *args, **kwargs):
    """A function for each case of a pair."""
    return [lambda: make(*args, **kwargs)[0], lambda: make(*args, **kwargs)[1]]


CASES = [
    *pairs(tcp, 4), *pairs(tcp, 6), *pairs(identification), *pairs(datagrams),
    *pairs(flags), apart, *pairs(between), *pairs(interfaces),
    *pairs(with_header, 10, ethernet, USER0, "Ethernet"),
    *pairs(with_header, 12, ethernet, USER0, "Ethernet", order=">"),
    *pairs(with_header, 20, raw, files.RAW, "raw IP", linktype=files.RAW),
    *pairs(limit), *pairs(snap_length), datagrams_off, others_comments,
]

# SPDX-License-Identifier: MIT
"""Records that begin with a struct virtio_net_hdr."""
import struct

from . import cut, files
from .case import Case
from .cases_checksum import ending_in
from .cases_tcp import routing_header
from .files import COMMENT, HASH, USER0, Pcap, Pcapng
from .flow import Flow, udp, vxlan
from .wire import (ACK, CWR, GOOD, GOOD_FFFF, PSH, SEED, TCP, Other, Packet,
                   checksum, data, ethernet, raw)

NEEDS_CSUM, DATA_VALID, TUNNEL_CSUM = 1, 2, 8
NONE, TCPV4, UFO, TCPV6, UDP_L4 = 0, 1, 3, 4, 5
TUNNEL4, TUNNEL6, ECN = 0x20, 0x40, 0x80


class Header:
    """The header of a packet, right unless told otherwise."""

    def __init__(self, layout):
        self.layout = layout

    def __call__(self, p, gso_type=NONE, size=0, flags=NEEDS_CSUM, start=None,
                 offset=None, hdr_len=0, outer=0, inner=0):
        if start is None:
            start = 0
            if flags & NEEDS_CSUM:
                start = len(p.link(p.ip.version)) + p.ip.header_len()
        if offset is None:
            offset = 0
            if flags & NEEDS_CSUM:
                offset = 16 if p.l4.number == TCP else 6
        b = struct.pack("<BBHHHH", flags, gso_type, hdr_len, size, start,
                        offset)
        b += struct.pack("<HIHHHH", 1, 0x11223344, 1, 0, outer, inner)
        return b[:self.layout]


def good(layout, link, shows, file, words, to=None, begin=None):
    """One record of every kind that Linux takes."""
    args = f"--vnet-hdr={layout}" if layout != 10 else "--vnet-hdr"
    c = Case(f"vnet-{layout}", shows, file, args, words, to)
    if begin:
        begin(c)
    h = Header(layout)
    f4, f6 = Flow(4, link), Flow(6, link)
    p = f4.a(2500, PSH | CWR | ACK)
    c.split(p, 1000, "meta", vnet=h(p, TCPV4 | ECN, 1000, hdr_len=66))
    p = f6.a(2500, PSH | ACK)
    c.split(p, 1000, "meta", vnet=h(p, TCPV6, 1000))
    p = f4.a(2000, check=0x1234)
    c.split(p, 1000, "meta", vnet=h(p, TCPV4, 1000, flags=0))
    p = udp(2500, 4, link)
    c.split(p, 1000, "meta", vnet=h(p, UDP_L4, 1000))
    p = udp(2500, 6, link)
    c.split(p, 1000, "meta", vnet=h(p, UDP_L4, 1000))
    p = udp(128, 4, link)
    c.split(p, 1, "meta", vnet=h(p, UDP_L4, 1))
    p = f4.a(100)
    c.mend(p, vnet=h(p, TCPV4, 1000))
    c.mend(p, vnet=h(p))
    p = udp(100, 6, link)
    c.mend(p, vnet=h(p, UDP_L4, 1000))
    p = f4.b(3000)
    c.same(p, vnet=h(p, flags=0))
    c.same(p, vnet=h(p, flags=0xf0 | DATA_VALID))
    return c


def begin_ng(c):
    c.block(c.file.section())
    c.block(c.file.interface(USER0), c.file.interface(files.ETHERNET))
    c.block(c.file.interface(files.ETHERNET))


CASES = [
    lambda: good(10, ethernet, "10 bytes, link type USER0: the "
                 "output is Ethernet", Pcap(linktype=USER0), "Ethernet",
                 files.ETHERNET),
    lambda: good(12, ethernet, "12 bytes before frames of the file's own "
                 "link type", Pcap(), "Ethernet"),
    lambda: good(20, raw, "20 bytes, as of a TUN device: raw IP behind",
                 Pcap(linktype=files.RAW), "raw IP"),
    lambda: good(24, ethernet, "24 bytes, pcapng: USER0 becomes Ethernet in "
                 "the interface", Pcapng(">"), "Ethernet", begin=begin_ng),
]


def user0(name, shows, args="", layout=10):
    size = "" if layout == 10 else f"={layout}"
    return Case(name, shows, Pcap(linktype=USER0),
                f"--vnet-hdr{size}" + args, to_linktype=files.ETHERNET)


def keep():
    c = user0("vnet-keep", "partial checksums of segments", " --checksum=keep")
    h = Header(10)
    p = Flow().a(2500)
    c.split(p, 1000, "meta", vnet=h(p, TCPV4, 1000))
    p = udp(2500, 6)
    c.split(p, 1000, "meta", vnet=h(p, UDP_L4, 1000))
    p = Flow().a(20)
    c.same(p, vnet=h(p))
    return c


def unknown_link():
    c = Case("vnet-unknown-link", "NEEDS_CSUM before frames of a link type "
             "that is not handled: where the checksum is, the header says",
             Pcap(linktype=105), "--vnet-hdr", "link type 105")
    frame = data(70)
    header = struct.pack("<BBHHHH", NEEDS_CSUM, NONE, 0, 0, 24, 6)
    done = checksum(frame[24:])
    c.mend(frame, frame[:30] + done.to_bytes(2, "big") + frame[32:],
           vnet=header)
    c.same(frame, vnet=bytes(10))
    return c


def routing():
    c = user0("vnet-routing", "R-TCP-6: a seed over the final destination of "
              "a Routing header is right, so segments' checksums are")
    f = Flow(6, final="fd00::99", extensions=[routing_header("fd00::99")])
    h = Header(10)
    p = f.a(2500)
    c.split(p, 1000, "meta", vnet=h(p, TCPV6, 1000))
    p = f.a(10)
    c.mend(p, vnet=h(p))
    return c


def result_zero():
    c = user0("vnet-result-zero", "Q-12, R-DEV-8: with metadata Linux "
              "finishes the checksum, and stores 0xffff for 0 also in TCP; "
              "in a TCP segment 0 stays")
    h = Header(10)
    p = ending_in(Flow().a(100), 0, 10)
    c.mend(p, p.but(l4_check=GOOD_FFFF), vnet=h(p))
    p = ending_in(udp(100, 6), 0, 10)
    c.mend(p, vnet=h(p))
    p = Flow().a(2000)
    first = ending_in(p.but(payload=p.payload[:1000]), 0, 10)
    p = p.but(payload=first.payload + p.payload[1000:])
    c.split(p, 1000, "meta", vnet=h(p, TCPV4, 1000))
    return c


def vlan():
    c = user0("vnet-vlan", "VLAN tags before the IP header")
    h = Header(10)
    p = Flow(4, lambda v: ethernet(v, [(0x8100, 7)])).a(2500)
    c.split(p, 1000, "meta", vnet=h(p, TCPV4, 1000))
    return c


def ufo4():
    c = user0("vnet-ufo-ipv4", "R-UFO-1, R-UFO-2: a UDP datagram into IPv4 "
              "fragments; the checksum is made over all of it, whatever "
              "was there")
    h = Header(10)
    for check in (SEED, GOOD, 0):
        p = udp(3000, check=check)
        c.fragments(p, cut.ufo4(p, 1480), h(p, UFO, 1480, flags=check == SEED))
    p = udp(992)               # R-META-8: the UDP header counts
    c.mend(p, vnet=h(p, UFO, 1000))
    p = udp(993)
    c.fragments(p, cut.ufo4(p, 1000), h(p, UFO, 1000))
    p = udp(50)
    c.fragments(p, cut.ufo4(p, 12), h(p, UFO, 12))
    return c


def ufo6():
    c = user0("vnet-ufo-ipv6", "R-UFO-3: a UDP datagram into IPv6 "
              "fragments; their identification is random (.ident says "
              "where), but one for each datagram")
    h = Header(10)
    for n in (3000, 2000):
        p = udp(n, 6)
        c.fragments(p, cut.ufo6(p, 1448, 0), h(p, UFO, 1448),
                    ident_at=14 + cut.IDENT_AT)
    return c


def lenient():
    c = user0("vnet-lenient", "what Linux takes and then loses is written: a "
              "payload within gso_size that only the TCP options push over "
              "it (Q-2), and TCPV4 said of IPv6 (Q-16)")
    h = Header(10)
    p = Flow().a(995)
    c.mend(p, vnet=h(p, TCPV4, 1000))
    p = Flow(6).a(1500)
    c.split(p, 1000, "meta", vnet=h(p, TCPV4, 1000))
    return c


def refused():
    c = user0("vnet-refused", "R-META-1 to 9: every reason to refuse a "
              "header, and a good record at the end")
    h = Header(10)
    p4, p6, u = Flow().a(2500), Flow(6).a(2500), udp(2500)

    def no(p, why, *args, **kw):
        c.refused(p, why, h(p, *args, **kw))

    c.refused(b"", "meta-short", b"\1\1\0\0\0")
    for gso_type in (2, 6, ECN, TCPV4 | 0x10, TCPV4 | TUNNEL4, 0xff):
        no(p4, "meta-type", gso_type, 1000)
    no(p4, "meta-size", TCPV4, 0)
    no(p4, "meta-size", TCPV4, 65535)
    short = Packet(p4.ip, Other(TCP, bytes(19)), b"")
    no(short, "meta-csum-end", TCPV4, 1000)
    no(p4, "meta-csum-low", TCPV4, 1000, start=19)
    no(p6, "meta-csum-low", TCPV6, 1000, start=39)
    no(p4, "meta-csum-low", start=18)
    no(p4, "meta-csum-offset", TCPV4, 1000, offset=6)
    no(u, "meta-csum-offset", UDP_L4, 1000, offset=16)
    no(u, "meta-udp-csum", UDP_L4, 1000, flags=0)
    no(u, "meta-udp-ecn", UDP_L4 | ECN, 1000)
    no(u, "meta-udp-segs", UDP_L4, 19)
    no(udp(129), "meta-udp-segs", UDP_L4, 1)
    no(u, "meta-hdr-len", UDP_L4, 1000, hdr_len=len(u.bytes()) + 1)
    no(u, "meta-hdr-len", UDP_L4, 1000, start=2535)
    no(Flow().b(), "meta-hdr-len", flags=0, hdr_len=13)
    c.refused(bytes(13), "meta-frame", bytes(10))
    c.refused(Flow().b().bytes()[:39], "meta-frame",
              h(p4, TCPV4, 1000, flags=0))
    no(u, "gso-type", TCPV4, 1000, offset=16)
    no(p4, "gso-type", UDP_L4, 1000, offset=6)
    no(p4, "gso-type", UFO, 1000)
    no(p4, "gso-csum-start", TCPV4, 1000, start=36)
    cut_off = Packet(p4.ip, Other(TCP, bytes(12) + b"\x40" + bytes(7)),
                     data(2000))
    no(cut_off, "tcp-header", TCPV4, 1000)
    esp = Packet(p6.ip, Other(51, bytes(24)), data(2000))
    no(esp, "ext-header", TCPV6, 1000, offset=16)
    c.mend(Flow().a(1), vnet=h(Flow().a(1)))
    return c


def refused_high():
    c = user0("vnet-refused-high", "csum_start beyond what the kernel's "
              "offsets hold")
    p = Packet(Flow().header(1, 2, total=0), Other(99), data(65600))
    c.refused(p, "meta-csum-high", Header(10)(p, start=65535, offset=16))
    return c


def refused_tun():
    c = Case("vnet-refused-tun", "R-META-10: behind a TUN device's header "
             "comes an IP packet", Pcap(linktype=files.RAW), "--vnet-hdr",
             "raw IP")
    c.refused(b"\x50" + bytes(30), "meta-version", bytes(10))
    c.refused(b"", "meta-version", bytes(10))
    p = Flow(4, raw).b(10)
    c.same(p, vnet=bytes(10))
    return c


def tunnel():
    c = user0("vnet-tunnel", "R-META-15: UDP tunnel types. Wrong ones are "
              "refused", layout=24)
    h = Header(24)
    p = Flow().a(2500).but(outers=[vxlan()])
    at = {"start": 84, "offset": 16, "outer": 34, "inner": 64}
    c.split(p, 1000, "meta", vnet=h(p, TCPV4 | TUNNEL4, 1000, **at))
    p = p.but(outers=[vxlan(check=SEED)])
    c.split(p, 1000, "meta", vnet=h(p, TCPV4 | TUNNEL4, 1000,
                                    flags=NEEDS_CSUM | TUNNEL_CSUM, **at))

    def no(why, gso_type, **kw):
        c.refused(p, why, h(p, gso_type, 1000, **{**at, **kw}))

    no("meta-tunnel-both", TCPV4 | TUNNEL4 | TUNNEL6)
    no("meta-tunnel-inner", TUNNEL4)
    no("meta-tunnel-inner", UFO | TUNNEL4)
    no("meta-tunnel-csum", TCPV4 | TUNNEL4, flags=0)
    no("meta-tunnel-order", TCPV4 | TUNNEL4, outer=33)
    no("meta-tunnel-order", TCPV4 | TUNNEL6)
    no("meta-tunnel-order", TCPV4 | TUNNEL4, inner=41)
    no("meta-tunnel-order", TCPV4 | TUNNEL4, start=83)
    return c


def options():
    c = Case("vnet-ng-options", "options of packets that only lose their "
             "header, and of changed ones", Pcapng(), "--vnet-hdr")
    c.block(c.file.section())
    c.block(c.file.interface(USER0), c.file.interface(files.ETHERNET))
    p = Flow().b(10)
    c.same(p, vnet=bytes(10), options=[(COMMENT, b"as it is")])
    p = Flow().a(10)
    c.mend(p, vnet=Header(10)(p), options=[
        (COMMENT, b"mended"), (HASH, b"\x02\1\2\3\4")])
    return c


def hashed():
    c = Case("vnet-ng-hash", "a hash was over the record with its header, "
             "so it goes", Pcapng(), "--vnet-hdr")
    c.block(c.file.section())
    c.block(c.file.interface(USER0), c.file.interface(files.ETHERNET))
    p = Flow().b(10)
    c.mend(p, p, sums=0, vnet=bytes(10), options=[
        (COMMENT, b"as it is"), (HASH, b"\x02\1\2\3\4")])
    return c


CASES += [keep, unknown_link, routing, result_zero, vlan, ufo4, ufo6, lenient,
          refused, refused_high, refused_tun, tunnel, options, hashed]

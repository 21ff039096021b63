# SPDX-License-Identifier: MIT
"""Link types, and the forms of pcap."""
from . import files
from .case import Case
from .files import Pcap
from .flow import Flow
from .wire import ACK, PSH, ethernet, loopback, raw, sll, sll2


def talk(c, link, version=4):
    f = Flow(version, link)
    f.hello(c, 512, 512)
    c.split(f.a(1111, PSH | ACK), 500, "syn")
    c.same(f.b())


def case(name, shows, words, header, version=4, **pcap):
    c = Case(name, shows, Pcap(**pcap), link=words)
    talk(c, header, version)
    return c


def tagged(base, *tags):
    return lambda version: base(version, tags)


C_VLAN, S_VLAN = 0x8100, 0x88a8
COOKED, COOKED2, RAW, LOOP = ("Linux cooked v1", "Linux cooked v2", "raw IP",
                              "BSD loopback")

CASES = [
    lambda: case("link-vlan", "R-IP-1: an 802.1Q tag in every segment",
                 "Ethernet", tagged(ethernet, (C_VLAN, 0x6064))),
    lambda: case("link-qinq", "R-IP-1: 802.1ad and 802.1Q, over IPv6",
                 "Ethernet", tagged(ethernet, (S_VLAN, 2), (C_VLAN, 3)), 6),
    lambda: case("link-8-tags", "R-IP-7: as many VLAN tags as Linux walks",
                 "Ethernet", tagged(ethernet, *[(C_VLAN, n)
                                                for n in range(8)])),
    lambda: case("link-sll", "Linux cooked capture", COOKED, sll,
                 linktype=files.SLL),
    lambda: case("link-sll-vlan", "Linux cooked capture with a VLAN tag",
                 COOKED, tagged(sll, (C_VLAN, 5)), 6, linktype=files.SLL),
    lambda: case("link-sll2", "Linux cooked capture, version 2", COOKED2,
                 sll2, linktype=files.SLL2),
    lambda: case("link-raw4", "raw IP, IPv4", RAW, raw, linktype=files.RAW),
    lambda: case("link-raw6", "raw IP, IPv6", RAW, raw, 6,
                 linktype=files.RAW),
    lambda: case("link-ipv4", "LINKTYPE_IPV4", RAW, raw,
                 linktype=files.IPV4),
    lambda: case("link-ipv6", "LINKTYPE_IPV6", RAW, raw, 6,
                 linktype=files.IPV6),
    lambda: case("link-null-le", "BSD loopback of a little-endian host; "
                 "macOS's number for IPv6", LOOP, loopback("<", 30), 6,
                 linktype=files.NULL),
    lambda: case("link-null-be", "BSD loopback of a big-endian host", LOOP,
                 loopback(">", 24), 4, linktype=files.NULL),
    lambda: case("link-loop", "OpenBSD loopback", LOOP, loopback(">", 24), 6,
                 linktype=files.LOOP),
    lambda: case("pcap-micro-be", "microseconds, big-endian", "Ethernet",
                 ethernet, order=">"),
    lambda: case("pcap-nano-le", "nanoseconds, little-endian", "Ethernet",
                 ethernet, nano=True),
    lambda: case("pcap-nano-be", "nanoseconds, big-endian", "Ethernet",
                 ethernet, order=">", nano=True),
]


def unknown():
    """IEEE 802.11 frames, whatever their bytes look like."""
    c = Case("link-unknown", "a link type that is not handled: packets are "
             "copied", Pcap(linktype=105), link="link type 105")
    c.same(Flow().a(3000))
    c.same(b"\x80\0")
    return c


def upper_bits():
    """The link type field of pcap has 16 bits, other things above them."""
    c = Case("pcap-upper-bits", "what stands above the link type (class, "
             "length of a frame check sequence) is kept",
             Pcap(linktype=1 << 26 | 1))
    talk(c, ethernet)
    return c


CASES += [unknown, upper_bits]

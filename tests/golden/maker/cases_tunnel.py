# SPDX-License-Identifier: MIT
"""Superpackets in tunnels."""
import struct

from . import cut
from .case import Case
from .flow import Flow, tunnel_ip, udp, vxlan
from .wire import (ACK, GOOD, PSH, SEED, Gre, Other, Outer, Udp, ethernet,
                   raw)

ARGS = "--mss 1460"            # less timestamps: 1448
IPV4, IPV6, TEB, LABELLED, PPPOE = 0x0800, 0x86dd, 0x6558, 0x8847, 0x8864


def over_udp(port, between=b"", version=4, check=0, link=ethernet, **ip):
    """A tunnel behind UDP."""
    return Outer(tunnel_ip(version, **ip), Udp(50000, port, check=check),
                 between, link)


def geneve(protocol, options=b"", check=0):
    """RFC 8926."""
    return over_udp(6081, struct.pack("!BBHI", len(options) // 4, 0, protocol,
                                      42 << 8) + options, check=check)


def gue(number, fields=b"", flags=0, check=0):
    """draft-ietf-intarea-gue, version 0."""
    return over_udp(6080, struct.pack("!BBH", len(fields) // 4, number,
                                      flags) + fields, check=check)


def gpe(following):
    return over_udp(4790, struct.pack("!BBBBI", 0x0c, 0, 0, following,
                                      42 << 8))


def gre(protocol, key=None, check=None, version=4, link=ethernet):
    return Outer(tunnel_ip(version), Gre(protocol, key, check), link=link)


def in_ip(outer, number):
    return Outer(tunnel_ip(outer), Other(number), link=ethernet)


def labels(*numbers):
    """RFC 3032: a label stack."""
    return b"".join(struct.pack("!I", n << 12 | (i == len(numbers) - 1) << 8 |
                                64) for i, n in enumerate(numbers))


def mpls_link(version):
    del version
    return ethernet(4)[:12] + struct.pack("!H", LABELLED) + labels(100, 200)


def waits(p):
    """As a sender leaves a packet of wire size: the innermost checksum waits,
    those around it are already right for it."""
    return cut.waiting(finished(p))


def finished(p):
    return p.but(l4_check=GOOD, outers=[cut.around(o, 0) for o in p.outers])


def kind(name, shows, *outers, inner=4, link=raw, args=""):
    """A superpacket and a packet of TCP in these tunnels."""
    c = Case("tunnel-" + name, shows, args=(ARGS + " " + args).strip())
    f = Flow(inner, link)
    p = f.a(4000, PSH | ACK).but(outers=list(outers))
    c.split(p, 1448, "caller")
    p = f.a(100).but(outers=list(outers))
    c.mend(waits(p), finished(p))
    return c


def kinds():
    """One case each: (name, what it shows, tunnels, changes)."""
    return [
        ("vxlan", "R-TUN-3: VXLAN without an outer checksum",
         [vxlan()], {"link": ethernet}),
        ("vxlan-sum", "R-TUN-4: VXLAN with one, which the superpacket has "
         "as a seed, and packets of wire size finished",
         [vxlan(check=SEED)], {"link": ethernet}),
        ("vxlan-ipv6", "the same over IPv6, IPv6 inside",
         [vxlan(6, SEED)], {"link": ethernet, "inner": 6}),
        ("vxlan-tags", "VLAN tags outside and inside",
         [vxlan(link=lambda v: ethernet(v, [(0x8100, 7)]))],
         {"link": lambda v: ethernet(v, [(0x88a8, 8), (0x8100, 9)])}),
        ("vxlan-port", "VXLAN behind a port that only the user knows",
         [vxlan(check=SEED, port=5555)],
         {"link": ethernet, "args": "--tunnel vxlan=5555"}),
        ("vxlan-gpe-ipv4", "VXLAN-GPE of IPv4", [gpe(1)], {}),
        ("vxlan-gpe-ethernet", "VXLAN-GPE of Ethernet", [gpe(3)],
         {"link": ethernet, "inner": 6}),
        ("geneve", "Geneve of Ethernet, with options",
         [geneve(TEB, bytes(range(12)), SEED)], {"link": ethernet}),
        ("geneve-ipv6", "Geneve of IPv6", [geneve(IPV6)], {"inner": 6}),
        ("gue", "GUE of IPv4", [gue(4, check=SEED)], {}),
        ("gue-ipv6", "GUE of IPv6, with fields", [gue(41, bytes(4))],
         {"inner": 6}),
        ("fou-ip4", "FOU of IPv4", [over_udp(7777, check=SEED)],
         {"args": "--tunnel fou-ip4=7777"}),
        ("fou-ip6", "FOU of IPv6", [over_udp(7777)],
         {"inner": 6, "args": "--tunnel fou-ip6=7777"}),
        ("fou-gre", "FOU of GRE of IPv4: two tunnel headers behind one IP "
         "header",
         [over_udp(7777, Gre(IPV4, 7).bytes(None, b""), check=SEED)],
         {"args": "--tunnel fou-gre=7777 --tunnel vxlan=7778"}),
        ("mpls-udp", "RFC 7510: MPLS in UDP", [over_udp(6635, labels(16))],
         {}),
        ("gre", "GRE of IPv4", [gre(IPV4)], {}),
        ("gre-key", "RFC 2890: GRE of IPv6 with a key",
         [gre(IPV6, 7)], {"inner": 6}),
        ("gre-sum", "R-TUN-5: GRE with a checksum, 0 in the superpacket",
         [gre(IPV4, check=0)], {}),
        ("gre-sum-key", "the same with a key, over IPv6",
         [gre(IPV4, 7, 0, 6)], {}),
        ("gretap", "GRE of Ethernet", [gre(TEB)], {"link": ethernet}),
        ("ipip", "R-TUN-6: IPv4 in IPv4", [in_ip(4, 4)], {}),
        ("sit", "R-TUN-6: IPv6 in IPv4", [in_ip(4, 41)], {"inner": 6}),
        ("4in6", "R-TUN-6: IPv4 in IPv6", [in_ip(6, 4)], {}),
        ("6in6", "R-TUN-6: IPv6 in IPv6", [in_ip(6, 41)], {"inner": 6}),
        ("mpls", "two MPLS labels before IPv4", [], {"link": mpls_link}),
        ("nested", "R-TUN-8: VXLAN in GRE in IPv6, with all checksums",
         [gre(IPV4, 7, 0, 6), vxlan(check=SEED, link=raw)],
         {"link": ethernet}),
        ("nested-vxlan", "VXLAN in VXLAN, with outer checksums",
         [vxlan(check=SEED), vxlan(6, SEED, 43)],
         {"link": ethernet}),
    ]


def pppoe():
    """Its length is of the packet, so its header is made for each."""
    c = Case("tunnel-pppoe", "RFC 2516: PPPoE, whose length is of the packet",
             args=ARGS)

    def session(n):
        return lambda version: ethernet(version)[:12] + struct.pack(
            "!HBBHHH", PPPOE, 0x11, 0, 5, n + 2, 0x0021)

    def with_length(p):
        return p.but(link=session(20 + 32 + len(p.payload)))

    f = Flow()
    p = with_length(f.a(2000, PSH | ACK))
    r = c.record()
    c.take(p.bytes(), r)
    parts = [with_length(part) for part in cut.tcp(p, 1448)]
    c.count(parts, "caller", 0, 1)
    for k, part in enumerate(parts):
        c.give_changed(part.bytes(), r, k)
    p = with_length(f.a(100))
    c.mend(p)
    return c


def datagrams():
    c = Case("tunnel-udp", "datagrams in VXLAN and in GRE: their size is "
             "given; other packets to a tunnel's port stay",
             args="--udp-size 1000")
    p = udp(2500).but(outers=[vxlan(check=SEED)])
    c.split(p, 1000, "caller")
    p = udp(2500, 6, raw).but(outers=[gre(IPV6)])
    c.split(p, 1000, "caller")
    c.same(udp(300, dport=4789, check=GOOD))
    return c


def remote():
    c = Case("tunnel-remote-sum", "R-TUN-9: remote checksum offload of VXLAN "
             "and GUE: the seed is what the wire has, in each segment that of "
             "its length", args=ARGS)
    outer = vxlan(check=SEED, flags=b"\x08\x20\0\0", last=17)
    f = Flow()
    p = f.a(4000, PSH | ACK).but(outers=[outer])
    c.split(p, 1448, "caller", remote=True, sums=1)
    c.same(f.a(100).but(outers=[cut.around(outer, 0)]))
    fields = struct.pack("!IHH", 1 << 31, 20, 36)
    f = Flow(4, raw)
    p = f.a(4000, PSH | ACK).but(outers=[gue(4, fields, 1)])
    c.split(p, 1448, "caller", remote=True)
    c.same(f.a(100).but(outers=[gue(4, fields, 1)]))
    return c


def sums(rewritten):
    c = Case("tunnel-sum-wrong" + ("-rewrite" if rewritten else ""),
             "an outer checksum that is neither right nor a seed, in packets "
             "and superpackets, VXLAN and GRE. " +
             ("All are made new" if rewritten else "They are left alone"),
             args=ARGS + (" --checksum=rewrite" if rewritten else ""))
    for outer, link in ((vxlan(check=0x1234), ethernet),
                        (gre(IPV4, check=0x1234), raw)):
        f = Flow(4, link)
        p = f.a(100, check=GOOD).but(outers=[outer])
        big = f.a(4000, PSH | ACK).but(outers=[outer])
        if rewritten:
            c.mend(p, finished(p))
            c.split(big, 1448, "caller")
        else:
            c.left(p, "csum-wrong")
            c.left(big, "csum-wrong")
    return c


def seeds():
    c = Case("tunnel-sum-seed", "a packet of wire size whose outer checksum "
             "was never filled in: with the inner one, and alone")
    for outer, link in ((vxlan(check=SEED), ethernet),
                        (gre(IPV4, check=0), raw)):
        for check in (SEED, GOOD):
            p = Flow(4, link).a(100, check=check).but(outers=[outer])
            c.mend(p, finished(p))
    return c


def lengths():
    c = Case("tunnel-length-zero", "lengths of outer headers that were never "
             "filled in: IPv4, IPv6, UDP; in packets and superpackets",
             args=ARGS)

    def unfilled(version):
        ip = {"total": 0} if version == 4 else {"payload_len": 0}
        outer = vxlan(version, SEED, **ip)
        outer.head.length = 0
        return outer

    for version in (4, 6):
        f = Flow()
        p = f.a(100).but(outers=[unfilled(version)])
        c.mend(p, finished(p), lengths=1)
        p = f.a(4000, PSH | ACK).but(outers=[unfilled(version)])
        c.split(p, 1448, "caller", lengths=1)
    f = Flow(4, raw)
    p = f.a(100, ip={"total": 0}).but(outers=[gre(IPV4)])
    c.mend(p, finished(p.but(ip_total=None)), lengths=1)
    return c


def keep():
    c = Case("tunnel-sum-keep", "what is partial stays so, and the "
             "checksum around it is made for what it will be",
             args=ARGS + " --checksum=keep")
    f = Flow()
    p = f.a(2000, PSH | ACK).but(outers=[vxlan(check=SEED)])
    r = c.record()
    c.take(p.bytes(), r)
    parts = cut.tcp(p, 1448)
    c.count(parts, "caller", 0, 0)
    for k, part in enumerate(parts):
        c.give_changed(cut.waiting(part), r, k, True)
    c.same(waits(f.a(100).but(outers=[vxlan(check=SEED)])))
    return c


def sequence():
    c = Case("tunnel-gre-sequence", "GRE with sequence numbers is left alone")
    p = Flow(4, raw).a(4000, PSH | ACK)
    header = struct.pack("!HHI", 0x1000, IPV4, 99)
    c.left(p.but(outers=[Outer(tunnel_ip(), Other(47, header),
                               link=ethernet)]), "gre-seq")
    return c


def depth():
    c = Case("tunnel-depth", "five IP headers in each other are cut, six are "
             "not; of forty, and GRE between them, not all are looked at",
             args=ARGS)
    p = Flow(4, raw).a(2000, PSH | ACK)
    further = Outer(tunnel_ip(), Other(4), link=raw)
    c.split(p.but(outers=[in_ip(4, 4)] + [further] * 3), 1448, "caller")
    c.left(p.but(outers=[in_ip(4, 4)] + [further] * 4), "depth")
    further = gre(IPV4, 7, link=raw)
    c.left(p.but(outers=[gre(IPV4, 7)] + [further] * 38), "depth")
    return c


def make(row):
    name, shows, outers, changes = row
    return lambda: kind(name, shows, *outers, **changes)


CASES = [make(row) for row in kinds()] + [
    pppoe, datagrams, remote, lambda: sums(False), lambda: sums(True), seeds,
    lengths, keep, sequence, depth]

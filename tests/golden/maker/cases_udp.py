# SPDX-License-Identifier: MIT
"""UDP, and what is above the MTU and cannot be cut."""
from .case import Case
from .flow import Flow, udp
from .wire import GOOD, Other, Packet, data, ethernet


def given(version):
    c = Case(f"udp{version}-size", "R-UDP-1, R-UDP-3: UDP packets above the "
             "MTU are cut, others not", args="--udp-size 1200")
    c.split(udp(2500, version), 1200, "caller")
    c.split(udp(2400, version, check=GOOD, ip={"ident": 0xffff}
                if version == 4 else {}), 1200, "caller")
    c.mend(udp(1400, version))
    c.mend(udp(10, version))
    return c


def certain():
    c = Case("udp4-neighbours", "every other datagram of the flow has 1200 "
             "bytes: that is certain enough")
    c.mend(udp(1200, start=1))
    c.mend(udp(1200, start=2))
    c.split(udp(3600), 1200, "flow")
    c.mend(udp(1200, start=3))
    return c


def unsure():
    c = Case("udp4-unsure", "a large UDP packet alone, one whose neighbours "
             "have all sizes, one that is no multiple of the largest: nothing "
             "is guessed")
    c.left(udp(3000), "udp-unsure")
    for n in (100, 900, 1200, 333):
        c.mend(udp(n, sport=5))
    c.left(udp(2999, sport=5), "udp-unsure")
    for n in (1200, 1200, 333):
        c.mend(udp(n, sport=6))
    c.left(udp(2999, sport=6), "udp-unsure")
    return c


def too_many():
    c = Case("udp4-129-datagrams", "R-META-7: no superpacket has more than "
             "128 datagrams")
    c.mend(udp(12))
    c.mend(udp(12))
    c.split(udp(128 * 12), 12, "flow")
    c.left(udp(128 * 12 + 1), "udp-unsure")
    return c


def tunnel():
    c = Case("udp4-tunnel", "a large packet to a tunnel's port without the "
             "tunnel's header (VXLAN), or with none of IP in it (Geneve), is "
             "no row of datagrams, not even with --udp-size",
             args="--udp-size 1200")
    c.left(udp(3000, dport=4789, check=0), "tunnel")
    c.left(udp(3000, dport=6081, check=0), "not-ip")
    return c


def others():
    c = Case("left-protocols", "above the MTU and not handled: OSPF, GRE of "
             "no IP, IPv4 in IPv4 that is none, ICMP; an ESP header in IPv6; "
             "without any IP header: FCoE, Ethernet behind an MPLS label. Of "
             "the last two, what keeps within the MTU is nobody's concern")
    fcoe = ethernet(4)[:12] + b"\x89\x06"
    pseudowire = ethernet(4)[:12] + b"\x88\x47\0\x01\x01\x40"
    for number, why in ((89, "transport"), (47, "not-ip"), (4, "ip-header"),
                        (1, "transport")):
        c.left(Packet(Flow().header(1, 2), Other(number, bytes(8)),
                      data(1600)), why)
    c.left(Packet(Flow(6).header(1, 2), Other(50, bytes(8)), data(1600)),
           "ext-header")
    c.same(Packet(Flow().header(1, 2), Other(89, bytes(8)), data(100)))
    for link in (fcoe, pseudowire):
        c.left(link + bytes(1501), "not-ip")
        c.same(link + bytes(1500))
    return c


def snaplen():
    c = Case("snaplen", "frames cut short by the snap length, superpackets "
             "among them: left alone")
    f = Flow()
    f.hello(c)
    c.left(f.a(3000), "snaplen", captured=96)
    c.left(f.a(100), "snaplen", captured=96)
    c.left(udp(3000), "snaplen", captured=20)
    c.left(f.a(100), "snaplen", captured=0)
    c.mend(f.a(10))
    return c


def fragments():
    c = Case("fragments", "IP fragments are not for us: the transport "
             "checksum covers what is not there")
    c.same(Packet(Flow().header(1, 2, df=False, mf=True),
                  Other(17, b"\x11\x51\xc8\x22\x0b\xc0\x12\x34"),
                  data(1472)))
    c.same(Packet(Flow().header(1, 2, df=False, offset=1480), Other(17),
                  data(1000)))
    return c


CASES = [lambda: given(4), lambda: given(6), certain, unsure, too_many,
         tunnel, others, snaplen, fragments]

# SPDX-License-Identifier: MIT
"""IP lengths that were never filled in, and packets above 65,535 bytes."""
from .case import Case
from .cut import HOP_BY_HOP
from .flow import Flow, udp
from .wire import ACK, GOOD, PSH


def zero():
    c = Case("length-zero", "IPv4 total length 0, as stacks write it above "
             "TSO: superpackets and packets of wire size")
    f = Flow()
    f.hello(c)
    c.split(f.a(3000, PSH | ACK, ip={"total": 0}), 1448, "syn", lengths=1)
    p = f.a(100, ip={"total": 0})
    c.mend(p, p.but(ip_total=None, l4_check=GOOD), lengths=1)
    p = f.a(100, check=GOOD, ip={"total": 0})
    c.mend(p, p.but(ip_total=None), sums=0, lengths=1)
    p = f.a(100, ip={"total": 0, "check": 0})
    c.mend(p, p.but(ip_total=None, ip_check=GOOD, l4_check=GOOD), lengths=1)
    p = udp(100, ip={"total": 0})
    c.mend(p, p.but(ip_total=None, l4_check=GOOD), lengths=1)
    return c


def twenty():
    c = Case("length-20", "IPv4 total length 20, as a traffic generator "
             "writes it")
    f = Flow()
    f.hello(c)
    c.split(f.a(3000, PSH | ACK, ip={"total": 20}), 1448, "syn", lengths=1)
    p = f.a(100, check=GOOD, ip={"total": 20})
    c.mend(p, p.but(ip_total=None), sums=0, lengths=1)
    return c


def zero6():
    c = Case("length-zero-ipv6", "IPv6 payload length 0")
    f = Flow(6)
    f.hello(c, 1440, 1440)
    c.split(f.a(3000, PSH | ACK, ip={"payload_len": 0}), 1428, "syn",
            lengths=1)
    p = f.a(100, check=GOOD, ip={"payload_len": 0})
    c.mend(p, p.but(ip_payload_len=None), sums=0, lengths=1)
    return c


def big(name, shows, version, n, lengths, **ip):
    """A BIG TCP packet of n bytes of payload, on a wire of 9000."""
    c = Case(name, shows)
    f = Flow(version)
    size = 8960 - (20 if version == 6 else 0)
    f.hello(c, size, size)
    c.split(f.a(n, ip=ip), size - 12, "syn", lengths=lengths)
    return c


JUMBO = (HOP_BY_HOP, b"\xc2\x04" + (70000 + 32 + 8).to_bytes(4, "big"))

CASES = [
    zero, twenty, zero6,
    lambda: big("big-tcp4", "R-IP-6: BIG TCP, 70,000 bytes of payload, "
                "IPv4 total length 0", 4, 70000, 1, total=0),
    lambda: big("big-tcp4-modulo", "a packet above 65,535 bytes whose total "
                "length holds the low 16 bits", 4, 70000, 1,
                total=(70000 + 52) % 65536),
    lambda: big("big-tcp6-jumbo", "R-IP-6: the Hop-by-Hop header with the "
                "jumbo option is removed", 6, 70000, 0, payload_len=0,
                extensions=[JUMBO]),
    lambda: big("big-tcp6", "payload length 0 without a jumbo option, as "
                "newer kernels write it", 6, 70000, 1, payload_len=0),
]

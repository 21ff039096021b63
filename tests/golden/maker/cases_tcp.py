# SPDX-License-Identifier: MIT
"""How large a segment is, and what each field of it holds."""
from .case import Case
from .cut import DESTINATION, HOP_BY_HOP, ROUTING
from .flow import Flow
from .wire import (ACK, CWR, ECE, FIN, GOOD, PSH, RST, SYN, URG, address6,
                   mss, sack, timestamps)


def syn4():
    c = Case("tcp4-syn", "TCP over IPv4, taken at the sender. MSS 1460 in "
             "the SYNs less 12 bytes of timestamps: segments of 1448")
    f = Flow()
    f.hello(c)
    c.split(f.a(3 * 1448 + 700, PSH | ACK), 1448, "syn")
    c.same(f.b())
    c.split(f.a(1449), 1448, "syn")
    c.mend(f.a(1448))
    c.mend(f.a(1, PSH | ACK))
    return c


def syn6():
    c = Case("tcp6-syn", "TCP over IPv6. MSS 1440 less timestamps: 1428")
    f = Flow(6)
    f.hello(c, 1440, 1440)
    c.split(f.a(2 * 1428 + 1, PSH | ACK), 1428, "syn")
    c.same(f.b())
    return c


def receiver():
    c = Case("tcp4-receiver", "taken at the receiver: superpackets merged "
             "on the way in have complete checksums, of segments as well")
    f = Flow()
    f.hello(c)
    c.split(f.b(2 * 1448 + 10, PSH | ACK), 1448, "syn")
    c.mend(f.a())
    c.split(f.b(1448 * 2, ip={"ident": 7}), 1448, "syn")
    return c


def plain_options():
    c = Case("tcp4-no-options", "no TCP options in use: the whole MSS")
    f = Flow(options=b"")
    f.hello(c)
    c.split(f.a(1460 * 2 + 5, PSH | ACK), 1460, "syn")
    return c


def selective_ack():
    c = Case("tcp4-sack", "a superpacket with a SACK block: its own options "
             "count, 24 bytes")
    f = Flow()
    f.hello(c)
    c.split(f.a(1436 * 2 + 9, options=timestamps() + sack(1, 2)), 1436,
            "syn")
    c.split(f.a(1448 + 9), 1448, "syn")
    return c


def unequal():
    c = Case("tcp4-unequal-mss", "A says MSS 1460, B says 8960: neither "
             "direction exceeds the smaller one")
    f = Flow()
    f.hello(c, 1460, 8960)
    c.split(f.a(3000), 1448, "syn")
    c.split(f.b(3000), 1448, "syn")
    return c


def small_mss():
    c = Case("tcp4-small-mss", "MSS 500: a packet below the MTU is a "
             "superpacket all the same")
    f = Flow(options=b"")
    f.hello(c, 500, 1460)
    c.split(f.a(1100, PSH | ACK), 500, "syn")
    c.mend(f.a(500))
    return c


def no_mss_option(version, size):
    c = Case(f"tcp{version}-syn-without-mss", "SYNs without an MSS option "
             f"mean {size} (RFC 9293 3.7.1)")
    f = Flow(version, options=b"")
    c.mend(f.a(flags=SYN, seq=999, ack=0))
    c.same(f.b(flags=SYN | ACK, ack=1000, seq=4999))
    f.seq = 1000
    c.split(f.a(1600, PSH | ACK), size, "syn")
    return c


def neighbours():
    c = Case("tcp4-neighbours", "no SYN in the file: packets of wire size "
             "before the superpacket show the size")
    f = Flow()
    c.mend(f.a(1400))
    c.mend(f.a(1400))
    c.split(f.a(1400 * 2 + 77, PSH | ACK), 1400, "flow")
    return c


def neighbours_after():
    c = Case("tcp4-neighbours-after", "no SYN: packets that come after the "
             "superpacket show the size")
    f = Flow()
    c.split(f.a(1400 * 2 + 77, PSH | ACK), 1400, "flow")
    c.mend(f.a(1400))
    c.mend(f.a(1400))
    c.mend(f.a(20, PSH | ACK))
    return c


def keepalive():
    c = Case("tcp4-keepalive", "no SYN; keep-alive and zero-window probes of "
             "one byte (RFC 9293 3.8.4, 3.8.6.1) do not show the size of "
             "segments")
    f = Flow()
    c.mend(f.a(1))
    c.split(f.a(3000, PSH | ACK), 1448, "mtu")
    c.mend(f.a(1))
    c.split(f.a(3000, PSH | ACK), 1448, "mtu")
    return c


def mtu(version):
    size = 1448 if version == 4 else 1428
    c = Case(f"tcp{version}-mtu", "no SYN, no neighbours: what an MTU of "
             "1500 allows")
    f = Flow(version)
    c.split(f.a(2 * size + 100, PSH | ACK), size, "mtu")
    c.same(f.b())
    return c


def mtu_option():
    c = Case("tcp4-mtu-option", "no IP packet above it, "
             "whatever the SYNs say, those of wire size included",
             args="--mtu 1400")
    f = Flow()
    f.hello(c)
    c.split(f.a(3000, PSH | ACK), 1348, "syn")
    c.split(f.a(1448), 1348, "syn")
    c.mend(f.a(1348))
    return c


def mss_option():
    c = Case("tcp4-mss-option", "less timestamps: 988",
             args="--mss 1000")
    f = Flow()
    f.hello(c)
    c.split(f.a(2000, PSH | ACK), 988, "caller")
    c.mend(f.a(988))
    return c


def jumbo():
    c = Case("tcp4-jumbo", "MSS 8960 in the SYNs: frames of 9000 bytes are "
             "what was on this wire")
    f = Flow()
    f.hello(c, 8960, 8960)
    c.mend(f.a(8948))
    c.split(f.a(8948 + 500, PSH | ACK), 8948, "syn")
    return c


def jumbo_mtu():
    c = Case("tcp4-jumbo-mtu", "the same flow, made to fit",
             args="--mtu 1500")
    f = Flow()
    f.hello(c, 8960, 8960)
    c.split(f.a(8948, PSH | ACK), 1448, "syn")
    c.mend(f.a(1448))
    return c


def fields():
    c = Case("tcp4-fields", "R-TCP-2 to 5: CWR in the first segment only, "
             "PSH and FIN in the last; ECE, URG and the urgent pointer in "
             "all; IPv4 identification and sequence numbers wrap")
    f = Flow()
    f.hello(c, 412, 412)
    c.split(f.a(400 * 3 + 1, CWR | ECE | URG | PSH | FIN | ACK,
                seq=0xffffff00, urgent=9,
                ip={"ident": 0xfffe, "df": False, "tos": 3, "ttl": 7}),
            400, "syn")
    c.split(f.b(900, RST | ACK, ip={"ident": 0xffff}), 400, "syn")
    return c


def ip_options():
    c = Case("tcp4-ip-options", "IPv4 options (router alert, a timestamp) "
             "in every segment")
    f = Flow(options=b"\x94\x04\0\0" + b"\x44\x08\x05\0\0\0\0\0")
    f.ip["options"] = f.options
    f.options = timestamps()
    f.hello(c, 512, 512)
    c.split(f.a(1200, PSH | ACK), 500, "syn")
    return c


def extensions():
    c = Case("tcp6-extensions", "R-IP-5: Hop-by-Hop, Routing (used up) and "
             "Destination headers in every segment")
    f = Flow(6)
    f.hello(c, 512, 512)
    c.split(f.a(1200, PSH | ACK, ip={"extensions": [
        (HOP_BY_HOP, b"\x05\x02\0\0\x01\0"),
        (ROUTING, b"\x04\0\0\0\0\0" + bytes(16)),
        (DESTINATION, b"\x01\x0c" + bytes(12))]}), 500, "syn")
    return c


def routing_header(final):
    """RFC 8754, with one segment left: to final, by way of B."""
    return ROUTING, (b"\x04\x01\x01\0\0\0" + address6(final) +
                     address6("fd00::2"))


def routing():
    c = Case("tcp6-routing", "a Routing header that is not used up (RFC "
             "8754): checksums are those of the final destination")
    f = Flow(6, final="fd00::99", extensions=[routing_header("fd00::99")])
    c.mend(f.a(100, PSH | ACK))
    c.split(f.a(3000, PSH | ACK), 1500 - 40 - 40 - 32, "mtu")
    return c


def headers_above_mtu():
    c = Case("tcp6-headers-above-mtu", "an ACK without payload whose "
             "extension headers alone exceed the MTU: nothing to cut")
    padding = b"\x01\xfe" + bytes(254)     # PadN
    rest = 2048 - 2 - 2 * len(padding)
    header = (DESTINATION, padding * 2 + b"\0" * rest)  # Pad1
    c.same(Flow(6).a(check=GOOD, ip={"extensions": [header]}))
    c.same(Flow(6).b(ip={"extensions": [header]}))
    return c


def lone():
    c = Case("tcp4-nothing-to-do", "wire-size packets with complete "
             "checksums: the output is the input")
    f = Flow()
    c.same(f.a(flags=SYN, check=GOOD, options=mss(1460)))
    c.same(f.b(1448))
    c.same(f.a(check=GOOD, flags=FIN | ACK))
    return c


CASES = [syn4, syn6, receiver, plain_options, selective_ack, unequal,
         small_mss, lambda: no_mss_option(4, 536),
         lambda: no_mss_option(6, 1220), neighbours, neighbours_after,
         keepalive, lambda: mtu(4), lambda: mtu(6), mtu_option, mss_option,
         jumbo, jumbo_mtu, fields, ip_options, extensions, routing,
         headers_above_mtu, lone]

# SPDX-License-Identifier: MIT
"""Checksums: partial, absent, damaged."""
from .case import Case
from .flow import Flow, udp
from .wire import (ACK, GOOD, ICMP, PSH, SEED, SEED_NO_LENGTH,
                   Other, Packet, checksum, data)


def seeds():
    c = Case("sum-seed", "a partial checksum: the pseudo-header sum with "
             "the length, as Linux leaves it, and without, as some drivers "
             "do")
    f = Flow()
    f.hello(c)
    for check in (SEED, SEED_NO_LENGTH):
        c.split(f.a(3000, PSH | ACK, check), 1448, "syn")
        c.mend(f.a(333, check=check))
        c.mend(udp(333, check=check))
        c.mend(udp(333, 6, check=check))
    return c


def header_zero():
    c = Case("sum-ipv4-zero", "an IPv4 header checksum of 0, left for the "
             "device, with and without a partial one behind it")
    f = Flow()
    f.hello(c)
    c.split(f.a(3000, PSH | ACK, ip={"check": 0}), 1448, "syn")
    p = f.a(100, check=GOOD, ip={"check": 0})
    c.mend(p, p.but(ip_check=GOOD))
    p = f.a(100, ip={"check": 0})
    c.mend(p, p.but(ip_check=GOOD, l4_check=GOOD))
    p = udp(100, check=GOOD, ip={"check": 0})
    c.mend(p, p.but(ip_check=GOOD))
    return c


def header_zero_other():
    c = Case("sum-ipv4-zero-icmp", "the same on packets that are neither "
             "TCP nor UDP, and on fragments")
    body = data(56)
    echo = b"\x08\0" + checksum(b"\x08\0\0\0\0\x01\0\x01" +
                                body).to_bytes(2, "big") + b"\0\x01\0\x01"
    p = Packet(Flow().header(1, 2, check=0), Other(ICMP, echo), body)
    c.mend(p, p.but(ip_check=GOOD))
    p = Packet(Flow().header(1, 2, check=0, df=False, mf=True),
               Other(17, b"\x11\x51\xc8\x22\x07\xd0\x12\x34"), data(1472))
    c.mend(p, p.but(ip_check=GOOD))
    return c


def tcp_zero():
    c = Case("sum-tcp-zero", "a TCP checksum of 0: never filled in")
    f = Flow()
    f.hello(c)
    c.split(f.a(2000, check=0), 1448, "syn")
    c.mend(f.a(100, check=0))
    return c


def udp_zero():
    c = Case("sum-udp-zero", "RFC 768: a UDP checksum of 0 over IPv4 means "
             "none, and stays")
    c.same(udp(100, check=0))
    return c


def ending_in(packet, value, at):
    """The packet with two bytes of payload chosen for this checksum."""
    p = packet.but(payload=packet.payload[:at] + b"\0\0" +
                   packet.payload[at + 2:])
    plain = p.but(l4_check=GOOD).l4.bytes(p.ip, p.payload)
    place = 16 if p.l4.number == 6 else 6
    now = int.from_bytes(plain[place:place + 2], "big")
    # ones-complement: the field falls by what the payload grows
    fill = (now - value) % 0xffff
    return p.but(payload=p.payload[:at] + fill.to_bytes(2, "big") +
                 p.payload[at + 2:])


def result_zero():
    c = Case("sum-result-zero", "a finished checksum that comes out as 0: "
             "stays 0 in TCP, in segments (R-TCP-6) and in packets made "
             "whole, and becomes 0xffff in UDP")
    f = Flow()
    f.hello(c)
    c.mend(ending_in(f.a(100), 0, 10))
    c.mend(ending_in(udp(100), 0, 10))
    p = f.a(2000)
    first = ending_in(p.but(payload=p.payload[:1448]), 0, 10)
    c.split(p.but(payload=first.payload + p.payload[1448:]), 1448, "syn")
    return c


def damaged(args, rewritten):
    c = Case("sum-wrong" + ("-rewrite" if rewritten else ""),
             "checksums that are neither right nor partial: TCP, UDP, IPv4 "
             "header, in packets and superpackets. " +
             ("All are made new" if rewritten else
              "Left alone, or damage would be hidden"), args=args)
    f = Flow()
    f.hello(c)
    wrong = [f.a(100, check=0x1234), udp(100, check=0x1234),
             f.a(100, check=GOOD, ip={"check": 0x1234}),
             udp(100, 6, check=0x1234)]
    for p in wrong:
        if rewritten:
            c.mend(p, p.but(l4_check=GOOD, **(
                {"ip_check": GOOD} if p.ip.version == 4 else {})))
        else:
            c.left(p, "csum-wrong")
    p = f.a(3000, check=0x1234)
    if rewritten:
        c.split(p, 1448, "syn", sums=1)
    else:
        c.left(p, "csum-wrong")
    return c


def keep():
    c = Case("sum-keep", "what is partial stays so, and "
             "segments get the partial checksum of their own length; what "
             "is complete is so in segments as well", args="--checksum=keep")
    f = Flow()
    c.same(f.a(flags=2, options=b"\x02\x04\x05\xb4" + f.options))
    c.same(f.b(flags=18, options=b"\x02\x04\x05\xb4" + f.options))
    c.split(f.a(3000, PSH | ACK), 1448, "syn")
    c.split(f.b(3000, PSH | ACK), 1448, "syn")
    c.same(f.a(200))
    c.same(udp(200))
    return c


def padding():
    c = Case("padding", "Ethernet padding behind a short packet: not "
             "summed, and kept. Bytes behind a superpacket: left alone")
    f = Flow(options=b"")
    f.hello(c)
    c.mend(f.a().but(trailer=bytes(6)))
    c.mend(f.a(3).but(trailer=b"\xff\xfe\xfd"))
    c.mend(udp(5).but(trailer=b"\x11" * 13))
    c.left(f.a(3000).but(trailer=b"\x11" * 4), "trailer")
    return c


CASES = [seeds, header_zero, header_zero_other, tcp_zero, udp_zero,
         result_zero, lambda: damaged("", False),
         lambda: damaged("--checksum=rewrite", True), keep, padding]

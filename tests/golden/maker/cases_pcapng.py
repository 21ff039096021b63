# SPDX-License-Identifier: MIT
"""What pcapng has beside packets."""
from . import files
from .case import START, Case
from .files import (COMMENT, DROPS, HASH, IF_NAME, IF_TSOFFSET, IF_TSRESOL,
                    NOT_READY, OLD, PACKET_ID, PENDING, PROCESS, QUEUE,
                    SIMPLE, VALID, VERDICT, Pcapng)
from .flow import Flow, udp
from .wire import ACK, GOOD, PSH, raw, sll

OUTBOUND = 2


def begin(name, shows, args="", order="<", interfaces=True):
    c = Case(name, shows, Pcapng(order), args)
    c.block(c.file.section([(COMMENT, b"a capture"), (3, b"some OS")]))
    if interfaces:
        c.block(c.file.interface(options=[(IF_NAME, b"eth0")]))
    return c


def others(c):
    """Blocks that are no packets."""
    f = c.file
    c.block(f.block(files.NAMES, f.pack("HH", 1, 12) + b"\x0a\0\0\1host.a\0\0"
                    + f.pack("HH", 0, 0)))
    c.block(f.block(files.STATISTICS, f.pack("III", 0, 0x5e0be, 1) +
                    f.options([(4, f.pack("Q", 99))])))
    c.block(f.block(files.SECRETS, f.pack("II", 0x544c534b, 5) + b"a b c"))
    c.block(f.block(files.CUSTOM, f.pack("I", 32473) + b"what we like"))
    c.block(f.block(files.CUSTOM_NO_COPY, f.pack("I", 32473) + b"more"))
    c.block(f.block(0x80000001, b"a block of nobody's"))
    c.block(f.block(0x0000dead, b""))


def interfaces():
    c = begin("ng-interfaces", "three interfaces of their own link type and "
              "resolution of time; name resolution, statistics, secrets, "
              "custom and unknown blocks between packets", interfaces=False)
    c.block(c.file.interface(options=[(IF_NAME, b"eth0")]))
    c.block(c.file.interface(files.RAW, [(IF_NAME, b"tun0"),
                                         (IF_TSRESOL, b"\x09")]))
    others(c)
    f = Flow()
    f.hello(c)
    c.block(c.file.interface(files.SLL, [
        (IF_TSRESOL, b"\x8a"), (IF_TSOFFSET, c.file.pack("q", 1000))]))
    c.split(f.a(3000, PSH | ACK), 1448, "syn")
    nano = START * 10**9 + 123456789
    g = Flow(6, raw)
    g.hello(c, 1440, 1440, interface=1, time=nano)
    c.split(g.a(3000, PSH | ACK), 1428, "syn", interface=1, time=nano)
    c.left(udp(3000, link=sll), "udp-unsure", interface=2,
           time=START * 1024 + 7)
    others(c)
    return c


def options():
    c = begin("ng-options", "options of packets: the first segment keeps all "
              "but a hash, later ones flags, queue, verdict and process; a "
              "packet that does not change keeps its hash")
    f = Flow()
    f.hello(c)
    some = [
        (COMMENT, b"look"), c.file.flags(OUTBOUND), (COMMENT, b"closer"),
        (HASH, b"\x02\x12\x34\x56\x78"), (DROPS, c.file.pack("Q", 17)),
        (PACKET_ID, c.file.pack("Q", 4711)), (QUEUE, c.file.pack("I", 3)),
        (VERDICT, b"\x02" + bytes(8)), (PROCESS, c.file.pack("I", 42)),
        (files.CUSTOM_STRING, c.file.pack("I", 32473) + b"ours"),
        (0x7ff0, b"unknown"),
    ]
    c.split(f.a(3000, PSH | ACK), 1448, "syn", options=some)
    c.mend(f.a(10), options=some)
    c.same(f.a(10, check=GOOD), options=some)
    return c


def offload_flags(order):
    c = begin("ng-flags" + ("-be" if order == ">" else ""),
              "epb_flags are believed: checksum not ready (bit 9) excuses "
              "any value, checksum valid (10) that of a merged packet, TCP "
              "segmentation pending (11) makes a superpacket of what fits "
              "the MTU; 9 and 11 are cleared", order=order)
    f = Flow(options=b"")
    f.hello(c)
    c.mend(f.a(10), options=[c.file.flags(OUTBOUND | NOT_READY)])
    c.mend(f.a(10, check=0x1234), options=[c.file.flags(NOT_READY)])
    c.split(f.a(3000, check=0x1234), 1460, "syn", sums=1,
            options=[c.file.flags(NOT_READY | PENDING | OUTBOUND)])
    c.split(f.b(3000, check=0x1234), 1460, "syn", sums=1,
            options=[c.file.flags(VALID | 1)])
    c.same(f.b(10), options=[c.file.flags(VALID | 1)])
    c.left(f.b(10, check=0x1234), "csum-wrong",
           options=[c.file.flags(VALID | 1)])
    small = Flow(port=80)
    c.mend(small.a(700))
    c.mend(small.a(700))
    c.split(small.a(1300, PSH | ACK), 700, "flow",
            options=[c.file.flags(NOT_READY | PENDING)])
    return c


def stale_flags():
    c = begin("ng-flags-stale", "epb_flags are made true of the output, also "
              "where the packet itself needs no change")
    f = Flow()
    f.hello(c)
    p = f.a(10, check=GOOD)
    c.mend(p, p, sums=0, options=[c.file.flags(OUTBOUND | NOT_READY)])
    p = f.a(10, check=GOOD)
    c.mend(p, p, sums=0, options=[c.file.flags(OUTBOUND | PENDING)])
    return c


def kept_flags():
    c = begin("ng-flags-keep", "what is partial says so by "
              "epb_flags, whether it did before or not", "--checksum=keep")
    f = Flow()
    p = f.a(flags=2, options=b"\x02\x04\x05\xb4" + f.options)
    c.mend(p, p, sums=0, unfinished=True)
    c.same(f.b(flags=18, options=b"\x02\x04\x05\xb4" + f.options))
    c.split(f.a(3000, PSH | ACK), 1448, "syn",
            options=[c.file.flags(NOT_READY | PENDING | OUTBOUND)])
    c.split(f.a(3000, PSH | ACK), 1448, "syn",
            options=[(COMMENT, b"no flags")])
    c.same(f.a(10), options=[c.file.flags(NOT_READY)])
    c.split(f.b(2000), 1448, "syn", options=[c.file.flags(VALID)])
    return c


def simple():
    c = begin("ng-simple", "Simple Packet Blocks stay Simple Packet Blocks",
              interfaces=False)
    c.block(c.file.interface(snaplen=0))
    f = Flow()
    f.hello(c, kind=SIMPLE)
    c.split(f.a(3000, PSH | ACK), 1448, "syn", kind=SIMPLE)
    c.same(f.b(1), kind=SIMPLE)
    return c


def simple_snaplen():
    c = begin("ng-simple-snaplen", "a Simple Packet Block cut short by the "
              "interface's snap length", interfaces=False)
    c.block(c.file.interface(snaplen=96))
    f = Flow()
    c.left(f.a(3000), "snaplen", captured=96, kind=SIMPLE)
    c.mend(f.a(10), kind=SIMPLE)
    return c


def old():
    c = begin("ng-old", "obsolete Packet Blocks: their count of drops is "
              "said once")
    f = Flow()
    f.hello(c, kind=OLD)
    c.split(f.a(3000, PSH | ACK), 1448, "syn", kind=OLD, drops=5,
            options=[c.file.flags(OUTBOUND), (COMMENT, b"old")])
    c.split(f.a(1500, PSH | ACK), 1448, "syn", kind=OLD, drops=0xffff)
    return c


def sections():
    c = begin("ng-sections", "two sections of different byte order; one "
              "said how long it is, which no longer holds",
              interfaces=False)
    first = c.file
    c.input, c.output = b"", b""
    f = Flow()
    body = Case("", "", Pcapng("<"))
    body.block(first.interface())
    f.hello(body)
    body.split(f.a(3000, PSH | ACK), 1448, "syn")
    others(body)
    c.input = first.section(length=len(body.input)) + body.input
    c.output = first.section() + body.output
    for n in ("packets_in", "bytes_in", "packets_out", "bytes_out", "largest",
              "supers", "segments", "sums", "how"):
        setattr(c, n, getattr(body, n))
    c.file = Pcapng(">")
    c.block(c.file.section([(COMMENT, b"the other end")]))
    c.block(c.file.interface(files.RAW))
    c.block(c.file.interface())
    others(c)
    g = Flow(6)
    g.hello(c, 1440, 1440, interface=1)
    c.split(g.a(3000, PSH | ACK), 1428, "syn", interface=1,
            options=[(COMMENT, b"big"), c.file.flags(PENDING | OUTBOUND)])
    return c


def unknown():
    c = begin("ng-unknown-link", "an interface whose link type is not "
              "handled, among others")
    c.block(c.file.interface(105))
    f = Flow()
    f.hello(c)
    c.same(b"\x80\0" + bytes(3000), interface=1)
    c.split(f.a(3000), 1448, "syn")
    return c


CASES = [interfaces, options, lambda: offload_flags("<"),
         lambda: offload_flags(">"), stale_flags, kept_flags, simple,
         simple_snaplen, old, sections, unknown]

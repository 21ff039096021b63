# SPDX-License-Identifier: MIT
"""Packets, written out from the RFCs.

A packet is a link header, an IP header, a transport header and data; its
bytes are made from these each time they are asked for. So a segment is a
changed copy of its superpacket, and nothing here ever patches bytes.
"""
import copy
import struct
from dataclasses import dataclass, field

# What a checksum field is to hold: a number, or one of these.
GOOD = "good"              # the right value
GOOD_FFFF = "good-ffff"    # the right value, 0xffff instead of 0
SEED = "seed"              # the pseudo-header sum, not complemented
SEED_NO_LENGTH = "seed-no-length"

TCP, UDP, ICMP, SCTP = 6, 17, 1, 132
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << n for n in range(8))


def data(n, start=0):
    """Bytes that show when they are taken from a wrong place."""
    return bytes((i // 251) & 255 if i % 251 == 250 else i % 251
                 for i in range(start, start + n))


def ones_sum(b):
    """RFC 1071: sum of 16-bit words, carries added in."""
    if len(b) % 2:
        b += b"\0"
    s = sum(struct.unpack(f"!{len(b) // 2}H", b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return s


def checksum(b):
    return ones_sum(b) ^ 0xffff


def crc32c(b):
    """RFC 9260 appendix A, bit by bit."""
    crc = 0xffffffff
    for byte in b:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def address4(text):
    return bytes(int(n) for n in text.split("."))


def address6(text):
    """Enough of RFC 4291 for a:b::c."""
    head, _, tail = text.partition("::")
    words = [[int(w, 16) for w in part.split(":") if w]
             for part in (head, tail)]
    words = words[0] + [0] * (8 - len(words[0]) - len(words[1])) + words[1]
    return struct.pack("!8H", *words)


# ------------------------------------------------------------ link headers

MAC_A = bytes.fromhex("020000000001")
MAC_B = bytes.fromhex("020000000002")
ETHERTYPE = {4: 0x0800, 6: 0x86dd}


def tagged(tags, ethertype):
    """802.1Q: (protocol, control) pairs, then the EtherType."""
    b = b""
    for tpid, tci in tags:
        b += struct.pack("!HH", tpid, tci)
    return b + struct.pack("!H", ethertype)


def ethernet(version, tags=()):
    return MAC_B + MAC_A + tagged(tags, ETHERTYPE[version])


def sll(version, tags=()):
    """LINKTYPE_LINUX_SLL: type, ARPHRD, address length, address, protocol."""
    return (struct.pack("!HHH", 4, 1, 6) + MAC_A + b"\0\0" +
            tagged(tags, ETHERTYPE[version]))


def sll2(version):
    """LINKTYPE_LINUX_SLL2: protocol, 0, interface, ARPHRD, type, address."""
    return (struct.pack("!HHIHBB", ETHERTYPE[version], 0, 3, 1, 4, 6) +
            MAC_A + b"\0\0")


def raw(version):
    del version
    return b""


def loopback(order, family6):
    """LINKTYPE_NULL in the order of a host, LINKTYPE_LOOP in "!"."""
    def header(version):
        return struct.pack(order + "I", 2 if version == 4 else family6)
    return header


# ------------------------------------------------------------- IP headers

@dataclass
class V4:
    src: str = "10.0.0.1"
    dst: str = "10.0.0.2"
    ident: int = 0x0100
    df: bool = True
    mf: bool = False
    offset: int = 0            # of a fragment, in bytes
    ttl: int = 64
    tos: int = 0
    options: bytes = b""
    total: int = None          # None: the right one
    check: object = GOOD

    version = 4

    def pseudo(self, proto, length):
        return (address4(self.src) + address4(self.dst) +
                struct.pack("!BBH", 0, proto, length & 0xffff) +
                struct.pack("!H", length >> 16))

    def header_len(self):
        return 20 + len(self.options)

    def bytes(self, proto, rest):
        total = self.header_len() + rest if self.total is None else self.total
        flags = (0x4000 if self.df else 0) | (0x2000 if self.mf else 0)

        def build(check):
            return struct.pack("!BBHHHBBH", 0x40 | self.header_len() // 4,
                               self.tos, total, self.ident,
                               flags | self.offset >> 3, self.ttl, proto,
                               check) + \
                address4(self.src) + address4(self.dst) + self.options
        return build(checksum(build(0)) if self.check == GOOD else self.check)


@dataclass
class V6:
    src: str = "fd00::1"
    dst: str = "fd00::2"
    flow: int = 0x12345
    traffic_class: int = 0
    hops: int = 64
    extensions: list = field(default_factory=list)  # (number, body)
    payload_len: int = None    # None: the right one
    final: str = None          # where a Routing header ends, if not at dst

    version = 6

    def pseudo(self, proto, length):
        """RFC 8200 8.1: of the final destination."""
        return (address6(self.src) + address6(self.final or self.dst) +
                struct.pack("!IHBB", length, 0, 0, proto))

    def header_len(self):
        return 40 + sum(2 + len(body) for _, body in self.extensions)

    def bytes(self, proto, rest):
        chain = [number for number, _ in self.extensions] + [proto]
        ext = b""
        for following, (_, body) in zip(chain[1:], self.extensions):
            ext += bytes([following, (2 + len(body)) // 8 - 1]) + body
        n = len(ext) + rest if self.payload_len is None else self.payload_len
        return struct.pack("!IHBB", 6 << 28 | self.traffic_class << 20 |
                           self.flow, n, chain[0], self.hops) + \
            address6(self.src) + address6(self.dst) + ext


# ------------------------------------------------------ transport headers

def filled(build, check, ip, proto, payload):
    """The header that build(check) makes, with the checksum that is meant."""
    length = len(build(0)) + len(payload)
    if check == SEED:
        return build(ones_sum(ip.pseudo(proto, length)))
    if check == SEED_NO_LENGTH:
        return build(ones_sum(ip.pseudo(proto, 0)))
    if check in (GOOD, GOOD_FFFF):
        right = checksum(ip.pseudo(proto, length) + build(0) + payload)
        if not right and (proto == UDP or check == GOOD_FFFF):
            right = 0xffff     # RFC 768: 0 means none
        return build(right)
    return build(check)


@dataclass
class Tcp:
    sport: int = 443
    dport: int = 51234
    seq: int = 1000
    ack: int = 5000
    flags: int = ACK
    window: int = 502
    urgent: int = 0
    options: bytes = b""
    check: object = GOOD

    number = TCP

    def bytes(self, ip, payload):
        words = 5 + len(self.options) // 4

        def build(check):
            return struct.pack("!HHIIBBHHH", self.sport, self.dport, self.seq,
                               self.ack, words << 4, self.flags, self.window,
                               check, self.urgent) + self.options
        return filled(build, self.check, ip, TCP, payload)


@dataclass
class Udp:
    sport: int = 4433
    dport: int = 51234
    length: int = None         # None: the right one
    check: object = GOOD

    number = UDP

    def bytes(self, ip, payload):
        n = 8 + len(payload) if self.length is None else self.length

        def build(check):
            return struct.pack("!HHHH", self.sport, self.dport, n, check)
        return filled(build, self.check, ip, UDP, payload)


@dataclass
class Sctp:
    """The common header; chunks are payload."""
    sport: int = 5000
    dport: int = 51234
    tag: int = 0x11223344
    check: object = GOOD

    number = SCTP

    def bytes(self, ip, payload):
        del ip

        def build(check):
            return struct.pack("!HHI", self.sport, self.dport, self.tag) + \
                struct.pack("<I", check)
        if self.check == GOOD:
            return build(crc32c(build(0) + payload))
        return build(0 if self.check == SEED else self.check)


@dataclass
class Other:
    """Any protocol: its bytes as they are."""
    number: int
    header: bytes = b""

    def bytes(self, ip, payload):
        del ip, payload
        return self.header


def mss(n):
    return struct.pack("!BBH", 2, 4, n)


def timestamps(value=1000, echo=2000):
    return b"\x01\x01" + struct.pack("!BBII", 8, 10, value, echo)


def sack(*edges):
    return b"\x01\x01" + bytes([5, 2 + 4 * len(edges)]) + \
        struct.pack(f"!{len(edges)}I", *edges)


# ---------------------------------------------------------------- tunnels

@dataclass
class Gre:
    """RFC 2784 with the key of RFC 2890."""
    protocol: int
    key: int = None
    check: object = None       # None: the header has no checksum

    number = 47

    def bytes(self, ip, payload):
        del ip
        flags = (0x8000 if self.check is not None else 0) | \
            (0x2000 if self.key is not None else 0)
        key = b"" if self.key is None else struct.pack("!I", self.key)

        def build(check):
            word = struct.pack("!HH", check, 0) if flags & 0x8000 else b""
            return struct.pack("!HH", flags, self.protocol) + word + key
        right = checksum(build(0) + payload)
        return build(right if self.check == GOOD else self.check or 0)


@dataclass
class Outer:
    """A tunnel: its headers, from the link header to what it carries."""
    ip: object
    head: object               # Udp, Gre, or Other(4) and Other(41)
    between: bytes = b""       # VXLAN, Geneve ... behind it
    link: object = raw

    def bytes(self, inner):
        payload = self.between + inner
        head = self.head.bytes(self.ip, payload)
        ip = self.ip.bytes(self.head.number, len(head) + len(payload))
        return self.link(self.ip.version) + ip + head + payload


# ---------------------------------------------------------------- packets

@dataclass
class Packet:
    ip: object
    l4: object
    payload: bytes = b""
    link: object = ethernet
    trailer: bytes = b""       # behind the IP packet: padding
    outers: list = field(default_factory=list)  # tunnels, outermost first

    def bytes(self):
        l4 = self.l4.bytes(self.ip, self.payload)
        ip = self.ip.bytes(self.l4.number, len(l4) + len(self.payload))
        b = (self.link(self.ip.version) + ip + l4 + self.payload +
             self.trailer)
        for outer in reversed(self.outers):
            b = outer.bytes(b)
        return b

    def but(self, **changes):
        """A copy; ip_ and l4_ in front of a name reach into the headers."""
        p = copy.deepcopy(self)
        for name, value in changes.items():
            part, _, rest = name.partition("_")
            if part in ("ip", "l4") and rest:
                setattr(getattr(p, part), rest, value)
            else:
                setattr(p, name, value)
        return p

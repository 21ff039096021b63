# SPDX-License-Identifier: MIT
"""Two ends that talk: A, at whose side the capture is taken, and B."""
from .wire import (ACK, GOOD, SEED, SYN, V4, V6, Outer, Packet, Tcp, Udp,
                   data, ethernet, mss, timestamps)


def ends(version):
    return (V4, "10.0.0.") if version == 4 else (V6, "fd00::")


class Flow:
    def __init__(self, version=4, link=ethernet, options=timestamps(),
                 port=51234, **ip):
        self.version = version
        self.link = link
        self.options = options
        self.port = port
        self.ip = ip
        self.seq = 1000

    def header(self, src, dst, **changes):
        cls, net = ends(self.version)
        return cls(src=f"{net}{src}", dst=f"{net}{dst}",
                   **{**self.ip, **changes})

    def a(self, n=0, flags=ACK, check=SEED, payload=None, ip=None, **tcp):
        """A sends n bytes; the checksum is left for the device."""
        payload = data(n) if payload is None else payload
        l4 = {"seq": self.seq, "options": self.options, "flags": flags,
              "check": check, **tcp}
        self.seq = (l4["seq"] + len(payload)) & 0xffffffff
        return Packet(self.header(1, 2, **(ip or {})),
                      Tcp(self.port, 443, **l4), payload, self.link)

    def b(self, n=0, flags=ACK, check=GOOD, ip=None, **tcp):
        """B sends; the packet came over a wire."""
        l4 = {"seq": 5000, "ack": self.seq, "options": self.options,
              "flags": flags, "check": check, **tcp}
        return Packet(self.header(2, 1, **(ip or {})),
                      Tcp(443, self.port, **l4), data(n), self.link)

    def hello(self, c, mss_a=1460, mss_b=1460, extra=b"", **record):
        """Both SYNs and the ACK."""
        syn = self.a(flags=SYN, seq=999, ack=0,
                     options=mss(mss_a) + extra + self.options)
        c.mend(syn, **record)
        c.same(self.b(flags=SYN | ACK, ack=1000, seq=4999,
                      options=mss(mss_b) + extra + self.options), **record)
        self.seq = 1000
        c.mend(self.a(), **record)


def udp(n, version=4, link=ethernet, check=SEED, sport=4433, dport=51234,
        start=0, ip=None, length=None):
    """A datagram, or a superpacket of datagrams, from A."""
    cls, net = ends(version)
    return Packet(cls(src=net + "1", dst=net + "2", **(ip or {})),
                  Udp(sport, dport, length, check), data(n, start), link)


def tunnel_ip(version=4, **changes):
    """The IP header of the ends of a tunnel."""
    cls, net = (V4, "192.0.2.") if version == 4 else (V6, "2001:db8::")
    return cls(src=net + "1", dst=net + "2", **changes)


def vxlan(version=4, check=0, vni=42, port=4789, flags=b"\x08\0\0\0",
          last=0, link=ethernet, **ip):
    """RFC 7348, round a packet with an Ethernet header."""
    return Outer(tunnel_ip(version, **ip), Udp(50000, port, check=check),
                 flags + (vni << 8 | last).to_bytes(4, "big"), link)

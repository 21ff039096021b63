# SPDX-License-Identifier: MIT
"""Segmentation in the plainest way: what each segment must be, field by field.

TCP: RFC 9293, and what Linux does with the fields that no RFC settles. UDP:
datagrams of one size. SCTP: chunks, as they fill a packet. UFO: fragments of
one datagram, RFC 791 and RFC 8200.
"""
import copy
import struct

from .wire import CWR, FIN, GOOD, PSH, SEED, UDP, Other

GRE = 47

HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION = 0, 43, 44, 60
JUMBO_PAYLOAD = 0xc2
AUTH = 15                      # RFC 4895


def pieces(payload, size):
    return [payload[i:i + size] for i in range(0, len(payload), size)]


def without_jumbo(extensions):
    """The Jumbo Payload option of a BIG TCP packet never was on a wire."""
    if extensions and extensions[0][0] == HOP_BY_HOP and \
            extensions[0][1][0] == JUMBO_PAYLOAD:
        return extensions[1:]
    return extensions


def around(outer, k):
    """What changes in the headers of a tunnel: a checksum that is there is
    that of the segment."""
    o = copy.deepcopy(outer)
    if o.ip.version == 4:
        o.ip.ident, o.ip.total, o.ip.check = \
            (o.ip.ident + k) & 0xffff, None, GOOD
    else:
        o.ip.payload_len = None
    if hasattr(o.head, "length"):
        o.head.length = None
    if getattr(o.head, "check", None) is not None and \
            (o.head.number == GRE or o.head.check != 0):
        o.head.check = GOOD
    return o


def network(p, k):
    """What the IP layers change in segment k."""
    outers = [around(o, k) for o in p.outers]
    if p.ip.version == 4:
        return {"ip_ident": (p.ip.ident + k) & 0xffff, "ip_total": None,
                "ip_check": GOOD, "outers": outers}
    return {"ip_payload_len": None, "outers": outers,
            "ip_extensions": without_jumbo(p.ip.extensions)}


def tcp(p, size, check=GOOD):
    parts = pieces(p.payload, size)
    out = []
    for k, part in enumerate(parts):
        flags = p.l4.flags
        if k < len(parts) - 1:
            flags &= ~(FIN | PSH)
        if k:
            flags &= ~CWR
        out.append(p.but(payload=part, l4_flags=flags, l4_check=check,
                         l4_seq=(p.l4.seq + k * size) & 0xffffffff,
                         **network(p, k)))
    return out


def udp(p, size, check=GOOD):
    return [p.but(payload=part, l4_check=check, l4_length=None,
                  **network(p, k))
            for k, part in enumerate(pieces(p.payload, size))]


def waiting(p, payload=None, flags=None):
    """Bytes of a wire packet whose innermost checksum a device finishes, and
    which may have more payload than its headers say: those around it are as
    they will be on the wire."""
    wire = p.bytes()
    l4 = copy.deepcopy(p.l4)
    l4.check = SEED
    if flags is not None:
        l4.flags = flags
    payload = p.payload if payload is None else payload
    start = len(wire) - len(p.payload) - len(p.l4.bytes(p.ip, p.payload))
    return wire[:start] + l4.bytes(p.ip, payload) + payload


def partial(p, size):
    """GSO_PARTIAL: as many full segments as 65,534 bytes hold in a frame with
    the headers of its first one. (bytes, segments) of each."""
    model = udp if p.l4.number == UDP else tcp
    parts = model(p, size)
    m = min(len(p.payload), 65534) // size
    out = []
    for at in range(0, len(parts), m):
        group = parts[at:at + m]
        payload = b"".join(part.payload for part in group)
        flags = None
        if p.l4.number != UDP:
            flags = group[0].l4.flags | group[-1].l4.flags
        out.append((waiting(group[0], payload, flags), len(group)))
    return out


def padded(n):
    return n + -n % 4


def sctp(p, mtu, check=GOOD):
    """Whole chunks, as many as fit the MTU; none behind a second AUTH."""
    room = mtu - p.ip.header_len() - 12
    parts, part, at = [], b"", 0
    auth = False
    while at < len(p.payload):
        kind, _, n = struct.unpack_from("!BBH", p.payload, at)
        chunk = p.payload[at:at + padded(n)]
        at += len(chunk)
        if len(part) + len(chunk) > room or (auth and kind == AUTH):
            parts.append(part)
            part, auth = b"", False
        part += chunk
        auth = auth or kind == AUTH
    return [p.but(payload=part, l4_check=check, **network(p, k))
            for k, part in enumerate(parts + [part])]


def whole_datagram(p):
    """The UDP header with the checksum over all of it, and the data."""
    return p.but(l4_check=GOOD).l4.bytes(p.ip, p.payload) + p.payload


def ufo4(p, size):
    parts = pieces(whole_datagram(p), size)
    return [p.but(l4=Other(UDP), payload=part, ip_df=False, ip_total=None,
                  ip_check=GOOD, ip_offset=k * size,
                  ip_mf=k < len(parts) - 1)
            for k, part in enumerate(parts)]


def ufo6(p, size, ident):
    """For packets without extension headers."""
    parts = pieces(whole_datagram(p), size)
    out = []
    for k, part in enumerate(parts):
        more = k < len(parts) - 1
        # behind next header and the reserved byte, which is 0 like the
        # length of an extension header of 8 bytes
        body = struct.pack("!HI", k * size | more, ident)
        out.append(p.but(l4=Other(UDP), payload=part, ip_payload_len=None,
                         ip_extensions=[(FRAGMENT, body)]))
    return out


# Where ufo6() puts the identification, behind the link header.
IDENT_AT = 40 + 4

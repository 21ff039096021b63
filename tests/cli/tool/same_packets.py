# SPDX-License-Identifier: MIT
"""same_packets.py A B - do two captures hold the same packets?

Time stamps aside, and the order of packets of different flows: frames,
lengths, interfaces, flags and options must be the same, and in the same order
within each flow. So must all that stands between two blocks that are no
packets.
"""
import struct
import sys


def options(body, order):
    at = 0
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        if not code:
            break
        yield code, body[at + 4:at + 4 + size]
        at += 4 + (size + 3 & ~3)


def pcap(b):
    order = "<" if b[0] in (0xd4, 0x4d) else ">"
    yield "block", b[:24]
    at = 24
    while at < len(b):
        caplen, size = struct.unpack_from(order + "8xII", b, at)
        yield "packet", (0, size, ()), b[at + 16:at + 16 + caplen]
        at += 16 + caplen


def pcapng(b):
    at, order = 0, "<"
    while at < len(b):
        if b[at:at + 4] == b"\n\r\r\n":
            order = "<" if b[at + 8] == 0x4d else ">"
        kind, size = struct.unpack_from(order + "II", b, at)
        body = b[at + 8:at + size - 4]
        if kind == 6:
            iface, caplen, length = struct.unpack_from(order + "I8xII", body)
            end = 20 + (caplen + 3 & ~3)
            yield ("packet", (iface, length,
                              tuple(options(body[end:], order))),
                   body[20:20 + caplen])
        elif kind == 3:
            yield "packet", ("simple",), body
        else:
            yield "block", body[:8] + body[16:] if kind == 0x0a0d0d0a else body
        at += size


def flow(frame):
    """Its addresses and ports, roughly: Ethernet with tags, or none."""
    frame = frame.ljust(128, b"\0")
    at = 14
    while frame[at - 2:at] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    kind = frame[at - 2:at]
    if kind == b"\x08\x00" and frame[at + 6] & 0x3f == 0:
        ports = at + 4 * (frame[at] & 15)
        return frame[at + 9:at + 10] + frame[at + 12:at + 20] + \
            frame[ports:ports + 4]
    if kind == b"\x86\xdd":
        return frame[at + 6:at + 7] + frame[at + 8:at + 44]
    return b""


def read(name):
    """Parts between blocks: those, and the packets by interface and flow."""
    with open(name, "rb") as f:
        b = f.read()
    parts = []
    for kind, *what in pcapng(b) if b[:4] == b"\n\r\r\n" else pcap(b):
        if kind == "block":
            parts.append((what, {}))
            continue
        key = (what[0][0], flow(what[1]))
        parts[-1][1].setdefault(key, []).append(what)
    return parts


def main(one, other):
    a, b = read(one), read(other)
    n = sum(len(packets) for _, flows in a for packets in flows.values())
    if a == b:
        print(f"{n} packets, the same")
        return 0
    print("they differ")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

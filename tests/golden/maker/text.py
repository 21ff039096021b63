# SPDX-License-Identifier: MIT
"""The reports of segoff split and merge, as their manual describes them."""

# Where a gso_size came from, in the order of the report.
HOW = [
    ("meta", "from the metadata"),
    ("lengths", "from their own lengths"),
    ("caller", "given"),
    ("syn", "from the SYN's MSS"),
    ("flow", "from neighbours"),
    ("mtu", "guessed from the MTU"),
]

WHY = {
    "snaplen": "cut short by the snap length",
    "trailer": "there are bytes behind the IP packet",
    "csum-wrong":
        "checksum is really wrong: neither right nor partial",
    "udp-unsure": "a large UDP packet, and nothing makes its datagram size "
                  "certain",
    "not-ip": "neither IPv4 nor IPv6 inside",
    "ip-header": "IP version or header length is impossible",
    "gre-seq": "GRE with sequence numbers, which would have to count packets "
               "that are not there yet",
    "depth": "too many headers",
    "tunnel": "a tunnel, not looked into",
    "transport": "transport protocol is neither TCP, UDP nor SCTP",
    "mtu-limit": "no way to cut it keeps within the MTU",
    "sctp-chunk": "the length of an SCTP chunk is impossible",
    "ext-header": "an IPv6 extension header other than Hop-by-Hop, Routing, "
                  "Destination",
    "fragment": "an IP fragment",
    "gso-type": "gso_type contradicts the packet",
    "gso-csum-start": "csum_start is not the transport header",
    "gso-unsupported": "this kind of superpacket is not segmented here",
    "tcp-header": "TCP data offset is below 5",
    "meta-short": "virtio_net_hdr is cut short",
    "meta-type": "gso_type is not known",
    "meta-size": "gso_size is 0 or 65535",
    "meta-csum-end": "csum_start and csum_offset, or the transport header, "
                     "lie beyond the frame",
    "meta-csum-low": "csum_start lies inside the IP header",
    "meta-csum-high": "csum_start does not fit the kernel's 16 bits",
    "meta-csum-offset": "csum_offset is not that of the protocol in gso_type",
    "meta-udp-csum": "UDP segmentation without NEEDS_CSUM",
    "meta-udp-ecn": "UDP segmentation with the ECN bit",
    "meta-udp-segs": "UDP segmentation into more than 128 datagrams",
    "meta-hdr-len": "hdr_len is beyond the frame, or below an Ethernet "
                    "header",
    "meta-frame": "frame too short for the headers named",
    "meta-version": "packet is neither IPv4 nor IPv6",
    "meta-tunnel-both": "outer IPv4 and outer IPv6 at once",
    "meta-tunnel-inner": "tunnel segmentation without an inner type, or with "
                         "UFO",
    "meta-tunnel-csum": "tunnel segmentation without NEEDS_CSUM",
    "meta-tunnel-order": "tunnel header offsets are out of order",
    "gro-first": "nothing of its flow is held",
    "gro-link": "link header, VLAN tag or kind of headers differs",
    "gro-seq": "not the next sequence number",
    "gro-flags": "TCP flags or header length differ",
    "gro-empty": "no payload",
    "gro-full": "superpacket is as large as it may be",
    "gro-csum": "checksum is wrong",
    "gro-udp-off": "coalescing of UDP was not asked for",
    "options": "options of their own, or flags of an offload",
}

NAMED = 4                      # packets named in split's report
REASONS = 3                    # and reasons in merge's


def sized(n):
    v = float(n)
    for unit in ("bytes", "kB", "MB", "GB"):
        if v < 999.95:
            break
        v /= 1000
    return f"{v:.0f} {unit}" if unit == "bytes" else f"{v:.1f} {unit}"


def plural(n):
    return "" if n == 1 else "s"


def notes(title, ending, listed):
    line = f"{title} {len(listed):9,} packet{plural(len(listed))}{ending}:"
    line += ",".join(f" #{n} {WHY[why]}" for n, why in listed[:NAMED])
    if len(listed) > NAMED:
        line += f" and {len(listed) - NAMED:,} more"
    return line


def read(c):
    s = plural(c.packets_in)
    return f"read    {c.packets_in:9,} packet{s or ' '} " \
           f"{sized(c.bytes_in):>9}   ({c.format})"


def wrote(c):
    s = plural(c.packets_out)
    return f"wrote   {c.packets_out:9,} packet{s or ' '} " \
           f"{sized(c.bytes_out):>9}   largest frame {c.largest:,} bytes"


def merge(c):
    """What segoff merge says of a Case."""
    lines = [read(c), f"merged  {c.merged:9,} packet{plural(c.merged)} into "
                      f"{c.supers:,} superpacket{plural(c.supers)}"]
    whys = [why for _, why in c.alone]
    if whys:
        counts = sorted({why: -whys.count(why) for why in whys}.items(),
                        key=lambda item: (item[1], list(WHY).index(item[0])))
        line = f"alone   {len(whys):9,} packet{plural(len(whys))}:" + \
            ",".join(f" {-n:,} {WHY[why]}" for why, n in counts[:REASONS])
        more = sum(-n for _, n in counts[REASONS:])
        lines.append(line + (f", and {more:,} more" if more else ""))
    if "gro-udp-off" in whys:
        lines.append("        --udp merges datagrams, too")
    return "\n".join(lines + [wrote(c)]) + "\nexit 0\n"


def split(c):
    """What segoff split says of a Case."""
    lines = [read(c)]
    line = f"split   {c.supers:9,} superpacket{plural(c.supers)} into " \
            f"{c.segments:,} segment{plural(c.segments)}"
    if c.frames:
        line += f", {c.frames:,} of them {'a ' if c.frames == 1 else ''}" \
                f"partial frame{plural(c.frames)}"
    hows = [f"{c.how[k]:,} {words}" for k, words in HOW if c.how.get(k)]
    lines.append(line + ("      gso_size: " + ", ".join(hows)
                         if hows else ""))
    if c.unsaid:
        lines.append(f"whole   {c.unsaid:9,} superpacket{plural(c.unsaid)} "
                     "cut to the end: no virtio_net_hdr of this size can say "
                     f"how to cut {'it' if c.unsaid == 1 else 'them'}")
    if c.sums or c.lengths:
        fixed = f"fixed   {c.sums:9,} checksum{plural(c.sums)} that " \
                f"{'was' if c.sums == 1 else 'were'} never filled in"
        if c.lengths:
            fixed += f";  {c.lengths:,} IP length{plural(c.lengths)}"
        lines.append(fixed)
    if c.alone:
        lines.append(notes("left   ", " alone", c.alone))
        whys = {why for _, why in c.alone}
        if "udp-unsure" in whys:
            lines.append("        --udp-size N cuts large UDP packets into "
                         "datagrams of N bytes")
        if "csum-wrong" in whys:
            lines.append("        --checksum=rewrite goes on in spite of "
                         "wrong checksums")
    if c.refusals:
        lines.append(notes("refused", ", not written", c.refusals))
    lines.append(wrote(c))
    status = 3 if c.alone or c.refusals else 0
    return "\n".join(lines) + f"\nexit {status}\n"


REPORTS = {"split": split, "merge": merge}

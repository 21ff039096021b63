# SPDX-License-Identifier: MIT
"""One golden case: a capture, and what split or merge must make of it.

A case says of every packet what is to become of it; nothing is decided here.
"""
from dataclasses import replace

from . import cut, text
from .files import (FLAGS, FOR_EACH, HASH, NOT_READY, OLD, PENDING,
                    SIMPLE, Pcap, Record)
from .wire import GOOD, SCTP, SEED, SEED_NO_LENGTH, TCP, UDP

START = 1_700_000_000          # seconds


def frame_of(p):
    """A case may give a packet or bare bytes."""
    return p if isinstance(p, bytes) else p.bytes()


class Case:
    def __init__(self, name, shows, file=None, args="", link="Ethernet",
                 to_linktype=None, command="split"):
        self.name = name
        self.shows = shows
        self.file = file or Pcap()
        self.args = args
        self.command = command
        self.format = f"{self.file.name}, {link}"
        self.input = self.file.begin()
        self.output = self.file.begin(to_linktype)
        self.keep = "--checksum=keep" in args
        self.packets_in = self.bytes_in = 0
        self.packets_out = self.bytes_out = self.largest = 0
        self.supers = self.segments = self.sums = self.lengths = 0
        self.frames = self.unsaid = 0          # partial ones; not to be said
        self.how = {}
        self.merged = 0        # packets that merge put into superpackets
        self.alone = []
        self.refusals = []
        self.idents = []       # output offsets of each UFO datagram's

    # ------------------------------------------------------------ records

    def record(self, **said):
        """Without a time said: a millisecond after the one before."""
        ms = self.file.ticks // 1000
        said.setdefault("time",
                        START * self.file.ticks + ms * self.packets_in)
        return Record(**said)

    def block(self, b, becomes=None):
        """A pcapng block that is no packet."""
        self.input += b
        self.output += b if becomes is None else becomes

    def take(self, frame, record, vnet=b""):
        """A packet of the input."""
        self.packets_in += 1
        self.bytes_in += len(frame)
        if record.length is not None:
            record = replace(record, length=record.length + len(vnet))
        self.input += self.file.packet(vnet + frame, record)

    def give(self, frame, record, header=b""):
        """A packet of the output, behind a virtio_net_hdr."""
        self.packets_out += 1
        self.bytes_out += len(frame)
        self.largest = max(self.largest, len(frame))
        if record.length is not None:
            record = replace(record, length=record.length + len(header))
        self.output += self.file.packet(header + frame, record)

    def flags_now(self, options, unfinished):
        """epb_flags that are true of a changed packet."""
        old = [int.from_bytes(v, "little" if self.file.order == "<" else
                              "big") for code, v in options if code == FLAGS]
        new = (old[0] if old else 0) & ~(NOT_READY | PENDING)
        if unfinished:
            new |= NOT_READY
        return self.file.flags(new) if old or new else None

    def give_changed(self, frame, record, k=0, unfinished=False,
                     header=b""):
        """A packet that is not as it was, or segment k of one."""
        options = []
        flags = None
        if self.file.name == "pcapng" and record.kind != SIMPLE:
            flags = self.flags_now(record.options, unfinished)
        for code, value in record.options:
            if code == FLAGS:
                options.append(flags)
                flags = None
            elif code != HASH and (code in FOR_EACH or k == 0):
                options.append((code, value))
        if flags:
            options.append(flags)
        drops = record.drops
        if k and record.kind == OLD and drops != 0xffff:
            drops = 0
        self.give(frame, replace(record, options=options, drops=drops),
                  header)

    # ------------------------------------------- what becomes of a packet

    def same(self, p, vnet=b"", header=b"", **record):
        """Nothing to remark."""
        r = self.record(**record)
        frame = frame_of(p)
        self.take(frame, r, vnet)
        self.give(frame, r, header)

    def left(self, p, why, vnet=b"", captured=None, **record):
        """Left alone and counted; captured: bytes below the snap length."""
        frame = frame_of(p)
        if captured is not None:
            record["length"] = len(frame)
            frame = frame[:captured]
        r = self.record(**record)
        self.take(frame, r, vnet)
        self.alone.append((self.packets_in, why))
        self.give(frame, r)

    def refused(self, p, why, vnet, **record):
        """Metadata that Linux refuses: not written."""
        frame = frame_of(p)
        self.take(frame, self.record(**record), vnet)
        self.refusals.append((self.packets_in, why))

    def mend(self, p, to=None, sums=1, lengths=0, vnet=b"", unfinished=False,
             header=b"", **record):
        """What was never filled in is, and the packet stays one."""
        r = self.record(**record)
        self.take(frame_of(p), r, vnet)
        self.sums += sums
        self.lengths += lengths
        if to is None:
            to = p.but(l4_check=GOOD)
        self.give_changed(frame_of(to), r, unfinished=unfinished,
                          header=header)

    def split(self, p, size, how, lengths=0, sums=None, times=None,
              vnet=b"", remote=False, header=b"", **record):
        """A superpacket, to be cut into payloads of size (SCTP: to an MTU);
        remote: the receiver finishes its checksum."""
        r = self.record(**record)
        self.take(p.bytes(), r, vnet)
        partial = p.l4.check in (SEED, SEED_NO_LENGTH, 0)
        kept = self.keep and partial
        model = {TCP: cut.tcp, UDP: cut.udp, SCTP: cut.sctp}[p.l4.number]
        parts = model(p, size, SEED if kept or remote else GOOD)
        self.count(parts, how, lengths,
                   partial and not kept and not remote
                   if sums is None else sums)
        for k, part in enumerate(parts):
            if times:
                r = replace(r, time=times[k])
            self.give_changed(part.bytes(), r, k, kept, header)

    def partial(self, p, size, how, headers=None, **record):
        """A superpacket that becomes partial frames, and perhaps a tail."""
        r = self.record(**record)
        self.take(p.bytes(), r)
        frames = cut.partial(p, size)
        self.count(frames, how, 0, 0)
        self.frames += sum(n > 1 for _, n in frames)
        for k, (frame, _) in enumerate(frames):
            self.give_changed(frame, r, k, True,
                              headers[k] if headers else b"")

    def count(self, parts, how, lengths, sums):
        self.supers += 1
        self.segments += len(parts)
        self.how[how] = self.how.get(how, 0) + 1
        self.lengths += lengths
        self.sums += sums

    def fragments(self, p, parts, vnet, ident_at=None, **record):
        """A UFO packet; ident_at: where each has its identification."""
        r = self.record(**record)
        self.take(p.bytes(), r, vnet)
        self.count(parts, "meta", 0, p.l4.check == SEED)
        group = []
        for part in parts:
            self.give_changed(part.bytes(), r)
            if ident_at is not None:
                group.append(len(self.output) - len(part.bytes()) + ident_at)
        if group:
            self.idents.append(group)

    # -------------------------------------------------------------- files

    def files(self):
        """Names and bytes of all files of this case."""
        kind = self.file.name
        files = {
            f"{self.name}.in.{kind}": self.input,
            f"{self.name}.out.{kind}": self.output,
            f"{self.name}.txt": text.REPORTS[self.command](self).encode(),
        }
        if self.command != "split":
            files[f"{self.name}.command"] = (self.command + "\n").encode()
        if self.args:
            files[f"{self.name}.args"] = (self.args + "\n").encode()
        if self.idents:
            files[f"{self.name}.ident"] = "".join(
                " ".join(map(str, group)) + "\n"
                for group in self.idents).encode()
        return files

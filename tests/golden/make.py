#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py - golden captures and what segoff must make of them

    make.py            write them beside this file
    make.py --check    are they as written? (TAP)

What is expected does not come from segoff: maker/ builds packets and segments
of its own.
"""
import os
import re
import sys

sys.dont_write_bytecode = True  # the sources may lie where none may write

# pylint: disable=wrong-import-position
from maker import (cases_checksum, cases_length, cases_link, cases_merge,
                   cases_partial, cases_pcapng, cases_sctp, cases_tcp,
                   cases_time, cases_tunnel, cases_udp, cases_vnet)

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = [
    ("Sizes and fields", cases_tcp),
    ("Link types and forms of pcap", cases_link),
    ("Lengths", cases_length),
    ("Checksums", cases_checksum),
    ("UDP and other protocols", cases_udp),
    ("Tunnels", cases_tunnel),
    ("Partial frames", cases_partial),
    ("SCTP", cases_sctp),
    ("pcapng", cases_pcapng),
    ("virtio_net_hdr", cases_vnet),
    ("Time", cases_time),
    ("Merging, and splitting again", cases_merge),
]
OURS = re.compile(r"\.(in|out)\.pcap(ng)?$|\.(args|command|ident|txt)$")

README = """\
# Golden captures

Each case is an input (`NAME.in.pcap` or `.pcapng`), the subcommand if it is
not `split` (`NAME.command`), its options (`NAME.args`, if any), the output that
must come (`NAME.out.*`), and the report and exit status (`NAME.txt`). Outputs are compared byte for
byte. `NAME.ident` lists, for each UDP datagram over IPv6 that is cut into
fragments, where in the output the identification is: its value is random, but
the same in all of them.

`make.py` writes all of these files, this one included, without segoff: it has
packets, segmentation and capture files of its own (`maker/`), in the plainest
way there is. A case says of every packet what is to become of it. So the
expectations are those of a second mind; if a test fails, one of the two is
wrong, and running `make.py` again does not decide which. `run` compares,
`make.py --check` sees that the files are still those that it writes.

R- and Q- numbers are those of the rules in tests/unit.
"""


def everything():
    """All files: name to bytes."""
    files = {}
    readme = README
    for title, part in PARTS:
        readme += f"\n## {title}\n\n| case | shows |\n| --- | --- |\n"
        for make in part.CASES:
            case = make()
            assert case.name + ".txt" not in files, case.name
            files.update(case.files())
            option = f"`{case.args}`: " if case.args else ""
            if case.command != "split":
                option = f"`{case.command} {case.args}`: ".replace(" `", "`")
            readme += f"| {case.name} | {option}{case.shows} |\n"
    files["README.md"] = readme.encode()
    return files


def present():
    return {name for name in os.listdir(HERE)
            if OURS.search(name) or name == "README.md"}


def write(files):
    for name in present() - set(files):
        os.unlink(os.path.join(HERE, name))
    for name, content in files.items():
        with open(os.path.join(HERE, name), "wb") as f:
            f.write(content)


def check(files):
    """TAP: every file is there, is as it should be, and there is no other."""
    names = sorted(set(files) | present())
    failed = 0
    for n, name in enumerate(names, 1):
        path = os.path.join(HERE, name)
        content = None
        if os.path.exists(path):
            with open(path, "rb") as f:
                content = f.read()
        good = content == files.get(name)
        if not good:
            failed += 1
            print(f"# {name} " + (
                "is missing" if content is None else
                "is not written by make.py" if name not in files else
                "differs from what make.py writes"))
        print(f"{'ok' if good else 'not ok'} {n} - {name}")
    print(f"1..{len(names)}")
    return 1 if failed else 0


def main(args):
    files = everything()
    if args == ["--check"]:
        return check(files)
    if args:
        print(__doc__.strip())
        return 2
    write(files)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

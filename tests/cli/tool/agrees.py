# SPDX-License-Identifier: MIT
"""agrees.py FILE... - does what explain says of the capture point agree with
what it counted?"""
import json
import subprocess
import sys

for name in sys.argv[1:]:
    text = subprocess.run(["segoff", "explain", "--limit", "0", name],
                          capture_output=True, check=False, text=True).stdout
    counts = json.loads(subprocess.run(
        ["segoff", "explain", "--json", name], capture_output=True,
        check=False).stdout)
    odd = counts["counts"]
    wrong = []
    for words, kinds in (
            ("nobody's checksums are partial", ["partial-checksum"]),
            ("all checksums are complete",
             ["partial-checksum", "absent-checksum", "wrong-checksum"]),
            ("all packets of wire size", ["superpacket", "above-mtu"])):
        wrong += [f"says '{words}', counted {odd[k]} {k}" for k in kinds
                  if words in text and odd[k]]
    if "all checksums" in text and not counts["packets"]:
        wrong.append("says 'all checksums ...' of no packet at all")
    print(f"{name}: " + ("; ".join(wrong) or "agrees"))

# SPDX-License-Identifier: MIT
"""manual_keys.py SUBCOMMAND MANUAL - are the members of the JSON object on
standard input those that the manual names, in the same order?"""
import json
import re
import sys


def named(manual, command):
    with open(manual, encoding="utf-8") as f:
        text = f.read().replace("\\-", "-")
    part = re.search(rf"^\.SH {command.upper()}\n(.*?)(?=^\.SH )", text,
                     re.M | re.S).group(1)
    said = re.search(r"^\.B --json\n(.*?)(?=^\.)", part, re.M | re.S).group(1)
    said = said.partition("object:")[2]
    said = re.sub(r"\([^)]*\)", "", said).replace("\n", " ")
    return re.findall(r"\b([a-z_]+)\b(?=[,. ])", said.partition(
        " if the input")[0].replace(" and ", " ") + " ")


want = named(sys.argv[2], sys.argv[1])
got = list(json.load(sys.stdin))
for name in want:
    if name not in got:
        print(f"the manual names {name}, the object has none")
for name in got:
    if name not in want:
        print(f"the object has {name}, the manual does not name it")
print(f"{len(got)} members")

# SPDX-License-Identifier: MIT
"""object.py [KEY...] - standard input must be one JSON object in UTF-8, in one
line, that names nothing twice; print it, or some members of it"""
import json
import sys


def once(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        sys.exit(f"a name occurs twice: {names}")
    return dict(pairs)


text = sys.stdin.buffer.read().decode("utf-8")
if text.count("\n") != 1 or not text.endswith("\n"):
    sys.exit("not one line")
value = json.loads(text, object_pairs_hook=once)
if sys.argv[1:]:
    value = {name: value[name] for name in sys.argv[1:]}
print(json.dumps(value, indent=2, ensure_ascii=True))

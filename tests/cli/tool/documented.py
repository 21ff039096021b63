# SPDX-License-Identifier: MIT
"""documented.py ROOT - do --help, the manual and the completion of the shell
name the same options and exit statuses?"""
import os
import re
import subprocess
import sys


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as f:
        return f.read()


def options(text):
    return set(re.findall(r"--[a-z][a-z-]*", text)) - {"--help", "--version"}


def section(man, title):
    return re.search(rf"^\.SH {title}\n(.*?)(?=^\.SH |\Z)",
                     man.replace("\\-", "-"), re.M | re.S).group(1)


def completion(text, command):
    return options(re.search(rf"^\t{command}\)(.*?);;", text,
                             re.M | re.S).group(1))


def main(root):
    man = read(root, "man/segoff.1")
    words = read(root, "completion/segoff.bash")
    for line in ("split", "merge", "explain", "doctor udp", "bench udp",
                 "send", "recv"):
        command = line.split()[0]
        told = subprocess.run(["segoff", *line.split(), "--help"], check=True,
                              capture_output=True, text=True).stdout
        described = set(re.findall(
            r"^\.(?:BI|BR|B) (--[a-z-]*[a-z])",
            section(man, command.upper()), re.M))
        for where, has in (("manual", described),
                           ("completion", completion(words, command))):
            for option in sorted(options(told) ^ has):
                print(f"{command} {option}: in " + (
                    "--help, not in the " + where if option in options(told)
                    else "the " + where + ", not in --help"))
        statuses = set(re.findall(r"^\.B (\d+)", section(man, "EXIT STATUS"),
                                  re.M))
        said = set(re.findall(r"[ ;](\d+) [a-z]", told.partition(
            "Exit status:")[2].replace("\n", " ")))
        print(f"{command}: the manual has {sorted(statuses, key=int)}, "
              f"--help {sorted(said, key=int)}")


main(sys.argv[1])

# SPDX-License-Identifier: MIT
"""unread.py COMMAND... - run it with a pipe as standard output that nobody
reads, from the start"""
import os
import subprocess
import sys

reader, writer = os.pipe()
os.close(reader)
done = subprocess.run(sys.argv[1:], stdout=writer, check=False)
sys.exit(done.returncode)

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Compressed data that breaks off or is damaged: what came out of it before
# is written.
needs_packing
command -v gzip > /dev/null || skip "gzip is not installed"
command -v zstd > /dev/null || skip "zstd is not installed"

# The libraries' own words differ between versions.
split() {
	t_sh "segoff split --quiet $1 $2 2>&1 |
	sed 's/damaged: .*, at/damaged: WHY, at/'"
}

# stored, so that what is lost is what is missing
python3 - "$CAPTURES/tcp4-sender.pcapng" > packed.gz << 'END'
import sys
import zlib
z = zlib.compressobj(0, zlib.DEFLATED, 31)
data = open(sys.argv[1], "rb").read()
sys.stdout.buffer.write(z.compress(data) + z.flush())
END
head -c 40000 packed.gz > broken.gz
t segoff split broken.gz out
head -c 39985 "$CAPTURES/tcp4-sender.pcapng" > plain
segoff split --quiet plain want 2> "$SCRATCH/2"
same out want
head -c 5 packed.gz > broken.gz
split broken.gz none
(head -c 20000 packed.gz; echo damage; tail -c +20008 packed.gz) > broken.gz
split broken.gz out
head -c -1 packed.gz > broken.gz
split broken.gz out

zstd -q -c "$CAPTURES/tcp4-sender.pcapng" > packed.zst
head -c 100 packed.zst > broken.zst
split broken.zst out
head -c 6 packed.zst > broken.zst
split broken.zst none
printf '\050\265\057\375garbage that is no zstd' > broken.zst
split broken.zst none
head -c -1 packed.zst > broken.zst
split broken.zst out
printf '\037\213garbage that is no gzip' > broken.gz
split broken.gz none
rm -f packed.gz packed.zst out plain want

/* SPDX-License-Identifier: MIT */
/*
 * segment.c - the library in one page: a superpacket in memory, its segments
 *
 *	cc segment.c $(pkg-config --cflags --libs libsegoff) && ./a.out
 */
#include <segoff.h>
#include <stdio.h>
#include <string.h>

/* IPv4 and TCP headers, and payload that is too much for one packet. */
static unsigned char packet[40 + 3000] = {
	0x45, 0, 0x0b, 0xe0, 0,	   1,	 0x40, 0, 64, 6,  0, 0, 10, 0,
	0,    1, 10,   0,    0,	   2,	 0x30, 0, 0,  80, 0, 0, 0,  1,
	0,    0, 0,    1,    0x50, 0x18, 4,    0, 0,  0,  0, 0,
};

int main(void)
{
	static unsigned char out[8192];
	struct segoff_meta meta;
	struct iovec segment[8];
	ssize_t n;

	memset(&meta, 0, sizeof(meta));
	meta.gso_type = SEGOFF_GSO_TCPV4;
	meta.gso_size = 1460;
	n = segoff_segment(packet, sizeof(packet), SEGOFF_LINK_RAW, &meta, NULL,
			   out, sizeof(out), segment, 8);
	if (n < 0) {
		fprintf(stderr, "cannot be segmented: %s\n", strerror((int)-n));
		return 1;
	}
	for (ssize_t i = 0; i < n; i++) {
		const unsigned char *p =
			(const unsigned char *)segment[i].iov_base;

		printf("segment %zd: %4zu bytes, id %u, checksum 0x%02x%02x\n",
		       i, segment[i].iov_len, p[4] << 8 | p[5], p[36], p[37]);
	}
	return 0;
}

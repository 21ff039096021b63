/* SPDX-License-Identifier: MIT */
/*
 * fuzz_sctp.c - chunks of any length into members and back, against the model
 *
 * 16 bytes say what the path is like; the rest is chunks as they lie in a
 * packet, and, taken apart by their length fields as far as that goes, a queue.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../property/sctp_case.h"
#include "../ref/ref.h"

#define HEAD 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A length field may lie: then the queue has such a chunk at its end. */
static void take_apart(struct sctp_case *c)
{
	size_t at = 0, len;

	for (c->n = 0; at < c->len && c->n < QUEUE_CHUNKS; at += len) {
		len = c->len - at < 4 ? 0 : ref_get16(c->at + at + 2);
		if (len < 4 || len > c->len - at)
			len = c->len - at;
		c->end[c->n++] = at + len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sctp_case c;
	struct complaint why;
	struct rnd r;

	if (size < HEAD || size > HEAD + 60000)
		return 0;
	c.path = (struct segoff_sctp_path){ .sz = sizeof(c.path) };
	c.path.pathmtu = ref_get16(data);
	c.path.overhead = ref_get16(data + 2);
	c.path.max_size = ref_get32(data + 4);
	c.path.window = ref_get32(data + 8);
	c.mtu = ref_get16(data + 12);
	r = rnd_seed(data[14], data[15]);
	c.len = size - HEAD;
	memcpy(c.at, data + HEAD, c.len);
	take_apart(&c);
	if (check_flat(&c, &why) && check_queue(&c, &r, &why))
		return 0;
	printf("fuzz_sctp: %s\n", why.text);
	fflush(stdout);
	abort();
}

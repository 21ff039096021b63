/* SPDX-License-Identifier: MIT */
/* batch.c - packets of a capture that are in memory together */
#include "batch.h"

#include <errno.h>
#include <time.h>

/* A batch that is larger than this is full. */
#define BYTES_MAX (4u << 20)
/* Nobody waits longer for a packet of a live pipe. */
#define WAIT_MS 500

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* Files are always waited for, so that only pipes are asked for the time. */
static bool is_live(const struct batch *b)
{
	uint64_t total;

	capture_progress(b->reader, &total);
	return !total;
}

/* How long the first packet of the batch can still wait for others. */
static int patience(struct batch *b)
{
	int64_t left;

	if (!b->n || !is_live(b))
		return -1;
	if (b->n == 1)
		b->since = now_ms();
	left = b->since + WAIT_MS - now_ms();
	return left > 0 ? (int)left : 0;
}

/* One more record: 1; 0 if the batch ends here. */
static int take(struct batch *b, struct capture_record *rec)
{
	int n;

	capture_patience(b->reader, patience(b));
	n = capture_next(b->reader, rec, &b->error);
	b->idle = n == -EAGAIN;
	if (b->idle)
		return 0;
	b->over = n <= 0;
	if (!n)
		b->error.code = 0;
	return !b->over;
}

static void fill(struct batch *b)
{
	uint64_t bytes = 0;

	while (b->n < b->most && bytes < BYTES_MAX) {
		struct capture_record *rec = &b->rec[b->n];

		if (!take(b, rec))
			return;
		if (!rec->packet) {
			b->block = *rec;
			b->has_block = true;
			return;
		}
		bytes += rec->size;
		b->n++;
	}
}

bool batch_next(struct batch *b)
{
	if (b->over)
		return false;
	capture_release(b->reader, UINT64_MAX);
	b->n = 0;
	b->has_block = false;
	fill(b);
	for (size_t i = 0; i < b->n; i++)
		b->bytes[i] = capture_bytes(b->reader, &b->rec[i]);
	return b->n || b->has_block;
}

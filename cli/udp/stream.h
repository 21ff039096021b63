/* SPDX-License-Identifier: MIT */
/*
 * stream.h - what segoff send and segoff recv tell each other
 *
 * Every datagram begins with a header, in network order:
 *
 *	0  4  "SGOF"
 *	4  4  flags: STREAM_END
 *	8  8  number of the stream, by chance
 *	16 8  number of the datagram, from 0; END: how many there were
 */
#ifndef SEGOFF_CLI_UDP_STREAM_H
#define SEGOFF_CLI_UDP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_HEADER 24
#define STREAM_END    1u /* nothing follows; it is sent more than once */

struct stream_head {
	uint32_t flags;
	uint64_t id;
	uint64_t seq;
};

void stream_write(uint8_t *p, const struct stream_head *h);

/* false: it is no datagram of ours. */
bool stream_read(const uint8_t *p, size_t len, struct stream_head *h);

#define STREAM_WINDOW 4096 /* how far back a late datagram is known */

/**
 * struct stream - what of a stream has arrived
 * @id: its number
 * @next: behind the highest that arrived
 * @unique: how many arrived
 * @twice: how many of them again
 * @late: how many after one with a higher number
 * @total: how many were sent, once @ended
 * @ended: STREAM_END came
 * @used: time of the last one, ns
 * @seen: bits of the last STREAM_WINDOW before @next
 */
struct stream {
	uint64_t id;
	uint64_t next;
	uint64_t unique;
	uint64_t twice;
	uint64_t late;
	uint64_t total;
	bool ended;
	uint64_t used;
	uint64_t seen[STREAM_WINDOW / 64];
};

/* enum stream_is - what a datagram was */
enum stream_is {
	STREAM_NEXT = 0, /* higher than all before */
	STREAM_LATE,
	STREAM_TWICE,
	STREAM_ENDED,
};

/* Count a datagram in. */
enum stream_is stream_count(struct stream *s, const struct stream_head *h);

/* How many are missing, as far as can be known by now. */
uint64_t stream_lost(const struct stream *s);

#endif

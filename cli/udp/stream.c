/* SPDX-License-Identifier: MIT */
/* stream.c - what segoff send and segoff recv tell each other */
#include "stream.h"

#include <endian.h>
#include <string.h>

#define MAGIC 0x53474f46u

void stream_write(uint8_t *p, const struct stream_head *h)
{
	uint32_t word[2] = { htobe32(MAGIC), htobe32(h->flags) };
	uint64_t number[2] = { htobe64(h->id), htobe64(h->seq) };

	memcpy(p, word, sizeof(word));
	memcpy(p + 8, number, sizeof(number));
}

bool stream_read(const uint8_t *p, size_t len, struct stream_head *h)
{
	uint32_t word[2];
	uint64_t number[2];

	if (len < STREAM_HEADER)
		return false;
	memcpy(word, p, sizeof(word));
	memcpy(number, p + 8, sizeof(number));
	h->flags = be32toh(word[1]);
	h->id = be64toh(number[0]);
	h->seq = be64toh(number[1]);
	return word[0] == htobe32(MAGIC);
}

static uint64_t *word_of(struct stream *s, uint64_t seq)
{
	return &s->seen[seq % STREAM_WINDOW / 64];
}

/* Make room in the window: those between are missing so far. */
static void advance(struct stream *s, uint64_t seq)
{
	if (seq - s->next >= STREAM_WINDOW)
		memset(s->seen, 0, sizeof(s->seen));
	else
		for (uint64_t i = s->next; i <= seq; i++)
			*word_of(s, i) &= ~(1ull << i % 64);
	s->next = seq + 1;
}

/* What is too old for the window was late, for all that is known. */
static bool seen(struct stream *s, uint64_t seq)
{
	return s->next - seq <= STREAM_WINDOW &&
	       *word_of(s, seq) >> seq % 64 & 1;
}

enum stream_is stream_count(struct stream *s, const struct stream_head *h)
{
	bool late = h->seq < s->next;

	if (h->flags & STREAM_END) {
		s->ended = true;
		s->total = h->seq;
		return STREAM_ENDED;
	}
	if (late && seen(s, h->seq)) {
		s->twice++;
		return STREAM_TWICE;
	}
	if (!late)
		advance(s, h->seq);
	if (s->next - h->seq <= STREAM_WINDOW)
		*word_of(s, h->seq) |= 1ull << h->seq % 64;
	s->unique++;
	s->late += late;
	return late ? STREAM_LATE : STREAM_NEXT;
}

uint64_t stream_lost(const struct stream *s)
{
	uint64_t sent = s->ended && s->total > s->next ? s->total : s->next;

	return sent > s->unique ? sent - s->unique : 0;
}

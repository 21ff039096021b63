/* SPDX-License-Identifier: MIT */
/*
 * pieces.h - a cursor over the bytes of a packet that lies in pieces
 */
#ifndef SEGOFF_CORE_PIECES_H
#define SEGOFF_CORE_PIECES_H

#include <segoff/packet.h>

#include "../cpu/csum.h"
#include "bytes.h"

/**
 * struct segoff__cursor - where we are in a packet
 * @at: next byte
 * @left: bytes left in this piece
 * @next: the piece after this one
 * @more: pieces from @next on
 * @skip: bytes of those to pass over first
 */
struct segoff__cursor {
	const uint8_t *at;
	size_t left;
	const struct iovec *next;
	unsigned int more;
	size_t skip;
};

SEGOFF__INLINE void cursor_refill(struct segoff__cursor *c)
{
	while (!c->left && c->more) {
		size_t len = c->next->iov_len;
		size_t skip = c->skip < len ? c->skip : len;

		c->left = len - skip;
		if (c->left)
			c->at = (const uint8_t *)c->next->iov_base + skip;
		c->skip -= skip;
		c->next++;
		c->more--;
	}
}

/* Up to @n bytes that lie together; *@got of them; none at the end. */
SEGOFF__INLINE const uint8_t *cursor_take(struct segoff__cursor *c, size_t n,
					  size_t *got)
{
	const uint8_t *p;

	cursor_refill(c);
	*got = n < c->left ? n : c->left;
	p = c->at;
	if (*got)
		c->at += *got;
	c->left -= *got;
	return p;
}

SEGOFF__INLINE struct segoff__cursor cursor_at(const struct segoff_pkt *pkt,
					       size_t from)
{
	return (struct segoff__cursor){ .next = pkt->iov,
					.more = pkt->niov,
					.skip = from };
}

/* A running sum over pieces of any length, odd ones included. */
struct segoff__sum {
	uint64_t sum;
	bool odd;
};

SEGOFF__INLINE void sum_add(struct segoff__sum *s, uint32_t part, size_t n)
{
	s->sum += s->odd ? swapped((uint16_t)part) : part;
	s->odd ^= n & 1;
}

SEGOFF__INLINE uint16_t sum_done(const struct segoff__sum *s)
{
	return fold32((uint32_t)(s->sum & 0xffff) +
		      (uint32_t)(s->sum >> 16 & 0xffff) +
		      (uint32_t)(s->sum >> 32 & 0xffff));
}

/* Sum of @n bytes from the cursor on; it moves behind them. */
SEGOFF__INLINE uint16_t cursor_sum(struct segoff__cursor *c, size_t n,
				   const struct segoff__cpu *cpu)
{
	struct segoff__sum s = { 0, false };
	const uint8_t *p;
	size_t got;

	while (n) {
		p = cursor_take(c, n, &got);
		if (!got)
			break;
		sum_add(&s, cpu->sum(p, got), got);
		n -= got;
	}
	return sum_done(&s);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * patch.h - from the first header of a run to the others
 *
 * The loops over segments (scatter.c, flat.c) are written once, inline, with
 * the shape of the plan as a parameter, and instantiated for the shapes that
 * matter. So this is a header.
 */
#ifndef SEGOFF_CORE_PATCH_H
#define SEGOFF_CORE_PATCH_H

#include "cover.h"
#include "run.h"

/* Headers are 20 bytes or more but for packets that stay whole. */
SEGOFF__INLINE void copy_header(uint8_t *to, const uint8_t *from, uint32_t n)
{
	uint32_t i = 0;

	if (unlikely(n < 16)) {
		memcpy(to, from, n);
		return;
	}
	if (likely(n > 48)) {
		memcpy(to, from, 48);
		i = 48;
	}
	for (; i + 64 < n; i += 64) /* tunnels */
		memcpy(to + i, from + i, 64);
	for (; i + 16 < n; i += 16)
		memcpy(to + i, from + i, 16);
	memcpy(to + n - 16, from + n - 16, 16);
}

/*
 * What moves from segment to segment: a copy of what the plan says of it. The
 * loops below keep it in registers, which they could not do with the plan
 * itself, since bytes stored into a header might be part of it.
 */
struct moving {
	struct segoff__pair pair[SEGOFF_IP_MAX + 1];
	struct segoff__l4 l4;
	const struct segoff_gso *g;
	unsigned int npair;
	uint32_t hlen;
	uint32_t size;
	bool by_bytes;
};

/*
 * The shape of a plan: which parts of patch() it needs. Known when compiled,
 * they cost nothing; so the loops exist once for each shape that matters.
 */
enum {
	SHAPE_PAIR = 1,	 /* one pair */
	SHAPE_SEQ = 2,	 /* a sequence number */
	SHAPE_SUM = 4,	 /* a transport checksum to finish */
	SHAPE_TWO = 8,	 /* a second pair */
	SHAPE_MORE = 16, /* and a third */
	/* pairs of fragments, or checksums of tunnels to finish */
	SHAPE_OTHER = 32,
};

static unsigned int shape_of(const struct segoff_gso *g)
{
	/* fragments: the first pair over IPv6, the last over IPv4 */
	if (g->by_bytes ||
	    (g->npair && (g->pair[0].more || g->pair[g->npair - 1].more)))
		return SHAPE_OTHER;
	return (g->npair > 0) * SHAPE_PAIR | (g->npair > 1) * SHAPE_TWO |
	       (g->npair > 2) * SHAPE_MORE | g->l4.has_seq * SHAPE_SEQ |
	       (g->l4.mode == L4_FULL) * SHAPE_SUM;
}

#define SHAPE(n, loop, ...)             \
	case n:                         \
		loop(__VA_ARGS__, (n)); \
		break

/* With a sequence number, a checksum, both, none. */
#define FOUR_SHAPES(n, loop, ...)                  \
	SHAPE(n, loop, __VA_ARGS__);               \
	SHAPE((n) | SHAPE_SEQ, loop, __VA_ARGS__); \
	SHAPE((n) | SHAPE_SUM, loop, __VA_ARGS__); \
	SHAPE((n) | SHAPE_SEQ | SHAPE_SUM, loop, __VA_ARGS__)

/* Call loop(..., shape) with a shape known when compiled. */
#define BY_SHAPE(g, loop, ...)                                          \
	switch (shape_of(g)) {                                          \
		FOUR_SHAPES(0, loop, __VA_ARGS__);                      \
		FOUR_SHAPES(SHAPE_PAIR, loop, __VA_ARGS__);             \
		FOUR_SHAPES(SHAPE_PAIR | SHAPE_TWO, loop, __VA_ARGS__); \
		FOUR_SHAPES(SHAPE_PAIR | SHAPE_TWO | SHAPE_MORE, loop,  \
			    __VA_ARGS__);                               \
	default:                                                        \
		loop(__VA_ARGS__, SHAPE_OTHER);                         \
	}

/* Pairs that @shape has: at least, and at most. */
SEGOFF__INLINE unsigned int pairs_from(const unsigned int shape)
{
	return shape & SHAPE_TWO ? 2 : shape & SHAPE_PAIR ? 1 : 0;
}

SEGOFF__INLINE unsigned int pairs_to(const struct segoff_gso *g,
				     const unsigned int shape)
{
	return shape & (SHAPE_MORE | SHAPE_OTHER) ? g->npair :
						    pairs_from(shape);
}

SEGOFF__INLINE void pair_begin(struct moving *m, const struct run *r,
			       unsigned int i)
{
	m->pair[i] = r->g->pair[i];
	/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): i < npair */
	m->pair[i].value = r->value[i];
	m->pair[i].base = fold32(r->base[i]);
	if (r->last)
		m->pair[i].more = 0;
}

/* If the run has no header yet, it is made at @h. */
SEGOFF__INLINE void moving_begin(struct moving *m, struct run *r, uint8_t *h,
				 const unsigned int shape)
{
	if (!r->header)
		segoff__run_header(r, h);
	m->npair = pairs_to(r->g, shape);
	for (unsigned int i = 0; i < pairs_from(shape); i++)
		pair_begin(m, r, i);
	for (unsigned int i = pairs_from(shape); i < m->npair; i++)
		pair_begin(m, r, i);
	m->g = r->g;
	m->by_bytes = r->g->by_bytes && !r->g->by_frags; /* segoff__seal() */
	m->l4 = r->g->l4;
	m->l4.seq = r->seq;
	m->l4.base = r->l4;
	m->hlen = r->g->hlen;
	m->size = r->size;
}

SEGOFF__INLINE void moving_end(const struct moving *m, struct run *r)
{
	for (unsigned int i = 0; i < m->npair; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
		r->value[i] = m->pair[i].value; /* i < npair, as begun */
	r->seq = m->l4.seq;
}

/* The moving half of a pair, and the header checksum over it. */
SEGOFF__INLINE void patch_pair(struct segoff__pair *p, uint8_t *h, bool plain)
{
	uint32_t v = plain ? p->value : p->value >> p->shift | p->more;
	uint16_t w = be16((uint16_t)v);

	store_word(h + p->at, w);
	if (plain || p->check)
		store_word(h + p->check,
			   (uint16_t)~add16((uint16_t)p->base, w));
	p->value += p->step;
}

/* Make @h the next header, the run's being at @header. */
SEGOFF__INLINE void patch(struct moving *m, const uint8_t *header, uint8_t *h,
			  uint32_t payload_sum, const unsigned int shape)
{
	uint32_t sum = m->l4.base + payload_sum;

	if (likely(h != header))
		copy_header(h, header, m->hlen);
	if (shape & SHAPE_PAIR)
		patch_pair(&m->pair[0], h, true);
	if (shape & SHAPE_TWO)
		patch_pair(&m->pair[1], h, true);
	if (shape & (SHAPE_MORE | SHAPE_OTHER))
		for (unsigned int i = pairs_from(shape); i < m->npair; i++)
			patch_pair(&m->pair[i], h, shape & SHAPE_MORE);
	if (shape & SHAPE_SEQ || (shape & SHAPE_OTHER && m->l4.has_seq)) {
		store32(h + m->l4.seq_at, m->l4.seq);
		sum += words32(m->l4.seq);
		m->l4.seq += m->size;
	}
	if (shape & SHAPE_SUM ||
	    (shape & SHAPE_OTHER && m->l4.mode == L4_FULL)) {
		uint16_t v = (uint16_t)~fold32(sum);

		store_word(h + m->l4.check, likely(v) ? v : m->l4.zero);
	}
	if (shape & SHAPE_OTHER && unlikely(m->by_bytes))
		segoff__sum_covers(m->g, h, m->size,
				   (uint16_t)fold32(payload_sum));
}

/* Does this shape want to know the payload's sum? */
SEGOFF__INLINE bool wants_sum(const struct moving *m, const unsigned int shape)
{
	return shape & SHAPE_SUM ||
	       (shape & SHAPE_OTHER && (m->l4.mode == L4_FULL || m->by_bytes));
}

#endif

/* SPDX-License-Identifier: MIT */
/* buckets.h - who is held where, and who is ready to leave */
#ifndef SEGOFF_CORE_GRO_BUCKETS_H
#define SEGOFF_CORE_GRO_BUCKETS_H

#include "state.h"

/**
 * segoff__gro_ready() - to the end of the queue of those who leave
 * @g: state
 * @i: an entry that is held nowhere
 */
void segoff__gro_ready(struct segoff_gro *g, uint32_t i);

/**
 * segoff__gro_leave() - what is held leaves
 * @g: state
 * @i: an entry that is held
 */
void segoff__gro_leave(struct segoff_gro *g, uint32_t i);

/**
 * segoff__gro_put() - hold an entry; the oldest of a full bucket leaves
 * @g: state
 * @b: its bucket
 * @i: the entry
 * @hash: of its flow
 */
void segoff__gro_put(struct segoff_gro *g, struct bucket *b, uint32_t i,
		     uint64_t hash);

SEGOFF__INLINE uint32_t take_held(struct segoff_gro *g)
{
	uint32_t i = g->free_held;

	g->free_held = g->held[i].older;
	g->nfree_held--;
	return i;
}

SEGOFF__INLINE uint32_t take_member(struct segoff_gro *g)
{
	uint32_t i = g->free_member;

	g->free_member = g->member[i].next;
	g->nfree_member--;
	return i;
}

SEGOFF__INLINE struct bucket *bucket_of(const struct segoff_gro *g,
					uint64_t hash)
{
	return &g->bucket[hash & (g->buckets - 1)];
}

/* LOSSLESS: by the hash of the flow. */
SEGOFF__INLINE uint32_t find_tag(const struct segoff_gro *g, uint64_t hash)
{
	const struct bucket *b = bucket_of(g, hash);
	uint32_t tag = (uint32_t)(hash >> 32);

	for (uint32_t way = 0; way < b->n; way++)
		if (b->tag[way] == tag)
			return b->at[way];
	return NOBODY;
}

#endif

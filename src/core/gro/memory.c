/* SPDX-License-Identifier: MIT */
/* memory.c - the caller's memory, and what is in it at the beginning */
#include "state.h"

#include "../hash.h"
#include "../opts.h"

#define PACKETS_DEFAULT 4096u
#define FLOWS_DEFAULT	64u
#define LINUX_BUCKETS	8u
#define MAX_SIZE	524280u
#define FLAGS                                                        \
	(SEGOFF_GRO_UDP | SEGOFF_GRO_VOUCHED | SEGOFF_GRO_COUNT_ID | \
	 SEGOFF_GRO_FRAGLIST)
/* More packets or flows than this make no sense. */
#define LIMIT (UINT32_C(1) << 28)

/* How many are held at once. */
static uint32_t held_most(const struct segoff_gro_opts *o)
{
	uint32_t n = WAYS;

	if (o->profile == SEGOFF_GRO_LINUX)
		return LINUX_BUCKETS * WAYS;
	while (n < o->flows)
		n *= 2;
	return n;
}

/* With half of its places taken a bucket hardly ever overflows. */
static uint32_t bucket_count(const struct segoff_gro_opts *o)
{
	uint32_t n = held_most(o) / WAYS;

	return o->profile == SEGOFF_GRO_LINUX ? n : 2 * n;
}

/* Fill in what was left to us. False: they make no sense. */
static bool settle(const struct segoff_gro_opts *given,
		   struct segoff_gro_opts *o)
{
	struct segoff_gro_opts own;

	given = segoff__opts(given, &own, sizeof(own));
	if (!given || given->profile > SEGOFF_GRO_LINUX ||
	    given->flags & ~FLAGS)
		return false;
	*o = *given;
	if (o->profile == SEGOFF_GRO_LINUX)
		o->flags &= ~SEGOFF_GRO_COUNT_ID;
	if (!o->flows)
		o->flows = FLOWS_DEFAULT;
	if (!o->packets)
		o->packets = PACKETS_DEFAULT;
	if (!o->max_size)
		o->max_size = SIZE_LIMIT;
	if (o->max_size > MAX_SIZE + 1)
		o->max_size = MAX_SIZE + 1;
	return o->flows <= LIMIT && o->packets >= 2 && o->packets <= LIMIT;
}

size_t segoff_gro_size(const struct segoff_gro_opts *o)
{
	struct segoff_gro_opts own;

	if (!settle(o, &own))
		return 0;
	return sizeof(struct segoff_gro) +
	       bucket_count(&own) * sizeof(struct bucket) +
	       own.packets * (sizeof(struct held) + sizeof(struct member));
}

/* All entries of both pools, one behind the other. */
static void make_pools(struct segoff_gro *g)
{
	uint32_t n = g->o.packets;

	for (uint32_t i = 0; i < n; i++) {
		g->held[i].older = i + 1 < n ? i + 1 : NOBODY;
		g->member[i].next = i + 1 < n ? i + 1 : NOBODY;
	}
	g->nfree_held = g->nfree_member = n;
}

static void make_secret(struct segoff_gro *g)
{
	for (uint64_t i = 0; i < SEGOFF__LENGTH(g->secret); i++)
		g->secret[i] = segoff__hash(&i, 1, g->o.seed);
}

struct segoff_gro *segoff_gro_init(void *mem, size_t size,
				   const struct segoff_gro_opts *o)
{
	struct segoff_gro *g = mem;
	size_t need = segoff_gro_size(o);

	if (!need || size < need)
		return NULL;
	memset(g, 0, sizeof(*g));
	settle(o, &g->o);
	g->cpu = segoff__cpu();
	make_secret(g);
	g->buckets = bucket_count(&g->o);
	g->most = held_most(&g->o);
	g->bucket = (struct bucket *)(g + 1);
	g->held = (struct held *)(g->bucket + g->buckets);
	g->member = (struct member *)(g->held + g->o.packets);
	memset(g->bucket, 0, g->buckets * sizeof(*g->bucket));
	make_pools(g);
	g->ready = g->ready_last = g->popped = NOBODY;
	g->oldest = g->newest = NOBODY;
	g->recent_shape = g->shape;
	return g;
}

void segoff__gro_release(struct segoff_gro *g, uint32_t i)
{
	struct held *h = &g->held[i];

	if (h->last != NOBODY) {
		g->member[h->last].next = g->free_member;
		g->free_member = h->first.next;
		g->nfree_member += h->npkt - 1;
	}
	h->older = g->free_held;
	g->free_held = i;
	g->nfree_held++;
}

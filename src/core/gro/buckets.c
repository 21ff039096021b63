/* SPDX-License-Identifier: MIT */
/* buckets.c - who is held where, and who is ready to leave */
#include "buckets.h"

#include "outer.h"

void segoff__gro_ready(struct segoff_gro *g, uint32_t i)
{
	g->held[i].older = NOBODY;
	if (g->ready == NOBODY)
		g->ready = i;
	else
		g->held[g->ready_last].older = i;
	g->ready_last = i;
}

/* Take a held one out of the list by age. */
static void forget_age(struct segoff_gro *g, const struct held *h)
{
	if (h->older == NOBODY)
		g->oldest = h->newer;
	else
		g->held[h->older].newer = h->newer;
	if (h->newer == NOBODY)
		g->newest = h->older;
	else
		g->held[h->newer].older = h->older;
}

/* What is at place @way of a bucket leaves. */
static void leave(struct segoff_gro *g, struct bucket *b, uint32_t way)
{
	uint32_t i = b->at[way];

	b->n--;
	g->nheld--;
	for (uint32_t k = way; k < b->n; k++) {
		b->tag[k] = b->tag[k + 1];
		b->at[k] = b->at[k + 1];
	}
	if (g->recent == &g->held[i])
		g->recent = NULL;
	g->held[i].full = 0; /* nobody's next any more */
	forget_age(g, &g->held[i]);
	if (g->held[i].tunnel)
		g->held[i].fixed_bits = segoff__outer_fixed(g, &g->held[i]);
	g->held[i].shape->users--;
	segoff__gro_ready(g, i);
}

void segoff__gro_leave(struct segoff_gro *g, uint32_t i)
{
	struct bucket *b = &g->bucket[g->held[i].bucket];

	for (uint32_t way = 0; way < b->n; way++)
		if (b->at[way] == i) {
			leave(g, b, way);
			return;
		}
}

void segoff__gro_put(struct segoff_gro *g, struct bucket *b, uint32_t i,
		     uint64_t hash)
{
	struct held *h = &g->held[i];

	if (b->n == WAYS)
		leave(g, b, WAYS - 1);
	else if (!is_linux(g) && g->nheld == g->most)
		segoff__gro_leave(g, g->oldest);
	g->nheld++;
	memmove(b->tag + 1, b->tag, b->n * sizeof(*b->tag));
	memmove(b->at + 1, b->at, b->n * sizeof(*b->at));
	b->tag[0] = (uint32_t)(hash >> 32);
	b->at[0] = i;
	b->n++;
	h->hash = hash;
	h->bucket = (uint32_t)(b - g->bucket);
	h->older = g->newest;
	h->newer = NOBODY;
	if (g->newest == NOBODY)
		g->oldest = i;
	else
		g->held[g->newest].newer = i;
	g->newest = i;
	g->recent = h;
}

static void flush_all_linux(struct segoff_gro *g, uint64_t until)
{
	for (uint32_t k = 0; k < g->buckets; k++) {
		struct bucket *b = &g->bucket[k];

		while (b->n && g->held[b->at[b->n - 1]].time <= until)
			leave(g, b, b->n - 1);
	}
}

void segoff_gro_flush(struct segoff_gro *g, uint64_t until)
{
	if (is_linux(g)) {
		flush_all_linux(g, until);
		return;
	}
	while (g->oldest != NOBODY && g->held[g->oldest].time <= until)
		segoff__gro_leave(g, g->oldest);
}

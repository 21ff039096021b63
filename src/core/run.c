/* SPDX-License-Identifier: MIT */
/*
 * run.c - segments with headers alike
 *
 * Theory of operation
 * -------------------
 * Segments come in runs whose headers differ only in what moves: the first one
 * (if it alone keeps CWR), the middle ones, the last one. For a run the first
 * header is built from the input's and the plan's words; the others are copied
 * from it, a few words are stored into them, and that is all (patch.h):
 *
 *	  run header  | eth | ip: len | tcp: flags |
 *		| copy 16 bytes at a time
 *		v
 *	  segment k   | eth | ip: len id+k sum | tcp: seq+kS flags sum |
 *
 * A superpacket by members has a run of one segment for each.
 */
#include "run.h"

#include "cover.h"
#include "sctp_csum.h"

void segoff__run_begin(struct segoff_gso *g, struct run *r)
{
	size_t end = g->nseg - 1;

	r->g = g;
	r->cpu = g->cpu;
	r->header = NULL;
	r->first = !g->next;
	r->last = g->next == end;
	r->size = g->size;
	if (r->last) {
		r->count = 1;
		r->size = (uint32_t)(g->payload - g->next * g->size);
	} else {
		r->count = r->first && g->first_differs ? 1 : end - g->next;
	}
	r->in = (struct segoff__cursor){ g->at, g->left, g->piece, g->npiece,
					 g->skip };
	if (g->by_frags) {
		cursor_refill(&r->in);
		r->count = 1;
		r->size = (uint32_t)r->in.left;
	}
	/* a partial frame has the headers of one of its segments */
	r->said = g->mss && r->size > g->mss ? g->mss : r->size;
	r->seq = g->l4.seq;
	for (unsigned int i = 0; i < g->npair; i++)
		r->value[i] = g->pair[i].value;
}

void segoff__run_end(struct segoff_gso *g, const struct run *r, size_t n)
{
	g->next += n;
	g->l4.seq = r->seq;
	for (unsigned int i = 0; i < g->npair; i++)
		g->pair[i].value = r->value[i];
	g->at = r->in.at;
	g->left = r->in.left;
	g->piece = r->in.next;
	g->npiece = r->in.more;
	g->skip = (uint32_t)r->in.skip;
}

/* The input's headers, with what is spliced in or out. */
static void copy_input(const struct segoff_gso *g, uint8_t *h)
{
	uint32_t at = g->splice_at, n = g->splice_len;

	if (likely(!n && !g->splice_skip)) {
		if (g->hlen)
			memcpy(h, g->head, g->hlen);
		return;
	}
	memcpy(h, g->head, at);
	memcpy(h + at, g->splice, n);
	memcpy(h + at + n, g->head + at + g->splice_skip, g->hlen - at - n);
}

/* Does the device that expands a frame leave the lengths as they are? */
static bool keeps_lengths(const struct run *r)
{
	return r->g->expand && r->size == r->g->size;
}

/* What a word holds in this run; @h has the input's. */
static uint16_t run_word(const struct run *r, const struct segoff__word *w,
			 const uint8_t *h)
{
	uint16_t v = w->value;

	if (w->is_length) {
		if (w->sum == SUM_L4)
			return (uint16_t)(v + r->size);
		return keeps_lengths(r) ? load16(h + w->at) :
					  (uint16_t)(v + r->said);
	}
	if (!r->first)
		v &= (uint16_t)~w->not_first;
	if (!r->last)
		v &= (uint16_t)~w->not_last;
	return v;
}

/* The words that all segments of the run share, and what they add to sums. */
static void run_words(struct run *r, uint8_t *h, uint32_t *cover)
{
	const struct segoff_gso *g = r->g;

	for (unsigned int i = 0; i < g->nword; i++) {
		const struct segoff__word *w = &g->word[i];
		uint16_t v = run_word(r, w, h);

		store16(h + w->at, v);
		if (w->sum == SUM_L4)
			r->l4 += be16(v);
		else if (w->sum < SUM_COVER)
			r->base[w->sum] += be16(v);
		else if (w->sum != SUM_NONE)
			cover[w->sum - SUM_COVER] += in_cover(
				&g->cover[w->sum - SUM_COVER], w->at, be16(v));
	}
}

void segoff__run_header(struct run *r, uint8_t *h)
{
	const struct segoff_gso *g = r->g;
	uint32_t len = g->l4.hlen + r->size, cover[SEGOFF_COVER_MAX];

	if (g->l4.zero) /* UDP: as much of it as its header can hold */
		len = (uint16_t)len;
	copy_input(g, h);
	r->header = h;
	r->l4 = g->l4.base;
	for (unsigned int i = 0; i < g->npair; i++)
		r->base[i] = g->pair[i].base;
	for (unsigned int j = 0; j < g->ncover; j++)
		cover[j] = g->cover[j].base;
	run_words(r, h, cover);
	r->l4 += words32(len);
	if (g->l4.mode == L4_SEED)
		store_word(h + g->l4.check, fold32(g->l4.seed + words32(len)));
	if (g->ncover && !g->by_bytes && !keeps_lengths(r))
		segoff__close_covers(g, h, cover, r->said);
}

void segoff__seal(const struct run *r, uint8_t *h, const uint8_t *payload)
{
	uint32_t crc = r->cpu->crc(r->g->l4.base, payload, r->size);

	store32(h + r->g->l4.check, segoff__sctp_stored(crc));
	if (r->g->by_bytes)
		segoff__sum_covers(r->g, h, r->size,
				   (uint16_t)r->cpu->sum(payload, r->size));
}

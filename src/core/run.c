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
 * The checksums of tunnels are the same in all of them (cover.c), but if they
 * depend on bytes. A superpacket by members has a run of one segment for each.
 */
#include "run.h"

#include "cover.h"
#include "sctp_csum.h"

/* Sum of the pseudo header of a segment with @size bytes of payload. */
static uint16_t pseudo_of(const struct segoff_gso *g,
			  const struct segoff__cover *cover, uint32_t size)
{
	return fold32(cover->seed + words32(g->hlen - cover->start + size));
}

static void put_check(const struct segoff__cover *cover, uint8_t *h,
		      uint32_t sum)
{
	uint16_t v = (uint16_t)~fold32(sum);

	store_word(h + cover->check, v ? v : cover->zero);
}

static void close_covers(const struct segoff_gso *g, uint8_t *h,
			 const uint32_t *sum, uint32_t size)
{
	uint32_t at = g->hlen - g->l4.hlen; /* what closed last */
	uint32_t len = g->l4.hlen + size;
	uint16_t below;

	if (g->l4.zero) /* UDP: as run_header() has it */
		len = (uint16_t)len;
	below = (uint16_t)~fold32(g->l4.seed + words32(len));

	for (unsigned int j = g->ncover; j-- > 0;) {
		const struct segoff__cover *cover = &g->cover[j];
		uint32_t pseudo = cover->pseudo ? pseudo_of(g, cover, size) : 0;

		put_check(cover, h,
			  sum[j] + pseudo + in_cover(cover, at, below));
		below = cover->pseudo ? (uint16_t)~pseudo : 0;
		at = cover->start;
	}
}

void segoff__sum_covers(const struct segoff_gso *g, uint8_t *h, uint32_t size,
			uint16_t payload)
{
	const struct segoff__cpu *cpu = g->cpu;

	for (unsigned int j = g->ncover; j-- > 0;) {
		const struct segoff__cover *cover = &g->cover[j];
		uint32_t n = g->hlen - cover->start;
		uint32_t sum = n & 1 ? swapped(payload) : payload;

		store_word(h + cover->check, 0);
		if (cover->pseudo)
			sum += pseudo_of(g, cover, size);
		put_check(cover, h, sum + cpu->sum(h + cover->start, n));
	}
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
			 const uint8_t *h, bool keep)
{
	uint16_t v = w->value;

	if (w->is_length) {
		if (w->sum == SUM_L4)
			return (uint16_t)(v + r->size);
		return keep ? load16(h + w->at) : (uint16_t)(v + r->said);
	}
	if (!r->first)
		v &= (uint16_t)~w->not_first;
	if (!r->last)
		v &= (uint16_t)~w->not_last;
	return v;
}

/* The words that all segments of the run share, and what they add to sums. */
static void run_words(struct run *r, uint8_t *h, uint32_t *cover, bool keep)
{
	const struct segoff_gso *g = r->g;

	for (unsigned int i = 0; i < g->nword; i++) {
		const struct segoff__word *w = &g->word[i];
		uint16_t v = run_word(r, w, h, keep);

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
	bool keep = keeps_lengths(r);

	if (g->l4.zero) /* UDP: as much of it as its header can hold */
		len = (uint16_t)len;
	copy_input(g, h);
	r->header = h;
	r->l4 = g->l4.base;
	for (unsigned int i = 0; i < g->npair; i++)
		r->base[i] = g->pair[i].base;
	for (unsigned int j = 0; j < g->ncover; j++)
		cover[j] = g->cover[j].base;
	run_words(r, h, cover, keep);
	r->l4 += words32(len);
	if (g->l4.mode == L4_SEED)
		store_word(h + g->l4.check, fold32(g->l4.seed + words32(len)));
	if (g->ncover && !g->by_bytes && !keep)
		close_covers(g, h, cover, r->said);
}

void segoff__seal(const struct run *r, uint8_t *h, const uint8_t *payload)
{
	uint32_t crc = r->cpu->crc(r->g->l4.base, payload, r->size);

	store32(h + r->g->l4.check, segoff__sctp_stored(crc));
	if (r->g->by_bytes)
		segoff__sum_covers(r->g, h, r->size,
				   (uint16_t)r->cpu->sum(payload, r->size));
}

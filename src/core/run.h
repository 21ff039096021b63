/* SPDX-License-Identifier: MIT */
/* run.h - segments with headers alike */
#ifndef SEGOFF_CORE_RUN_H
#define SEGOFF_CORE_RUN_H

#include "../cpu/csum.h"
#include "emit.h"
#include "pieces.h"

/* Segments with headers alike; moving values are carried along. */
struct run {
	const struct segoff_gso *g;
	const struct segoff__cpu *cpu;
	const uint8_t *header; /* of the run's first segment, NULL before */
	struct segoff__cursor in;
	size_t count;
	uint32_t size;
	uint32_t said; /* payload that lengths speak of */
	uint32_t seq;
	uint32_t l4;
	uint32_t value[SEGOFF_IP_MAX + 1];
	uint32_t base[SEGOFF_IP_MAX + 1];
	bool first;
	bool last;
};

/* What the segments of the next run have in common. */
SEGOFF__INLINE void run_begin(const struct segoff_gso *g, struct run *r)
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

/* @n of its segments are out. */
SEGOFF__INLINE void run_end(struct segoff_gso *g, const struct run *r, size_t n)
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

/**
 * segoff__run_header() - make the header of its first segment
 * @r: the run
 * @h: where it goes
 */
void segoff__run_header(struct run *r, uint8_t *h);

/**
 * segoff__sum_covers() - write the checksums of one segment, from its bytes
 * @g: the plan
 * @h: header of the segment, complete but for them
 * @size: bytes of payload
 * @payload: their sum
 */
void segoff__sum_covers(const struct segoff_gso *g, uint8_t *h, uint32_t size,
			uint16_t payload);

/**
 * segoff__seal() - SCTP: finish the CRC32c of a segment, and what covers it
 * @r: the run, whose only segment it is
 * @h: its header
 * @payload: its payload, which is one piece of the packet
 */
void segoff__seal(const struct run *r, uint8_t *h, const uint8_t *payload);

#endif

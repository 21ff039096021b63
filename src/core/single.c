/* SPDX-License-Identifier: MIT */
/*
 * single.c - the plan of a packet that stays in one piece
 *
 * Nothing in it changes but a checksum that waits, and those of tunnels that
 * cover it.
 */
#include "plan_parts.h"

#include <errno.h>

#include <segoff/csum.h>

#include "cover.h"
#include "pseudo.h"
#include "sctp_csum.h"

/* Does the metadata speak of the checksum of the transport header? */
static bool is_l4_sum(const struct segoff__cut *c)
{
	const struct segoff_layer *l4;

	if (!segoff__has_l4(c->st))
		return false;
	l4 = segoff__last(c->st);
	return c->meta->csum_start == l4->off &&
	       c->meta->csum_offset == l4_check_at(l4->proto);
}

/* A partial checksum of a packet that stays whole. */
static uint16_t single_sum(const struct segoff_gso *g,
			   const struct segoff__cut *c, size_t field,
			   bool partial)
{
	struct segoff__cursor cur = cursor_at(c->pkt, c->meta->csum_start);
	uint16_t sum;

	if (!c->trust && is_l4_sum(c))
		sum = segoff__csum_fresh(c->pkt, c->st,
					 segoff__about_final(g, c), partial);
	else if (partial)
		return load16(g->head + field);
	else
		sum = (uint16_t)~cursor_sum(&cur, SIZE_MAX, g->cpu);
	return sum || partial ? be16(sum) : 0xffff;
}

/* The tunnels' checksums; @change has @n words that are finished in them. */
static void plan_single_outer(struct segoff_gso *g, const struct segoff__cut *c,
			      struct segoff__change *change, unsigned int n)
{
	uint16_t value;
	size_t field;

	for (unsigned int i = c->st->nlayer - 1u; i-- > 0;) {
		const struct segoff_layer *l = &c->st->layer[i];

		if (!segoff__has_cover(c, l))
			continue;
		value = segoff__csum_outer(c->pkt, c->st, l, change, n);
		field = segoff__check_of(l);
		change[n++] = segoff__change(g->head, field, value);
		word_at(g, (uint32_t)field)->value = be16(value);
	}
}

/* Do tunnels wait for this checksum, as their own cover it? */
static bool is_covered(const struct segoff__cut *c)
{
	if (!c->outer_waits || !is_l4_sum(c))
		return false;
	for (unsigned int i = 0; i + 1 < c->st->nlayer; i++)
		if (segoff__has_cover(c, &c->st->layer[i]))
			return true;
	return false;
}

/*
 * The same for SCTP, whose field has two words: zero, or finished. It is never
 * left to somebody else if a tunnel's checksum covers it.
 */
static void plan_single_crc(struct segoff_gso *g, const struct segoff__cut *c,
			    const struct segoff_stack *st)
{
	struct segoff__change change[SEGOFF_COVER_MAX + 2];
	size_t start = c->meta->csum_start;
	uint32_t field = (uint32_t)start + SCTP_CHECK_AT, crc = 0;
	bool covered = is_covered(c);

	if (covered || c->o->csum == SEGOFF_OUT_COMPLETE)
		crc = segoff__sctp_check(c->pkt, start,
					 segoff__ip_end(c->pkt, st) - start);
	if (g->hlen < field + 4)
		g->hlen = field + 4;
	word_at(g, field)->value = (uint16_t)(crc >> 16);
	word_at(g, field + 2)->value = (uint16_t)crc;
	if (!covered)
		return;
	g->ip_summed = SEGOFF_CHECKSUM_NONE;
	g->csum_start = g->csum_offset = 0;
	change[0] = segoff__change(g->head, field, be16((uint16_t)(crc >> 16)));
	change[1] = segoff__change(g->head, field + 2, be16((uint16_t)crc));
	plan_single_outer(g, c, change, 2);
}

/* Those around a checksum that is a sum, which may stay partial. */
static void plan_single_sums(struct segoff_gso *g, const struct segoff__cut *c,
			     size_t field)
{
	struct segoff__change change[SEGOFF_COVER_MAX + 1];
	uint16_t value = be16(single_sum(g, c, field, false));

	change[0] = segoff__change(g->head, field, value);
	plan_single_outer(g, c, change, 1);
}

/* The checksum to finish, or to leave to somebody else. */
static bool plan_single_sum(struct segoff_gso *g, const struct segoff__cut *c)
{
	size_t field = (size_t)c->meta->csum_start + c->meta->csum_offset;
	struct segoff_stack st;

	if (c->meta->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return true;
	if (c->o->csum != SEGOFF_OUT_COMPLETE) {
		g->csum_start = c->meta->csum_start;
		g->csum_offset = c->meta->csum_offset;
		g->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	}
	if (c->o->csum == SEGOFF_OUT_KEEP)
		return true;
	if (segoff__sctp_meant(c->pkt, c->meta, c->o->ports, &st)) {
		plan_single_crc(g, c, &st);
		return true;
	}
	if (!c->pkt->niov || field + 2 > c->pkt->iov[0].iov_len)
		return false;
	if (g->hlen < field + 2)
		g->hlen = (uint32_t)field + 2;
	word_at(g, (uint32_t)field)->value =
		single_sum(g, c, field, c->o->csum == SEGOFF_OUT_PARTIAL);
	if (is_covered(c))
		plan_single_sums(g, c, field);
	return true;
}

int segoff__plan_single(struct segoff_gso *g, const struct segoff__cut *c)
{
	segoff__plan_payload(g, c, 0);
	g->hlen = c->st->payload;
	if (!plan_single_sum(g, c))
		return -EINVAL;
	g->nseg = c->st->len != 0;
	g->skip = g->hlen;
	g->payload = c->st->len - g->hlen;
	g->size = (uint32_t)g->payload;
	return 0;
}

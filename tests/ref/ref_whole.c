/* SPDX-License-Identifier: MIT */
/* ref_whole.c - packets that leave in one piece */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ref_nest.h"

/*
 * the plain completion of whatever begins at csum_start never stores 0.
 * A checksum that is known (@c) is written as it must be; else the seed that
 * is there counts.
 */
static void finish(struct ref_seg *s, const struct ref_checksum *c,
		   size_t start, size_t field, uint32_t csum)
{
	uint16_t v;

	if (csum == SEGOFF_OUT_PARTIAL) {
		if (c)
			ref_put16(s->at + field, c->seed);
		return;
	}
	v = c ? c->right :
		ref_not(ref_fold(ref_sum(s->at + start, s->len - start)));
	ref_put16(s->at + field, v ? v : 0xffff);
}

static struct ref_seg *copy(const struct ref_pkt *p)
{
	struct ref_seg *s = malloc(sizeof(*s) + p->len);

	s->next = NULL;
	s->len = p->len;
	if (p->len)
		memcpy(s->at, p->at, p->len);
	return s;
}

/*
 * Decision: a seed that is about one of the destinations decides. If it is
 * about neither, or there is none, the final one is right (RFC 8200 8.1);
 * Linux takes the one in the IPv6 header. In a partial frame the IP header does
 * not know how long it is (R-PART-3).
 */
bool ref_about_final(const struct ref_super *s)
{
	bool frame = s->m->gso_size && s->m->gso_type & SEGOFF_GSO_PARTIAL;
	size_t len = s->p->len - s->w.th;
	bool partial = s->m->ip_summed == SEGOFF_CHECKSUM_PARTIAL;
	struct ref_checksum here, final;
	uint16_t old;

	if (!ref_checksum_at(s->p, &s->w, false, &here) ||
	    !ref_checksum_at(s->p, &s->w, true, &final))
		return false;
	if (frame) {
		here.seed = ref_fold(ref_pseudo(s->p, &s->w, false, len));
		final.seed = ref_fold(ref_pseudo(s->p, &s->w, true, len));
	}
	old = ref_get16(s->p->at + here.field);
	if (partial && (old == here.seed || old == final.seed))
		return old != here.seed;
	return !s->strict;
}

/* The CRC32c of SCTP: zero for a device, or finished. */
static bool finish_sctp(const struct ref_super *s, struct ref_seg *seg)
{
	struct ref_nest n = { .p = s->p, .ports = s->ports };
	size_t th, len;

	if (!ref_sctp_meant(&n, s->m))
		return false;
	th = n.w.th;
	len = ref_upper_len(s->p, &n.w, th + 12);
	ref_put32(seg->at + th + 8, s->csum == SEGOFF_OUT_PARTIAL ?
					    0 :
					    ref_sctp_check(s->p->at + th, len));
	return true;
}

/*
 * An ordinary packet leaves as it is, but for a partial checksum. Without
 * trust the seed is made anew if csum_start and csum_offset name the checksum
 * of a transport header that is known.
 */
struct ref_seg *ref_ordinary(const struct ref_super *s)
{
	size_t start = s->m->csum_start, field = start + s->m->csum_offset;
	struct ref_checksum c;
	struct ref_seg *seg;
	bool known;

	if (s->m->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return copy(s->p);
	if (s->csum == SEGOFF_OUT_KEEP)
		return copy(s->p);
	if (field + 2 > s->p->len)
		return NULL;
	seg = copy(s->p);
	if (finish_sctp(s, seg))
		return seg;
	known = !s->trust &&
		ref_checksum_at(s->p, &s->w, ref_about_final(s), &c) &&
		c.start == start && c.field == field;
	finish(seg, known ? &c : NULL, start, field, s->csum);
	return seg;
}

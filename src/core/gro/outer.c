/* SPDX-License-Identifier: MIT */
/*
 * outer.c - what is around the innermost IP header: may it be merged?
 *
 * Theory of operation
 * -------------------
 * Tunnels put headers around a packet that have lengths, identifications and
 * checksums of their own. Each must be what segmentation will make of it. The
 * shape knows where they are, for any depth:
 *
 *	length	speaks of all bytes to the packet's end
 *	v4	header checksum right; the identification counts or stays
 *	cover	checksum right, or none; the payload is summed once for all
 *
 * A superpacket can say of the identifications only that all which begin a
 * packet stay, and that all directly behind another IP header do
 * (TCP_FIXEDID, TCP_FIXEDID_INNER); LOSSLESS does not merge what differs more.
 * Linux looks behind one tunnel (NAPI_GRO_CB.encap_mark).
 */
#include "match.h"

/* All bytes from the transport header on, summed once. */
static uint16_t inner_sum(const struct segoff_gro *g, struct arrival *a)
{
	if (!a->has_sum) {
		a->sum = transport_sum(g, a, (uint32_t)a->len - a->shape->l4);
		a->has_sum = true;
	}
	return a->sum;
}

/* Is the transport checksum one that somebody else will finish? */
static bool is_unfinished(const struct arrival *a)
{
	const struct segoff_meta *m = a->p->meta;

	return m && m->ip_summed == SEGOFF_CHECKSUM_PARTIAL &&
	       m->csum_start == a->shape->l4;
}

/* What is summed from the transport header on: to be, if it is not finished. */
static uint16_t closed_sum(const struct segoff_gro *g, struct arrival *a)
{
	if (is_unfinished(a))
		return (uint16_t)~fold32(
			pseudo(a, (uint32_t)a->len - a->shape->l4));
	return inner_sum(g, a);
}

static uint32_t cover_pseudo(const struct arrival *a,
			     const struct segoff__shape_cover *c)
{
	if (!c->ip_len)
		return 0;
	/* whatever version it claims; IPv4 has no options by now */
	return segoff__pseudo(a->h + c->ip, c->ip_len,
			      c->ip_len == IPV4_MIN ? 4 : 6, IPPROTO_NR_UDP,
			      false) +
	       words32((uint32_t)a->len - c->start);
}

static bool cover_good(const struct segoff_gro *g, struct arrival *a,
		       const struct segoff__shape_cover *c)
{
	uint32_t n = (uint32_t)a->shape->l4 - c->start;

	return fold32(g->cpu->sum(a->h + c->start, n) + closed_sum(g, a) +
		      cover_pseudo(a, c)) == 0xffff;
}

/* Linux leaves those that begin before what somebody will finish. */
static bool cover_vouched(const struct segoff_gro *g, const struct arrival *a,
			  const struct segoff__shape_cover *c)
{
	const struct segoff_meta *m = a->p->meta;

	return vouched(g, a) ||
	       (is_linux(g) && m && m->ip_summed == SEGOFF_CHECKSUM_PARTIAL &&
		m->csum_start >= c->start);
}

/* What segmentation writes another form of: zero, and what is behind GRE's. */
static enum segoff_verdict cover_form(const uint8_t *check,
				      const struct segoff__shape_cover *c)
{
	if (c->ip_len)
		return c->ip_len == IPV4_MIN || c->ip_len == IPV6_LEN ?
			       SEGOFF_V_OK :
			       SEGOFF_V_GRO_CSUM;
	if (load_word(check + 2))
		return SEGOFF_V_GRO_RESERVED;
	return load_word(check) == 0xffff ? SEGOFF_V_GRO_CSUM_FORM :
					    SEGOFF_V_OK;
}

/* 0: no checksum. GRE under UDP may have none (gre_gro_receive). */
static enum segoff_verdict covers(const struct segoff_gro *g, struct arrival *a)
{
	const struct segoff__shape *s = a->shape;

	for (unsigned int i = 0; i < s->ncover; i++) {
		const struct segoff__shape_cover *c = &s->cover[i];
		enum segoff_verdict why = SEGOFF_V_OK;

		if (c->ip_len && !load_word(a->h + c->check))
			continue;
		if (!is_linux(g))
			why = cover_form(a->h + c->check, c);
		if (why != SEGOFF_V_OK)
			return why;
		if (!cover_vouched(g, a, c) && !cover_good(g, a, c))
			return SEGOFF_V_GRO_CSUM;
	}
	return SEGOFF_V_OK;
}

/* inet_gro_receive of an outer header, what makes it give up at once */
static enum segoff_verdict v4_early(const struct segoff_gro *g,
				    const struct arrival *a,
				    const struct segoff__shape_v4 *v)
{
	const uint8_t *ip = a->h + v->at;

	if (ip[0] >> 4 != 4)
		return SEGOFF_V_IP_HEADER;
	if ((ip[0] & 15) * 4 != IPV4_MIN)
		return SEGOFF_V_GRO_IP_OPTIONS;
	if (load16(ip + 6) & 0x3fff)
		return SEGOFF_V_FRAGMENT;
	if (header_sum(ip) != 0xffff)
		return SEGOFF_V_GRO_CSUM;
	return !is_linux(g) && load_word(ip + 10) == 0xffff ?
		       SEGOFF_V_GRO_CSUM_FORM :
		       SEGOFF_V_OK;
}

static enum segoff_verdict all_v4_early(const struct segoff_gro *g,
					const struct arrival *a)
{
	enum segoff_verdict why = SEGOFF_V_OK;

	for (unsigned int i = 0; i < a->shape->nv4 && why == SEGOFF_V_OK; i++)
		why = v4_early(g, a, &a->shape->v4[i]);
	return why;
}

/* Linux does not compare the length of a tunnel's UDP header. */
static bool asked_length(const struct segoff_gro *g,
			 const struct segoff__shape *s, uint16_t at)
{
	if (!is_linux(g))
		return true;
	for (unsigned int i = 0; i < s->ncover; i++)
		if (s->cover[i].ip_len && at == s->cover[i].start + UDP_LEN_AT)
			return false;
	return true;
}

static enum segoff_verdict lengths(const struct segoff_gro *g,
				   const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;

	for (unsigned int i = 0; i < s->nlength; i++)
		if (asked_length(g, s, s->length[i].at) &&
		    load16(a->h + s->length[i].at) !=
			    a->len - s->length[i].from)
			return SEGOFF_V_GRO_LENGTH;
	for (unsigned int i = 0; i < s->nv4; i++)
		if (load16(a->h + s->v4[i].at + 6) & IP_RESERVED)
			return SEGOFF_V_GRO_RESERVED;
	return SEGOFF_V_OK;
}

/* gue_gro_receive, gre_gro_receive: what Linux does not look behind */
static bool linux_declines(const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;

	for (unsigned int i = 1; i < s->nlayer; i++) {
		const struct segoff_layer *l = &s->layer[i];
		unsigned int before = l[-1].proto;

		if (s->gre_sums >> i & 1 &&
		    (before == SEGOFF_P_UDP || before == SEGOFF_P_GUE))
			return true;
		if (l->proto == SEGOFF_P_GUE &&
		    !segoff__gue_known(a->h + l->off, l->len))
			return true;
	}
	return s->nip > 2;
}

/*
 * Of a packet that Linux has already given up no checksum is verified; and it
 * does not look behind an outer UDP checksum that was not. So nothing of the
 * packet's flow is flushed then.
 */
static bool not_verified(const struct segoff_gro *g, const struct arrival *a)
{
	const struct segoff_meta *m = a->p->meta;
	const struct segoff__shape *s = a->shape;

	if (vouched(g, a) || (m && m->ip_summed == SEGOFF_CHECKSUM_PARTIAL))
		return false;
	for (unsigned int i = 0; i < s->ncover; i++)
		if (s->cover[i].ip_len && load_word(a->h + s->cover[i].check))
			return true;
	return false;
}

enum segoff_verdict segoff__outer_sound(const struct segoff_gro *g,
					struct arrival *a, bool *early)
{
	enum segoff_verdict why = all_v4_early(g, a), flaw;

	*early = true;
	if (why != SEGOFF_V_OK)
		return why;
	if (is_linux(g) && linux_declines(a))
		return SEGOFF_V_GRO_NESTED;
	flaw = lengths(g, a);
	why = flaw == SEGOFF_V_OK ? super(g, a) : flaw;
	if (is_linux(g) && why != SEGOFF_V_OK) {
		*early = not_verified(g, a);
		return *early ? why : flaw;
	}
	why = covers(g, a);
	if (why != SEGOFF_V_OK)
		return why;
	*early = false;
	return flaw;
}

void segoff__outer_hold(struct held *h, const struct arrival *a)
{
	h->outer_fixed = 0;
	for (unsigned int i = 0; i < a->shape->nv4; i++)
		note_id(a->h + a->shape->v4[i].at, &h->outer_id[i],
			&h->outer_check[i]);
}

bool segoff__outer_alike(const struct held *h, const struct arrival *a)
{
	const struct segoff__shape *s = h->shape;

	for (unsigned int i = 0; i < s->ncover; i++)
		if (!load_word(a->h + s->cover[i].check) !=
			    !load_word(h->first.at + s->cover[i].check) &&
		    s->cover[i].ip_len)
			return false;
	return true;
}

static bool outer_ids_follow(const struct segoff_gro *g, struct held *h,
			     const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;

	for (unsigned int i = 0; i < s->nv4; i++) {
		uint16_t d = (uint16_t)(load16(a->h + s->v4[i].at + 4) -
					h->outer_id[i]);
		uint32_t bit = UINT32_C(1) << i;

		if (h->count == 1 && !d && !(g->o.flags & SEGOFF_GRO_COUNT_ID))
			h->outer_fixed |= (uint8_t)bit;
		if (d != (h->outer_fixed & bit ? 0 : (uint16_t)h->count))
			return false;
	}
	return true;
}

/* Do all IPv4 headers of a kind stay, or all count? */
static bool can_say_ids(const struct held *h)
{
	const struct segoff__shape *s = h->shape;
	bool seen[2] = { false, false }, fixed[2] = { false, false };

	if (s->version == 4) {
		seen[s->inner_below] = true;
		fixed[s->inner_below] = h->fixed_id;
	}
	for (unsigned int i = 0; i < s->nv4; i++) {
		bool below = s->v4[i].below, f = h->outer_fixed >> i & 1;

		if (seen[below] && fixed[below] != f)
			return false;
		seen[below] = true;
		fixed[below] = f;
	}
	return true;
}

enum segoff_verdict segoff__outer_follows(const struct segoff_gro *g,
					  struct held *h,
					  const struct arrival *a)
{
	if (!segoff__outer_alike(h, a))
		return SEGOFF_V_GRO_CSUM_NONE;
	if (!outer_ids_follow(g, h, a))
		return SEGOFF_V_GRO_ID;
	return is_linux(g) || can_say_ids(h) ? SEGOFF_V_OK : SEGOFF_V_GRO_ID;
}

uint32_t segoff__outer_fixed(const struct segoff_gro *g, const struct held *h)
{
	const struct segoff__shape *s = h->shape;
	uint32_t bits = 0, bit[2] = { SEGOFF_GSO_TCP_FIXEDID,
				      SEGOFF_GSO_TCP_FIXEDID_INNER };

	/* Linux: one for the outer header and one for the inner, TCP alone */
	if (h->fixed_id && s->version == 4)
		bits |= bit[is_linux(g) ? is_tunnel(s) : s->inner_below];
	for (unsigned int i = 0; i < s->nv4; i++)
		if (h->outer_fixed >> i & 1)
			bits |= bit[!is_linux(g) && s->v4[i].below];
	return bits;
}

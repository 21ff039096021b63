/* SPDX-License-Identifier: MIT */
/* ref_repair.c - lengths that were never filled in */
#include "ref.h"

/*
 * RFC 2675: an IPv6 packet whose length is in a Jumbo Payload option. Decision:
 * it counts where those who write it put it, first in a Hop-by-Hop header.
 */
static bool is_jumbogram(const uint8_t *ip, size_t len)
{
	return ip[6] == 0 && len >= 48 && ip[42] == 0xc2;
}

static bool is_ip_layer(const struct segoff_layer *l)
{
	return l->proto == SEGOFF_P_IPV4 || l->proto == SEGOFF_P_IPV6;
}

static bool counts(const struct segoff_layer *l)
{
	return is_ip_layer(l) || l->proto == SEGOFF_P_UDP;
}

/* Where the length of a header is. */
static size_t field_of(const struct segoff_layer *l)
{
	return l->off + (l->proto == SEGOFF_P_IPV4 ? 2u : 4u);
}

/* How many bytes it says there are from the header on. */
static size_t said_by(const uint8_t *pkt, const struct segoff_layer *l)
{
	return ref_get16(pkt + field_of(l)) +
	       (l->proto == SEGOFF_P_IPV6 ? 40u : 0u);
}

/* It does not cover the headers, or misses the end by a multiple of 64 KB. */
static bool misses(const struct segoff_stack *st, const struct segoff_layer *l,
		   size_t said)
{
	size_t there = st->len - l->off;

	return l->off + said < st->payload ||
	       (said < there && (there - said) % 65536 == 0);
}

static bool is_broken(const uint8_t *pkt, const struct segoff_stack *st,
		      const struct segoff_layer *l)
{
	size_t said = said_by(pkt, l);

	if (said > st->len - l->off)
		return false;
	if (l->proto == SEGOFF_P_IPV6 && is_jumbogram(pkt + l->off, l->len))
		return false;
	return misses(st, l, said);
}

bool ref_length_broken(const uint8_t *pkt, size_t len, unsigned int link)
{
	struct ref_pkt p = { pkt, len, link };
	struct segoff_stack st;

	ref_dissect(&p, &st);
	if (st.end != SEGOFF_V_OK)
		return false;
	for (size_t i = 0; i + 1 < st.nlayer; i++)
		if (counts(&st.layer[i]) && is_broken(pkt, &st, &st.layer[i]))
			return true;
	return false;
}

/* Decision: the innermost IP header that can be believed says where it ends. */
static size_t end_of(const uint8_t *pkt, const struct segoff_stack *st)
{
	for (size_t i = st->nlayer; i-- > 0;) {
		const struct segoff_layer *l = &st->layer[i];
		size_t said;

		if (!is_ip_layer(l))
			continue;
		said = said_by(pkt, l);
		if (l->off + said <= st->len && !misses(st, l, said))
			return l->off + said;
	}
	return st->len;
}

static bool repair(uint8_t *pkt, const struct segoff_stack *st,
		   const struct segoff_layer *l, size_t end)
{
	size_t right = end - l->off - (l->proto == SEGOFF_P_IPV6 ? 40 : 0);
	uint8_t *h = pkt + l->off;

	if (right > 65535 || !is_broken(pkt, st, l))
		return false;
	ref_put16(pkt + field_of(l), right);
	if (l->proto != SEGOFF_P_IPV4)
		return true;
	ref_put16(h + 10, 0);
	ref_put16(h + 10, ref_not(ref_fold(ref_sum(h, l->len))));
	return true;
}

int ref_length_repair(uint8_t *pkt, size_t len, unsigned int link)
{
	struct ref_pkt p = { pkt, len, link };
	const struct segoff_layer *last;
	struct segoff_stack st;
	bool repaired = false;
	size_t end;

	if (!ref_length_broken(pkt, len, link))
		return 0;
	ref_dissect(&p, &st);
	end = end_of(pkt, &st);
	last = &st.layer[st.nlayer - 1];
	for (const struct segoff_layer *l = st.layer; l < last; l++)
		if (counts(l) && repair(pkt, &st, l, end))
			repaired = true;
	if (repaired && last->proto == SEGOFF_P_UDP)
		repair(pkt, &st, last, end);
	return repaired;
}

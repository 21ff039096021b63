/* SPDX-License-Identifier: MIT */
/*
 * repair.c - lengths that were never filled in
 *
 * A total length of 0 is what stacks write above TSO (the device knows
 * better); 20 is seen from traffic generators; above 65,535 bytes only the
 * low 16 bits fit. None of them covers the headers that follow, which is how
 * they are told from a length that means something.
 */
#include <segoff/csum.h>

#include "pseudo.h"

static bool jumbogram(const uint8_t *ip, const struct segoff_layer *l)
{
	return ip[6] == IPPROTO_NR_HOPOPTS && l->len >= IPV6_LEN + 8 &&
	       ip[IPV6_LEN + 2] == 0xc2;
}

static void repair_ipv4(uint8_t *ip, uint32_t hlen, size_t len)
{
	uint32_t sum = minus(load_word(ip + 10));

	store16(ip + 2, (uint16_t)len);
	for (uint32_t i = 0; i < hlen; i += 2)
		sum += load_word(ip + i);
	store_word(ip + 10, (uint16_t)~fold32(sum));
}

/* What the length of a header counts from. */
static size_t counted_from(const struct segoff_layer *l)
{
	return l->off + (l->proto == SEGOFF_P_IPV6 ? IPV6_LEN : 0u);
}

static size_t length_at(const struct segoff_layer *l)
{
	if (l->proto == SEGOFF_P_IPV4)
		return l->off + 2u;
	return l->off + (l->proto == SEGOFF_P_IPV6 ? 4u : UDP_LEN_AT);
}

/* Is this a length that was never filled in? */
static bool layer_broken(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st,
			 const struct segoff_layer *l)
{
	const uint8_t *head = segoff__head(pkt);

	if (!segoff__length_broken(pkt, st, l) ||
	    counted_from(l) + load16(head + length_at(l)) > st->len)
		return false;
	return l->proto != SEGOFF_P_IPV6 || !jumbogram(head + l->off, l);
}

static bool has_length(const struct segoff_layer *l)
{
	return is_ip(l->proto) || l->proto == SEGOFF_P_UDP;
}

bool segoff_length_broken(const struct segoff_pkt *pkt,
			  const struct segoff_stack *st)
{
	struct segoff_stack own;

	st = segoff__stack(pkt, st, &own);
	if (!segoff__has_l4(st))
		return false;
	for (const struct segoff_layer *l = st->layer; l != segoff__last(st);
	     l++)
		if (has_length(l) && layer_broken(pkt, st, l))
			return true;
	return false;
}

/* Where the packet ends, as far as a sound length says. */
static size_t true_end(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st)
{
	for (unsigned int i = st->nlayer; i-- > 0;)
		if (is_ip(st->layer[i].proto) &&
		    !segoff__length_broken(pkt, st, &st->layer[i]))
			return segoff__ip_end_of(pkt, st, &st->layer[i]);
	return st->len;
}

static int repair(const struct segoff_pkt *pkt, const struct segoff_stack *st,
		  const struct segoff_layer *l, size_t end)
{
	uint8_t *head = pkt->iov[0].iov_base;
	size_t right = end - counted_from(l);

	if (right > 65535 || !layer_broken(pkt, st, l))
		return 0;
	if (l->proto == SEGOFF_P_IPV4)
		repair_ipv4(head + l->off, l->len, right);
	else
		store16(head + length_at(l), (uint16_t)right);
	return 1;
}

int segoff_length_repair(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st)
{
	struct segoff_stack own;
	int repaired = 0;
	size_t end;

	st = segoff__stack(pkt, st, &own);
	if (!segoff_length_broken(pkt, st))
		return 0;
	end = true_end(pkt, st);
	for (const struct segoff_layer *l = st->layer; l != segoff__last(st);
	     l++)
		if (has_length(l))
			repaired |= repair(pkt, st, l, end);
	if (repaired && segoff__last(st)->proto == SEGOFF_P_UDP)
		repair(pkt, st, segoff__last(st), end);
	return repaired;
}

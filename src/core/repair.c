/* SPDX-License-Identifier: MIT */
/*
 * repair.c - IP lengths that were never filled in
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

static void repair_udp(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st, size_t end)
{
	const struct segoff_layer *l = segoff__last(st);
	uint8_t *p = (uint8_t *)pkt->iov[0].iov_base + l->off;

	if (l->proto == SEGOFF_P_UDP && load16(p + UDP_LEN_AT) < UDP_LEN)
		store16(p + UDP_LEN_AT, (uint16_t)(end - l->off));
}

/* What the length field says, and what it should. */
static void lengths(const struct segoff_pkt *pkt, const struct segoff_stack *st,
		    size_t *said, size_t *right)
{
	const struct segoff_layer *ip = &st->layer[st->net];
	const uint8_t *p = segoff__head(pkt) + ip->off;

	*right = st->len - ip->off;
	*said = load16(p + 2);
	if (st->ip_version == 6) {
		*right -= IPV6_LEN;
		*said = load16(p + 4);
	}
}

bool segoff_length_broken(const struct segoff_pkt *pkt,
			  const struct segoff_stack *st)
{
	struct segoff_stack own;
	size_t said, right;

	st = segoff__stack(pkt, st, &own);
	if (!segoff__has_l4(st) || !segoff__ip_len_broken(pkt, st))
		return false;
	lengths(pkt, st, &said, &right);
	if (said > right)
		return false;
	return st->ip_version == 4 ||
	       !jumbogram(segoff__head(pkt) + st->layer[st->net].off,
			  &st->layer[st->net]);
}

int segoff_length_repair(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st)
{
	const struct segoff_layer *ip;
	struct segoff_stack own;
	size_t said, right;
	uint8_t *p;

	st = segoff__stack(pkt, st, &own);
	if (!segoff_length_broken(pkt, st))
		return 0;
	lengths(pkt, st, &said, &right);
	if (right > 65535)
		return 0;
	ip = &st->layer[st->net];
	p = (uint8_t *)pkt->iov[0].iov_base + ip->off;
	if (st->ip_version == 4)
		repair_ipv4(p, ip->len, right);
	else
		store16(p + 4, (uint16_t)right);
	repair_udp(pkt, st, st->len);
	return 1;
}

/* SPDX-License-Identifier: MIT */
/* pseudo.c - pseudo headers, and how long an IP packet really is */
#include "pseudo.h"

static uint32_t words(const uint8_t *p, size_t n)
{
	uint32_t s = 0;

	for (size_t i = 0; i < n; i += 2)
		s += load_word(p + i);
	return s;
}

uint32_t segoff__pseudo(const uint8_t *ip, uint32_t len, unsigned int version,
			uint8_t proto, bool final)
{
	uint32_t s = be16(proto);

	if (version == 4)
		return s + words(ip + 12, 8);
	s += words(ip + 8, 16);
	return s + words(final ? segoff__ipv6_final(ip, len) : ip + 24, 16);
}

/* The end that an IP header claims, from the start of the packet. */
static size_t claimed_end(const struct segoff_pkt *pkt,
			  const struct segoff_layer *ip)
{
	const uint8_t *p = segoff__head(pkt) + ip->off;

	if (ip->proto == SEGOFF_P_IPV4)
		return ip->off + (size_t)load16(p + 2);
	return ip->off + IPV6_LEN + (size_t)load16(p + 4);
}

static bool broken(const struct segoff_stack *st, size_t end)
{
	if (end < st->payload || end > st->len)
		return true;
	return st->len > end && (st->len - end) % 65536 == 0;
}

bool segoff__length_broken(const struct segoff_pkt *pkt,
			   const struct segoff_stack *st,
			   const struct segoff_layer *l)
{
	size_t end;

	if (is_ip(l->proto))
		end = claimed_end(pkt, l);
	else
		end = l->off +
		      (size_t)load16(segoff__head(pkt) + l->off + UDP_LEN_AT);
	return broken(st, end);
}

size_t segoff__ip_end_of(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st,
			 const struct segoff_layer *ip)
{
	size_t end = claimed_end(pkt, ip);

	return broken(st, end) ? st->len : end;
}

size_t segoff__ip_end(const struct segoff_pkt *pkt,
		      const struct segoff_stack *st)
{
	return segoff__ip_end_of(pkt, st, &st->layer[st->net]);
}

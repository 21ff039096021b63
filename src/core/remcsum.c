/* SPDX-License-Identifier: MIT */
/*
 * remcsum.c - remote checksum offload in VXLAN and GUE
 *
 * Theory of operation
 * -------------------
 * A checksum field that holds the seed makes the sum from `start` on what the
 * inner checksum is made of. The outer checksum, found right, says what
 * everything behind it sums to, so the headers in between are all that has to
 * be read:
 *
 *	udp | vxlan | eth | ip | tcp | payload
 *	^-- sum is that of the outer pseudo header, inverted
 *	     less these ---> ^
 *			     start: not(what is left) is the checksum
 */
#include <segoff/remcsum.h>

#include <errno.h>

#include "../cpu/csum.h"
#include "pseudo.h"

/* draft-herbert-vxlan-rco */
#define VXLAN_LEN	8
#define VXLAN_RCO	0x20 /* in byte 1 */
#define VXLAN_RCO_UDP	0x80 /* in byte 7: the checksum of UDP, else of TCP */
#define VXLAN_START_MAX 254

static bool vxlan_can_say(uint32_t start, uint16_t csum_offset)
{
	return !(start & 1) && start <= VXLAN_START_MAX &&
	       (csum_offset == TCP_CHECK_AT || csum_offset == UDP_CHECK_AT);
}

bool segoff_remcsum_eligible(enum segoff_proto tunnel,
			     const struct segoff_meta *meta, uint32_t base)
{
	uint32_t start = meta->csum_start - base;

	if (meta->ip_summed != SEGOFF_CHECKSUM_PARTIAL ||
	    meta->csum_start < base)
		return false;
	if (tunnel == SEGOFF_P_VXLAN)
		return vxlan_can_say(start, meta->csum_offset);
	return tunnel == SEGOFF_P_GUE && start + meta->csum_offset <= 0xffff;
}

int segoff_remcsum_vxlan(void *hdr, const struct segoff_meta *meta,
			 uint32_t base)
{
	uint8_t *p = hdr;

	if (!segoff_remcsum_eligible(SEGOFF_P_VXLAN, meta, base))
		return -EINVAL;
	p[1] |= VXLAN_RCO;
	p[7] = (uint8_t)((meta->csum_start - base) / 2);
	if (meta->csum_offset == UDP_CHECK_AT)
		p[7] |= VXLAN_RCO_UDP;
	return VXLAN_LEN;
}

int segoff_remcsum_gue(void *hdr, const struct segoff_meta *meta, uint32_t base)
{
	uint16_t start = (uint16_t)(meta->csum_start - base);
	uint8_t *p = hdr;

	/* version, control, length of options, flags: all 0 */
	if (!segoff_remcsum_eligible(SEGOFF_P_GUE, meta, base) || p[0] ||
	    load16(p + 2))
		return -EINVAL;
	p[0] = (SEGOFF_GUE_REMCSUM_LEN - GUE_MIN) / 4;
	store16(p + 2, GUE_PRIVATE);
	store32(p + GUE_PRIVATE_AT, GUE_PRIVATE_REMCSUM);
	store16(p + GUE_REMCSUM_AT, start);
	store16(p + GUE_REMCSUM_AT + 2, (uint16_t)(start + meta->csum_offset));
	return SEGOFF_GUE_REMCSUM_LEN;
}

static int find_vxlan(const uint8_t *p, struct segoff_remcsum *r)
{
	if (!(p[1] & VXLAN_RCO))
		return 0;
	r->start = (uint16_t)((p[7] & ~VXLAN_RCO_UDP) * 2);
	r->offset =
		(uint16_t)(r->start + (p[7] & VXLAN_RCO_UDP ? UDP_CHECK_AT :
							      TCP_CHECK_AT));
	return 1;
}

/* With other flags nobody knows where the private ones are. */
static int find_gue(const uint8_t *p, uint32_t len, struct segoff_remcsum *r)
{
	if (load16(p + 2) != GUE_PRIVATE)
		return 0;
	if (len < GUE_REMCSUM_AT)
		return -EINVAL;
	if (!(load32(p + GUE_PRIVATE_AT) & GUE_PRIVATE_REMCSUM))
		return 0;
	if (len < SEGOFF_GUE_REMCSUM_LEN)
		return -EINVAL;
	r->start = load16(p + GUE_REMCSUM_AT);
	r->offset = load16(p + GUE_REMCSUM_AT + 2);
	return r->offset < r->start ? -EINVAL : 1;
}

static int find_in(const uint8_t *p, const struct segoff_layer *l,
		   struct segoff_remcsum *r)
{
	if (l->proto == SEGOFF_P_VXLAN)
		return find_vxlan(p, r);
	if (l->proto == SEGOFF_P_GUE)
		return find_gue(p, l->len, r);
	return 0;
}

int segoff_remcsum_find(const struct segoff_pkt *pkt,
			const struct segoff_stack *st, struct segoff_remcsum *r)
{
	const uint8_t *head = segoff__head(pkt);

	*r = (struct segoff_remcsum){ 0 };
	for (unsigned int i = 1; i < st->nlayer; i++) {
		const struct segoff_layer *l = &st->layer[i];
		int found = find_in(head + l->off, l, r);

		if (!found)
			continue;
		r->base = l->off + l->len;
		r->udp = (uint16_t)(i - 1);
		if (r->base + r->offset + 2u > st->len)
			return -EINVAL;
		return found;
	}
	return 0;
}

int segoff_remcsum_partial(const struct segoff_remcsum *r,
			   struct segoff_meta *meta)
{
	if (r->base + r->start > HEADERS_MAX)
		return -EINVAL;
	meta->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	meta->csum_start = (uint16_t)(r->base + r->start);
	meta->csum_offset = (uint16_t)(r->offset - r->start);
	return 0;
}

/* Sum from @start on, by an outer checksum that is right. */
static uint16_t rest(const struct segoff_pkt *pkt,
		     const struct segoff_stack *st,
		     const struct segoff_remcsum *r)
{
	const struct segoff_layer *udp = &st->layer[r->udp];
	const uint8_t *p = segoff__head(pkt) + udp->off;
	uint32_t n = r->base + r->start - udp->off;
	uint32_t all = segoff__pseudo_udp(pkt, st, udp);
	uint32_t sum = (uint32_t)(uint16_t)~fold32(all) +
		       minus(fold32(segoff__cpu()->sum(p, n)));

	return n & 1 ? swapped(fold32(sum)) : fold32(sum);
}

int segoff_remcsum_complete(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st,
			    const struct segoff_remcsum *r)
{
	size_t field = (size_t)r->base + r->offset;
	uint8_t *head = pkt->iov[0].iov_base;
	uint16_t sum;

	if (field + 2 > pkt->iov[0].iov_len ||
	    !load_word(head + st->layer[r->udp].off + UDP_CHECK_AT))
		return -EINVAL;
	sum = (uint16_t)~rest(pkt, st, r);
	if (!sum && r->offset - r->start == UDP_CHECK_AT)
		sum = 0xffff;
	store_word(head + field, sum);
	return 0;
}

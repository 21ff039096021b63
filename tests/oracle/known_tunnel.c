/* SPDX-License-Identifier: MIT */
/* known_tunnel.c - rows of known.c that are about tunnels */
#include "known_tunnel.h"

#include "wire.h"

#define IPIP	  4
#define UDP	  17
#define IPV6	  41
#define GRE	  47
#define GRE_CSUM  0x8000u
#define GRE_KEY	  0x2000u
#define GRE_SEQ	  0x1000u
#define GRE_FLAGS (GRE_CSUM | GRE_KEY | GRE_SEQ)

bool known_tunnel_unreadable(const struct asked *q)
{
	return q->p->partial && !q->meta->gso_size && q->meta->encapsulation;
}

static bool cut(const struct asked *q)
{
	return q->meta->gso_size && q->meta->encapsulation;
}

bool known_tunnel_odd_length(const struct asked *q)
{
	return cut(q) && q->meta->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM &&
	       (q->meta->csum_start - q->sp->outer_l4) & 1;
}

static uint16_t gre_flags(const struct superpacket *sp)
{
	return get16(sp->frame + sp->outer_l4);
}

bool known_gre_seq(const struct asked *q)
{
	return cut(q) && q->sp->kind->tunnel == TUNNEL_GRE &&
	       gre_flags(q->sp) & GRE_SEQ;
}

/* What a GRE header says of itself: its length, and what is behind it. */
static bool gre_right(const struct superpacket *sp)
{
	uint16_t flags = gre_flags(sp);
	uint16_t type = sp->teb ? TEB : sp->version == 4 ? 0x0800 : 0x86dd;
	uint32_t len = 4;

	for (uint32_t bit = GRE_CSUM; bit >= GRE_SEQ; bit >>= 1)
		len += flags & bit ? 4 : 0;
	return !(flags & ~GRE_FLAGS) && len == sp->inner_l2 - sp->outer_l4 &&
	       get16(sp->frame + sp->outer_l4 + 2) == type;
}

/* Where the outer IP header ends, and what it names. */
static uint32_t outer_end(const struct superpacket *sp, uint8_t *proto)
{
	const uint8_t *f = sp->frame;
	uint32_t at = sp->outer_l3;

	if (sp->kind->version == 4) {
		*proto = f[at + 9];
		return at + (f[at] & 15u) * 4;
	}
	*proto = f[at + 6];
	for (at += 40;
	     (*proto == 0 || *proto == 43 || *proto == 60) && at + 2 <= sp->len;
	     at += (f[at + 1] + 1u) * 8)
		*proto = f[at];
	return at;
}

static uint8_t expected(const struct superpacket *sp)
{
	if (sp->kind->tunnel == TUNNEL_IP)
		return sp->version == 4 ? IPIP : IPV6;
	return sp->kind->tunnel == TUNNEL_GRE ? GRE : UDP;
}

bool known_tunnel_contradicts(const struct asked *q)
{
	const struct superpacket *sp = q->sp;
	uint8_t proto;

	if (!cut(q) || !sp->kind->tunnel)
		return false;
	return outer_end(sp, &proto) != sp->outer_l4 || proto != expected(sp) ||
	       (sp->kind->tunnel == TUNNEL_GRE && !gre_right(sp));
}

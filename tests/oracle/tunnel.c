/* SPDX-License-Identifier: MIT */
/*
 * tunnel.c - what is around the inner packet of a tunnel
 *
 * Every tunnel begins with an IP header and ends, perhaps, with a link header.
 * What lies between is random: to segmentation a tunnel's own header is
 * nothing but bytes, and these have the sizes that tunnels have.
 */
#include <string.h>

#include <segoff.h>

#include "encap.h"
#include "superpacket.h"
#include "wire.h"

#define IPIP	    4
#define IPV6	    41
#define GRE	    47
#define UDP	    17
#define GRE_CSUM    0x8000
#define GRE_KEY	    0x2000
#define GRE_SEQ	    0x1000
#define UDP_LEN	    8
#define TUNNEL_CSUM 8
#define TUNNEL_IPV4 0x20
#define TUNNEL_IPV6 0x40
#define OPAQUE_MOST 80

static uint16_t inner_type(const struct superpacket *sp)
{
	return sp->teb ? TEB : sp->version == 4 ? 0x0800 : 0x86dd;
}

static void put_vxlan(struct superpacket *sp, struct rnd *r)
{
	uint8_t *p = build_grow(sp, 8);

	p[0] = 8;
	rnd_bytes(r, p + 4, 3);
	put16(sp->frame + sp->outer_l4 + 2, VXLAN_PORT);
}

static void put_geneve(struct superpacket *sp, struct rnd *r)
{
	uint8_t words = (uint8_t)rnd_below(r, 16);
	uint8_t *p = build_grow(sp, 8u + 4u * words);

	p[0] = words;
	put16(p + 2, inner_type(sp));
	rnd_bytes(r, p + 4, 3);
	rnd_bytes(r, p + 8, 4u * words);
	put16(sp->frame + sp->outer_l4 + 2, GENEVE_PORT);
}

/* Nothing that anybody knows; an odd length is rare. */
static void put_opaque(struct superpacket *sp, struct rnd *r)
{
	uint32_t n = rnd_below(r, OPAQUE_MOST);

	if (!rnd_chance(r, 5))
		n &= ~1u;
	rnd_bytes(r, build_grow(sp, n), n);
}

static void put_udp_tunnel(struct superpacket *sp, struct rnd *r)
{
	static void (*const put[])(struct superpacket *,
				   struct rnd *) = { put_vxlan, put_geneve,
						     put_opaque };
	uint8_t *udp = build_grow(sp, UDP_LEN);

	put16(udp, rnd_below(r, 65536));
	put16(udp + 2, rnd_below(r, 65536));
	sp->teb = rnd_chance(r, 60);
	put[rnd_below(r, LENGTH(put))](sp, r);
}

/* RFC 2784, RFC 2890 */
static void put_gre(struct superpacket *sp, struct rnd *r)
{
	uint32_t flags = (rnd_chance(r, 25) ? GRE_CSUM : 0) |
			 (rnd_chance(r, 40) ? GRE_KEY : 0) |
			 (rnd_chance(r, 10) ? GRE_SEQ : 0);
	uint8_t *p = build_grow(sp, 4);

	sp->teb = rnd_chance(r, 40);
	put16(p, flags);
	put16(p + 2, inner_type(sp));
	for (uint32_t bit = GRE_CSUM; bit >= GRE_SEQ; bit >>= 1)
		if (flags & bit)
			rnd_bytes(r, build_grow(sp, 4), 4);
}

static uint8_t outer_protocol(uint8_t tunnel, uint8_t inner)
{
	if (tunnel == TUNNEL_IP)
		return inner == 4 ? IPIP : IPV6;
	return tunnel == TUNNEL_GRE ? GRE : UDP;
}

static uint32_t gso_bit(uint8_t tunnel, uint8_t outer)
{
	if (tunnel == TUNNEL_IP)
		return outer == 4 ? SEGOFF_GSO_IPXIP4 : SEGOFF_GSO_IPXIP6;
	return tunnel == TUNNEL_GRE ? SEGOFF_GSO_GRE : SEGOFF_GSO_UDP_TUNNEL;
}

/* Whoever encapsulates has not room for any number of extension headers. */
static void put_outer_ip(struct superpacket *sp, struct rnd *r, uint8_t proto)
{
	unsigned int nnext = sp->nnext;

	do {
		sp->len = sp->outer_l3;
		sp->nnext = nnext;
		sp->final_at = 0;
		build_ip(sp, r, proto);
	} while (sp->kind->tunnel != TUNNEL_VNET &&
		 sp->len - sp->outer_l3 > ENCAP_MOST / 2);
	sp->outer_final_at = sp->final_at;
	sp->final_at = 0;
}

void build_tunnel(struct superpacket *sp, struct rnd *r)
{
	const struct kind *k = sp->kind;
	uint8_t inner = k->inner ? k->inner : rnd_chance(r, 50) ? 4 : 6;

	sp->outer_l3 = (uint32_t)sp->len;
	sp->outer_gso = gso_bit(k->tunnel, sp->version);
	put_outer_ip(sp, r, outer_protocol(k->tunnel, inner));
	sp->outer_l4 = (uint32_t)sp->len;
	sp->version = inner;
	if (k->tunnel == TUNNEL_GRE)
		put_gre(sp, r);
	else if (k->tunnel != TUNNEL_IP)
		put_udp_tunnel(sp, r);
	sp->inner_l2 = (uint32_t)sp->len;
	if (sp->teb)
		build_link(sp, r, rnd_chance(r, 85) ? 0 : 1);
	sp->l3 = (uint32_t)sp->len;
}

/* The seed, or what must stay as it is. */
static uint32_t outer_check(struct superpacket *sp, struct rnd *r, size_t n)
{
	const uint8_t *ip = sp->frame + sp->outer_l3;
	uint32_t final_at = rnd_chance(r, 50) ? sp->outer_final_at : 0;

	if (!sp->outer_csum)
		return rnd_chance(r, 80) ? 0 : rnd_below(r, 65536);
	sp->sound = sp->sound && final_at == sp->outer_final_at;
	return wire_fold(build_pseudo(
		ip, final_at ? sp->frame + final_at : ip + 24, UDP, n));
}

static void finish_udp(struct superpacket *sp, struct rnd *r)
{
	uint8_t *udp = sp->frame + sp->outer_l4;
	size_t n = sp->len - sp->outer_l4;

	put16(udp + 4, (uint32_t)n & 0xffff);
	put16(udp + 6, outer_check(sp, r, n));
	sp->sound = sp->sound && n < 65536;
}

static void finish_vnet(struct superpacket *sp, bool v4)
{
	if (sp->outer_csum)
		sp->vnet[VNET_FLAGS] |= TUNNEL_CSUM;
	sp->vnet[VNET_TYPE] |= v4 ? TUNNEL_IPV4 : TUNNEL_IPV6;
	put_le16(sp->vnet + VNET_OUTER_TH, sp->outer_l4);
	put_le16(sp->vnet + VNET_INNER_NH, sp->l3);
}

void build_tunnel_finish(struct superpacket *sp, struct rnd *r)
{
	uint8_t tunnel = sp->kind->tunnel;

	sp->outer_csum = tunnel == TUNNEL_VNET && rnd_chance(r, 50);
	sp->shrink = sp->proto == 6 && rnd_chance(r, 20) &&
		     sp->gso_size > sp->l3 - sp->outer_l3;
	if (tunnel == TUNNEL_VNET || tunnel == TUNNEL_UDP)
		finish_udp(sp, r);
	if (tunnel == TUNNEL_VNET)
		finish_vnet(sp, sp->frame[sp->outer_l3] >> 4 == 4);
}

/* SPDX-License-Identifier: MIT */
/* build.c - headers of a superpacket, from the outside in */
#include <string.h>

#include "superpacket.h"
#include "wire.h"

#define HOPOPTS 0
#define ROUTING 43
#define DSTOPTS 60
#define EXT_MAX 8
#define JUMBO	0xc2
#define HOME	0xc9

uint8_t *build_grow(struct superpacket *sp, size_t n)
{
	uint8_t *p = sp->frame + sp->len;

	memset(p, 0, n);
	sp->len += n;
	return p;
}

static void next_here(struct superpacket *sp, const uint8_t *p)
{
	if (sp->nnext < NEXT_MAX)
		sp->next_at[sp->nnext++] = (uint32_t)(p - sp->frame);
}

/* Encapsulation does not look behind a tag that is in the frame. */
static unsigned int pick_tags(struct rnd *r, uint8_t tunnel)
{
	unsigned int n = rnd_below(r, 100);

	if (n < 70)
		return 0;
	if (n < 82 || tunnel > TUNNEL_VNET)
		return 1;
	return n < 99 ? rnd_between(r, 2, 8) : 9;
}

/* Addresses that a bridge forwards, VLAN tags, EtherType. */
void build_link(struct superpacket *sp, struct rnd *r, unsigned int tags)
{
	uint8_t *p = build_grow(sp, 12);

	p[0] = 2;
	p[5] = 2;
	p[6] = 2;
	p[10] = 1;
	p[11] = (uint8_t)rnd_below(r, 4);
	while (tags--) {
		p = build_grow(sp, 4);
		put16(p, rnd_chance(r, 60) ? 0x8100 : 0x88a8);
		put16(p + 2, rnd_below(r, 65536));
	}
	put16(build_grow(sp, 2), sp->version == 4 ? 0x0800 : 0x86dd);
}

static uint32_t pick_frag(struct rnd *r)
{
	unsigned int n = rnd_below(r, 100);

	if (n < 60)
		return 0x4000;
	return n < 92 ? 0 : rnd_below(r, 65536);
}

static void put_ipv4(struct superpacket *sp, struct rnd *r, uint8_t proto)
{
	uint32_t opt = rnd_chance(r, 80) ? 0 : rnd_between(r, 1, 10);
	uint8_t *p = build_grow(sp, 20 + opt * 4);

	p[0] = (uint8_t)(0x45 + opt);
	p[1] = (uint8_t)rnd_below(r, 256);
	put16(p + 4, rnd_chance(r, 30) ? 65536 - rnd_between(r, 1, 9) :
					 rnd_below(r, 65536));
	put16(p + 6, pick_frag(r));
	p[8] = (uint8_t)rnd_between(r, 1, 255);
	p[9] = proto;
	next_here(sp, p + 9);
	rnd_bytes(r, p + 12, 8 + opt * 4);
}

/* A Routing header that still has addresses to visit. */
static void fill_routing(struct superpacket *sp, struct rnd *r, uint8_t *p)
{
	static const uint8_t types[] = { 0, 2, 4 };
	uint32_t n = rnd_between(r, 1, 3);

	p[1] = (uint8_t)(2 * n);
	p[2] = types[rnd_below(r, LENGTH(types))];
	p[3] = (uint8_t)rnd_between(r, 1, n);
	p[4] = (uint8_t)(n - 1);
	rnd_bytes(r, build_grow(sp, 16 * n), 16 * n);
	if (!sp->final_at)
		sp->final_at = (uint32_t)(p - sp->frame) + 8 +
			       (p[2] == 4 ? 0 : 16 * (n - 1));
}

static void fill_options(struct superpacket *sp, struct rnd *r, uint8_t *p)
{
	p[1] = (uint8_t)(rnd_chance(r, 90) ? rnd_below(r, 3) :
					     rnd_below(r, 256));
	rnd_bytes(r, build_grow(sp, p[1] * 8u), p[1] * 8u);
	rnd_bytes(r, p + 2, 6);
	p[2] |= 1;		 /* no Routing header that has a last address */
	if (rnd_chance(r, 20)) { /* PadN up to the end */
		p[2] = 1;
		p[3] = (uint8_t)(p[1] * 8 + 4);
	} else if (rnd_chance(r, 20)) {
		p[2] = HOME;
		p[3] = (uint8_t)(p[1] * 8 + 4);
	}
}

/* One extension header; returns where it names the next one. */
static uint8_t *put_ext(struct superpacket *sp, struct rnd *r, uint8_t nr)
{
	uint8_t *p = build_grow(sp, 8);

	next_here(sp, p);
	if (nr == ROUTING && rnd_chance(r, 50))
		fill_routing(sp, r, p);
	else
		fill_options(sp, r, p);
	return p;
}

static unsigned int pick_exts(struct rnd *r)
{
	unsigned int n = rnd_below(r, 100);

	if (n < 72)
		return 0;
	if (n < 84)
		return 1;
	return n < 92 ? 2 : rnd_between(r, 3, EXT_MAX);
}

/* The header that Linux puts into IPv6 superpackets above 64 KB. */
static uint8_t *put_jumbo(struct superpacket *sp)
{
	uint8_t *p = build_grow(sp, 8);

	next_here(sp, p);
	p[2] = JUMBO;
	p[3] = 4;
	return p;
}

static void put_ipv6(struct superpacket *sp, struct rnd *r, uint8_t proto)
{
	static const uint8_t exts[] = { HOPOPTS, ROUTING, DSTOPTS };
	unsigned int n = pick_exts(r);
	uint8_t *p = build_grow(sp, 40), *next = p + 6;

	put32(p, 6u << 28 | (uint32_t)(rnd_next(r) & 0xfffffff));
	p[7] = (uint8_t)rnd_between(r, 1, 255);
	rnd_bytes(r, p + 8, 32);
	next_here(sp, next);
	if (sp->kind->big && rnd_chance(r, 60)) {
		*next = HOPOPTS;
		next = put_jumbo(sp);
		n = rnd_chance(r, 80) ? 0 : n;
	}
	while (n--) {
		*next = exts[rnd_below(r, LENGTH(exts))];
		next = put_ext(sp, r, *next);
	}
	*next = proto;
}

void build_ip(struct superpacket *sp, struct rnd *r, uint8_t proto)
{
	if (sp->version == 4)
		put_ipv4(sp, r, proto);
	else
		put_ipv6(sp, r, proto);
}

static uint32_t pick_tcp_options(struct rnd *r)
{
	unsigned int n = rnd_below(r, 100);

	if (n < 55)
		return 0;
	return n < 80 ? 3 : rnd_below(r, 11);
}

static void put_tcp(struct superpacket *sp, struct rnd *r)
{
	uint32_t opt = pick_tcp_options(r);
	uint8_t *p = build_grow(sp, 20 + opt * 4);

	rnd_bytes(r, p, 20 + opt * 4);
	if (rnd_chance(r, 30))
		put32(p + 4, 0u - rnd_below(r, 70000));
	put16(p + 12, (5 + opt) << 12 | rnd_below(r, 4096));
}

static void put_udp(struct superpacket *sp, struct rnd *r)
{
	rnd_bytes(r, build_grow(sp, 8), 4);
}

/* What a writer says of it, if it is a plain one. */
static uint8_t plain_type(const struct superpacket *sp)
{
	if (sp->kind->type != TYPE_BY_L4)
		return sp->kind->type;
	return sp->proto == 17 ? 5 : sp->version == 4 ? 1 : 4;
}

void build_headers(struct superpacket *sp, struct rnd *r)
{
	const struct kind *k = sp->kind;

	sp->version = k->version ? k->version : rnd_chance(r, 50) ? 4 : 6;
	sp->proto = k->proto ? k->proto : rnd_chance(r, 50) ? 6 : 17;
	build_link(sp, r, pick_tags(r, k->tunnel));
	sp->l3 = (uint32_t)sp->len;
	if (k->tunnel)
		build_tunnel(sp, r);
	sp->type = plain_type(sp);
	build_ip(sp, r, sp->proto);
	sp->l4 = (uint32_t)sp->len;
	if (sp->proto == 6)
		put_tcp(sp, r);
	else
		put_udp(sp, r);
	sp->payload = (uint32_t)sp->len;
}

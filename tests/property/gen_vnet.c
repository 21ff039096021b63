/* SPDX-License-Identifier: MIT */
/* gen_vnet.c - virtio_net_hdr for a packet, right, odd or noise */
#include <string.h>

#include "gen.h"

static void put(struct gen_case *c, size_t at, size_t v, bool big)
{
	c->vnet[at + !big] = (uint8_t)(v >> 8);
	c->vnet[at + big] = (uint8_t)v;
}

static uint8_t pick_type(struct rnd *r, const struct gen_case *c)
{
	static const uint8_t any[] = { 0, 1, 3, 4, 5 };
	size_t kind = rnd_below(r, 100);

	if (kind < 3)
		return rnd8(r);
	if (kind < 12)
		return any[rnd_below(r, 5)];
	if (c->proto == 6)
		return c->version == 4 ? 1 : 4;
	return rnd_percent(r, 60) ? 5 : 3;
}

/* Sizes around each threshold: one segment, 128 datagrams, the field. */
static size_t pick_size(struct rnd *r, const struct gen_case *c)
{
	size_t payload = c->len - (c->data < c->len ? c->data : c->len);

	switch (rnd_below(r, 10)) {
	case 0:
		return payload + rnd_below(r, 50) - 25;
	case 1:
		return payload / 128 + rnd_below(r, 2);
	case 2:
		return rnd_percent(r, 30) ? 0xffff : rnd_below(r, 2);
	default:
		return payload / rnd_in(r, 1, 20) + rnd_below(r, 2);
	}
}

/* Where checksums start, near all the limits there are. */
static size_t pick_start(struct rnd *r, const struct gen_case *c)
{
	switch (rnd_below(r, 20)) {
	case 0:
		return rnd_in(r, 12, 48);
	case 1:
		return c->len - rnd_below(r, 30);
	case 2:
		return rnd_percent(r, 50) ? rnd_in(r, 65000, 65535) : rnd16(r);
	default:
		return c->th;
	}
}

static size_t pick_hdr_len(struct rnd *r, const struct gen_case *c)
{
	switch (rnd_below(r, 8)) {
	case 0:
		return c->len + rnd_below(r, 5) - 2;
	case 1:
		return rnd_below(r, 16);
	case 2:
		return rnd16(r);
	case 3:
		return c->data;
	default:
		return 0;
	}
}

/*
 * As if a tunnel began somewhere in the packet: offsets at, just below and
 * above what is allowed. Nobody looks at the bytes between them.
 */
static void tunnel(struct rnd *r, struct gen_case *c)
{
	size_t bit = rnd_percent(r, 50) ? 0x20 : 0x40;
	size_t outer = (bit == 0x20 ? 34 : 54) + rnd_below(r, 24);
	size_t inner = outer + 8 + rnd_below(r, 40);
	size_t start =
		inner + ((c->vnet[1] & 7) == 4 ? 40 : 20) + 4 * rnd_below(r, 8);

	if (rnd_percent(r, 10))
		outer = rnd_in(r, 12, 60);
	if (rnd_percent(r, 10))
		inner = outer + rnd_in(r, 6, 9);
	if (rnd_percent(r, 10))
		start = inner + rnd_in(r, 18, 41);
	if (rnd_percent(r, 60) && inner < c->len)
		c->at[inner] = rnd_percent(r, 50) ? 0x45 : 0x60;
	c->vnet[1] |= (uint8_t)(rnd_percent(r, 97) ? bit : 0x60);
	put(c, 6, start, false);
	put(c, 20, outer, false);
	put(c, 22, inner, false);
}

static void fields(struct rnd *r, struct gen_case *c, bool big)
{
	c->vnet[0] = rnd_percent(r, 75) ? 1 : rnd8(r);
	if (rnd_percent(r, 25))
		c->vnet[0] |= 8;
	c->vnet[1] = pick_type(r, c);
	if (rnd_percent(r, 12))
		c->vnet[1] |= 0x80;
	put(c, 2, pick_hdr_len(r, c), big);
	put(c, 4, pick_size(r, c), big);
	put(c, 6, pick_start(r, c), big);
	put(c, 8, rnd_percent(r, 88) ? (c->proto == 6 ? 16u : 6u) : rnd16(r),
	    big);
	if (rnd_percent(r, 10))
		put(c, 8, rnd_below(r, 40), big);
}

static void pick_opts(struct rnd *r, struct gen_case *c)
{
	static const uint32_t mtus[] = { 0, 68, 600, 1500 };
	struct segoff_vnet_opts *o = &c->vopts;

	*o = (struct segoff_vnet_opts){ .sz = sizeof(*o) };
	o->writer = (uint8_t)rnd_below(r, 4);
	o->big_endian = rnd_percent(r, 30);
	o->tunnel = rnd_percent(r, 70);
	o->tunnel_csum = rnd_percent(r, 70);
	o->data_valid = rnd_percent(r, 50);
	o->vlan_outside = rnd_percent(r, 30);
	o->headroom = (uint16_t)(rnd_percent(r, 70) ? 0 : rnd_below(r, 600));
	o->mtu = mtus[rnd_below(r, 4)];
	if (rnd_percent(r, 20))
		o->mtu = (uint32_t)(c->len - rnd_below(r, 22));
}

void gen_vnet(struct rnd *r, struct gen_case *c)
{
	static const size_t sizes[] = { 10, 10, 12, 20, 24, 24 };
	bool in_tunnel = rnd_percent(r, 15);

	pick_opts(r, c);
	memset(c->vnet, 0, sizeof(c->vnet));
	if (rnd_percent(r, 4))
		rnd_fill(r, c->vnet, sizeof(c->vnet));
	else
		fields(r, c, c->vopts.big_endian && !in_tunnel);
	c->vnet_size = sizes[rnd_below(r, 6)];
	if (rnd_percent(r, 3))
		c->vnet_size = rnd_below(r, 25);
	if (in_tunnel) {
		tunnel(r, c);
		c->vnet_size = rnd_percent(r, 95) ? 24 : 20;
	}
}

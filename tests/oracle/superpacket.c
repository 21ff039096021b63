/* SPDX-License-Identifier: MIT */
/* superpacket.c - the kinds, and one superpacket from its number */
#include "superpacket.h"

#include <string.h>

#include "wire.h"

#define TNL_SIZE 24 /* the virtio_net_hdr that can say a tunnel */

/* clang-format off */
const struct kind kinds[] = {
	/* name    weight version inner proto type  big    tunnel */
	{ "tcp4",   20,    4,     0,    6,   1,    false, TUNNEL_NONE },
	{ "tcp6",   20,    6,     0,    6,   4,    false, TUNNEL_NONE },
	{ "udp4",   12,    4,     0,    17,  5,    false, TUNNEL_NONE },
	{ "udp6",   12,    6,     0,    17,  5,    false, TUNNEL_NONE },
	{ "ufo4",    8,    4,     0,    17,  3,    false, TUNNEL_NONE },
	{ "ufo6",    8,    6,     0,    17,  3,    false, TUNNEL_NONE },
	{ "csum",    6,    0,     0,    0,   0,    false, TUNNEL_NONE },
	{ "big4",    2,    4,     0,    6,   1,    true,  TUNNEL_NONE },
	{ "big6",    3,    6,     0,    6,   4,    true,  TUNNEL_NONE },
	{ "vnet4",   1,    4,     0,    6,   TYPE_BY_L4, false, TUNNEL_VNET },
	{ "vnet6",   1,    6,     0,    6,   TYPE_BY_L4, false, TUNNEL_VNET },
	{ "vnet4u",  1,    4,     0,    17,  TYPE_BY_L4, false, TUNNEL_VNET },
	{ "vnet6u",  1,    6,     0,    17,  TYPE_BY_L4, false, TUNNEL_VNET },
	{ "ipip",    1,    4,     4,    0,   TYPE_BY_L4, false, TUNNEL_IP },
	{ "sit",     1,    4,     6,    0,   TYPE_BY_L4, false, TUNNEL_IP },
	{ "4in6",    1,    6,     4,    0,   TYPE_BY_L4, false, TUNNEL_IP },
	{ "6in6",    1,    6,     6,    0,   TYPE_BY_L4, false, TUNNEL_IP },
	{ "gre4",    1,    4,     0,    0,   TYPE_BY_L4, false, TUNNEL_GRE },
	{ "gre6",    1,    6,     0,    0,   TYPE_BY_L4, false, TUNNEL_GRE },
	{ "udp-4",   1,    4,     0,    0,   TYPE_BY_L4, false, TUNNEL_UDP },
	{ "udp-6",   1,    6,     0,    0,   TYPE_BY_L4, false, TUNNEL_UDP },
	{ 0 },
};
/* clang-format on */

static unsigned int weight(const struct kind *k, unsigned int tunnels)
{
	return tunnels & 1u << k->tunnel ? k->weight : 0;
}

static const struct kind *pick_kind(struct rnd *r, unsigned int tunnels)
{
	const struct kind *k;
	unsigned int sum = 0, n;

	for (k = kinds; k->name; k++)
		sum += weight(k, tunnels);
	n = rnd_below(r, sum);
	for (k = kinds; n >= weight(k, tunnels); k++)
		n -= weight(k, tunnels);
	return k;
}

const struct kind *kind_find(const char *name)
{
	for (const struct kind *k = kinds; k->name; k++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

static size_t pick_vnet_size(const struct superpacket *sp, struct rnd *r,
			     const struct limits *limits)
{
	size_t n = limits->vnet_sizes[rnd_below(r, limits->nvnet)];

	if (sp->kind->tunnel != TUNNEL_VNET)
		return n;
	for (unsigned int i = 0; i < limits->nvnet; i++)
		if (limits->vnet_sizes[i] == TNL_SIZE && rnd_chance(r, 95))
			return TNL_SIZE;
	return n;
}

void superpacket_make(struct superpacket *sp, uint64_t seed, uint64_t number,
		      const struct kind *kind, const struct limits *limits)
{
	uint8_t *frame = sp->frame;
	struct rnd r;

	rnd_seed(&r, seed, number);
	*sp = (struct superpacket){ .frame = frame, .number = number };
	sp->kind = kind ? kind : pick_kind(&r, limits->tunnels);
	sp->sound = true;
	sp->vnet_size = pick_vnet_size(sp, &r, limits);
	build_headers(sp, &r);
	build_payload(sp, &r, limits);
	build_finish(sp, &r);
	sp->form = rnd_below(&r, 3);
	if (rnd_chance(&r, 30))
		sp->step = rnd_between(&r, 64 + (uint32_t)sp->len / 512, 4096);
	sp->mtu_slack = rnd_chance(&r, 40) ? (int)rnd_below(&r, 9) : -1;
	if (!limits->even)
		build_odd(sp, &r);
}

void superpacket_strip(struct superpacket *sp)
{
	uint32_t by = sp->kind->tunnel ? sp->outer_l3 : sp->l3;

	if (sp->len < by) /* cut short by something odd */
		by = (uint32_t)sp->len;
	memmove(sp->frame, sp->frame + by, sp->len - by);
	sp->len -= by;
	sp->l3 -= by;
	sp->l4 -= by;
	sp->payload -= by;
	move_le16(sp->vnet + VNET_HDR_LEN, by);
	move_le16(sp->vnet + VNET_CSUM_START, by);
	move_le16(sp->vnet + VNET_OUTER_TH, by);
	move_le16(sp->vnet + VNET_INNER_NH, by);
}

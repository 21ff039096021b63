/* SPDX-License-Identifier: MIT */
/* superpacket.c - the kinds, and one superpacket from its number */
#include "superpacket.h"

#include <string.h>

#include "wire.h"

#define TNL_SIZE 24 /* the virtio_net_hdr that can say a tunnel */

/* clang-format off */
const struct kind kinds[] = {
	/* name    weight version proto type  big    tunnel */
	{ "tcp4",   20,    4,      6,   1,    false, false },
	{ "tcp6",   20,    6,      6,   4,    false, false },
	{ "udp4",   12,    4,      17,  5,    false, false },
	{ "udp6",   12,    6,      17,  5,    false, false },
	{ "ufo4",    8,    4,      17,  3,    false, false },
	{ "ufo6",    8,    6,      17,  3,    false, false },
	{ "csum",    6,    0,      0,   0,    false, false },
	{ "big4",    2,    4,      6,   1,    true,  false },
	{ "big6",    3,    6,      6,   4,    true,  false },
	{ "vxlan4",  2,    0,      6,   1,    false, true },
	{ "vxlan6",  2,    0,      6,   4,    false, true },
	{ "vxlanu",  2,    0,      17,  5,    false, true },
	{ 0 },
};
/* clang-format on */

static const struct kind *pick_kind(struct rnd *r)
{
	const struct kind *k;
	unsigned int sum = 0, n;

	for (k = kinds; k->name; k++)
		sum += k->weight;
	n = rnd_below(r, sum);
	for (k = kinds; n >= k->weight; k++)
		n -= k->weight;
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

	if (!sp->kind->tunnel)
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
	sp->kind = kind ? kind : pick_kind(&r);
	sp->sound = true;
	sp->vnet_size = pick_vnet_size(sp, &r, limits);
	build_headers(sp, &r);
	build_payload(sp, &r, limits);
	build_finish(sp, &r);
	sp->form = rnd_below(&r, 3);
	if (rnd_chance(&r, 30))
		sp->step = rnd_between(&r, 64 + (uint32_t)sp->len / 512, 4096);
	sp->mtu_slack = rnd_chance(&r, 40) ? (int)rnd_below(&r, 9) : -1;
	build_odd(sp, &r);
}

static void move_le16(uint8_t *p, uint32_t by)
{
	if (get_le16(p) >= by)
		put_le16(p, get_le16(p) - by);
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

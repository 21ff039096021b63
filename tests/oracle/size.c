/* SPDX-License-Identifier: MIT */
/* size.c - how large a payload, in segments how large */
#include <string.h>

#include "superpacket.h"

#define UDP_SEGMENTS 128
#define POOL	     (1u << 20)
#define PLAIN_MAX    70000u /* payload of a kind that is not big */

/* Bytes to take payload from: random ones cost more than they are worth. */
static const uint8_t *payload_pool(void)
{
	static uint8_t pool[POOL];
	static bool ready;
	struct rnd r = { 1 };

	if (!ready)
		rnd_bytes(&r, pool, sizeof(pool));
	ready = true;
	return pool;
}

static uint32_t pick_gso_size(struct rnd *r)
{
	static const uint16_t usual[] = { 536,	1000, 1200, 1350, 1428, 1440,
					  1448, 1452, 1460, 1472, 8948, 16384 };
	static const uint16_t edge[] = { 1, 2, 7, 8, 9, 15, 16, 65533, 65534 };
	unsigned int n = rnd_below(r, 100);

	if (n < 45)
		return usual[rnd_below(r, LENGTH(usual))];
	if (n < 65)
		return rnd_between(r, 1, 2000);
	if (n < 75)
		return 8 * rnd_between(r, 1, 200);
	if (n < 83)
		return rnd_between(r, 1, 16);
	if (n < 90)
		return edge[rnd_below(r, LENGTH(edge))];
	return rnd_between(r, 1, 65534);
}

/* @n, or one less, or one more */
static uint32_t near(struct rnd *r, uint32_t n)
{
	return n + rnd_below(r, 3) - (n ? 1 : 0);
}

static uint32_t pick_payload(const struct superpacket *sp, struct rnd *r)
{
	uint32_t s = sp->gso_size, options = sp->payload - sp->l4 - 20;
	unsigned int n = rnd_below(r, 100);

	if (n < 50)
		return near(r, s * rnd_below(r, 12));
	if (n < 60 && sp->proto == 6)
		return s - rnd_below(r, options + 3 > s ? s : options + 3);
	if (n < 60)
		return near(r, s * UDP_SEGMENTS);
	if (n < 65 && sp->proto == 17 && s > 8) /* UFO counts the header */
		return near(r, s - 8);
	if (n < 70)
		return rnd_below(r, 100);
	if (n < 85)
		return rnd_below(r, 5000);
	if (n < 95)
		return near(r, s * rnd_below(r, 65536 / s + 1));
	return rnd_below(r, PLAIN_MAX + 1);
}

static uint32_t pick_big(const struct superpacket *sp, struct rnd *r,
			 size_t most)
{
	/* where 16 bits end: for the frame from IP on, and for the payload */
	uint32_t ip = 65536 - (sp->payload - sp->l3);

	if (most < 65536 || rnd_chance(r, 20))
		return near(r, rnd_chance(r, 50) ? ip : 65536);
	return rnd_between(r, 65536, (uint32_t)most);
}

/* Every segment carries the headers: keep the whole within reason. */
static uint32_t segments_at_most(const struct superpacket *sp, struct rnd *r,
				 const struct limits *limits)
{
	size_t most = rnd_chance(r, 2) ? limits->segments : 3000;
	size_t bytes = (16u << 20) / sp->payload;

	if (most > limits->segments)
		most = limits->segments;
	return (uint32_t)(most < bytes ? most : bytes);
}

void build_payload(struct superpacket *sp, struct rnd *r,
		   const struct limits *limits)
{
	/* leave room for bytes that something odd may append */
	size_t most = limits->frame - 64 - sp->payload;
	uint32_t n, cap = segments_at_most(sp, r, limits);
	const uint8_t *pool = payload_pool();

	sp->gso_size = (uint16_t)pick_gso_size(r);
	if (sp->type == 3 && rnd_chance(r, 90) && sp->gso_size > 8)
		sp->gso_size &= 0xfff8;
	n = sp->kind->big ? pick_big(sp, r, most) : pick_payload(sp, r);
	if (!sp->kind->big && n > PLAIN_MAX)
		n = rnd_below(r, PLAIN_MAX + 1);
	if (n > most)
		n = (uint32_t)most;
	if (n / sp->gso_size >= cap)
		sp->gso_size = (uint16_t)(n / cap + 1);
	if (rnd_chance(r, 97))
		memcpy(sp->frame + sp->len, pool + rnd_below(r, POOL - n), n);
	else
		memset(sp->frame + sp->len, rnd_chance(r, 50) ? 0 : 255, n);
	sp->len += n;
}

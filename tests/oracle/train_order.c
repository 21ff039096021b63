/* SPDX-License-Identifier: MIT */
/*
 * train_order.c - odd things that change which packets come, in which order,
 * and what they carry
 */
#include "train_odd.h"

#include <string.h>

/* What the flow sends after packet @k comes @by bytes later. */
static void shift(struct train *t, unsigned int k, uint32_t by)
{
	unsigned int flow = t->spec[k].flow;

	for (k++; k < t->n; k++)
		if (t->spec[k].flow == flow)
			t->spec[k].seq += by;
}

static void resize(struct train *t, unsigned int k, uint32_t size, bool shifts)
{
	struct spec *s = &t->spec[k];

	if (shifts)
		shift(t, k, size - s->payload);
	s->payload = size;
}

static void shorter(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);
	uint32_t size = rnd_below(r, t->spec[k].payload + 1);

	if (rnd_chance(r, 30))
		size = rnd_below(r, 2);
	resize(t, k, size, rnd_chance(r, 85));
}

static void longer(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);

	resize(t, k, t->spec[k].payload + rnd_between(r, 1, 3),
	       rnd_chance(r, 85));
}

static void swap(struct train *t, struct rnd *r)
{
	unsigned int a = rnd_below(r, t->n), b = rnd_below(r, t->n);
	struct spec s = t->spec[a];

	if (rnd_chance(r, 50) && a + 1 < t->n)
		b = a + 1;
	t->spec[a] = t->spec[b];
	t->spec[b] = s;
}

static void drop(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);

	if (t->n == 1)
		return;
	t->n--;
	memmove(t->spec + k, t->spec + k + 1, (t->n - k) * sizeof(t->spec[0]));
}

static void insert(struct train *t, unsigned int k, struct spec s)
{
	if (t->n == TRAIN_MOST)
		t->n--;
	memmove(t->spec + k + 1, t->spec + k, (t->n - k) * sizeof(t->spec[0]));
	t->spec[k] = s;
	t->n++;
}

static void duplicate(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);
	struct spec s = t->spec[rnd_chance(r, 50) ? k : rnd_below(r, k + 1)];

	if (k == TRAIN_MOST - 1)
		return;
	insert(t, k + 1, s);
}

/* An acknowledgment of the other direction's data, without data. */
static void pure_ack(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);
	struct spec s = t->spec[k];

	s.payload = 0;
	if (rnd_chance(r, 50))
		s.ack += rnd_between(r, 1, 3000);
	insert(t, k, s);
}

/* Something else in between, which ends no flow. */
static void stranger(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);
	struct spec s = t->spec[k];

	if (rnd_chance(r, 50))
		odd_type(&s, r);
	else
		odd_protocol(&s.ip, r);
	insert(t, k, s);
}

static void overlap(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);

	t->spec[k].seq -= rnd_below(r, t->spec[k].payload + 1);
}

static void gap(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n);

	shift(t, k, rnd_between(r, 1, 3000));
}

/* IDs that both stay and count: 7, 7, 8 and 7, 8, 8. */
static void stutter(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n), flow = t->spec[k].flow;
	uint16_t by = rnd_chance(r, 50) ? 1 : 65535;

	for (k++; k < t->n; k++)
		if (t->spec[k].flow == flow)
			t->spec[k].ip.id = (uint16_t)(t->spec[k].ip.id + by);
}

/* An address for which a packet's header checksum comes out as zero. */
static void ip_zero(struct train *t, struct rnd *r)
{
	unsigned int k = rnd_below(r, t->n), flow = t->spec[k].flow;
	uint8_t *p = t->spec[k].ip.addr + 18;
	uint32_t v = (uint32_t)(p[0] << 8 | p[1]) + train_sums(&t->spec[k]).ip;
	bool other = rnd_chance(r, 50);

	v = (v & 0xffff) + (v >> 16);
	for (k = 0; k < t->n; k++) {
		if (t->spec[k].flow != flow)
			continue;
		t->spec[k].ip.addr[18] = (uint8_t)(v >> 8);
		t->spec[k].ip.addr[19] = (uint8_t)v;
		t->spec[k].ip.ip_zero = other;
	}
}

const struct order_row train_orders[] = {
	{ "shorter", shorter },
	{ "longer", longer },
	{ "swap", swap },
	{ "drop", drop },
	{ "duplicate", duplicate },
	{ "pure-ack", pure_ack },
	{ "stranger", stranger },
	{ "overlap", overlap },
	{ "gap", gap },
	{ "stutter", stutter },
	{ "ip-zero", ip_zero },
	{ 0 },
};

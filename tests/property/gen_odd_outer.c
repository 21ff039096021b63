/* SPDX-License-Identifier: MIT */
/* gen_odd_outer.c - packets in tunnels that are odd in a header around them */
#include <string.h>

#include "train.h"

/* A header, and the packet that it is in. */
struct place {
	const struct gen_outer *o;
	uint8_t *h;
};

static void ipv4(struct rnd *r, uint8_t *h)
{
	switch (rnd_below(r, 5)) {
	case 0: /* type of service, time to live */
		h[rnd_percent(r, 50) ? 1 : 8] ^=
			(uint8_t)(1u << rnd_below(r, 8));
		break;
	case 1:
		h[6] ^= (uint8_t)(0x20 << rnd_below(r, 3));
		break;
	case 2:
		h[12 + rnd_below(r, 8)] ^= 1;
		break;
	default: /* identification */
		ref_put16(h + 4, (ref_get16(h + 4) + rnd_below(r, 5) + 0xfffe) &
					 0xffff);
	}
}

/* Version, traffic class, flow label, hop limit, addresses. */
static void ipv6(struct rnd *r, uint8_t *h)
{
	static const uint8_t at[] = { 0, 1, 2, 3, 7, 8, 20, 24, 39 };

	h[at[rnd_below(r, 9)]] ^= (uint8_t)(1u << rnd_below(r, 8));
}

/* There, or not: what stands for it is made right later. */
static void udp(struct rnd *r, uint8_t *h)
{
	if (rnd_percent(r, 60))
		ref_put16(h + 6, ref_get16(h + 6) ? 0 : 1);
	else
		h[rnd_percent(r, 80) ? rnd_below(r, 2) : 3] ^=
			(uint8_t)(1u << rnd_below(r, 8));
}

/* Anything in the first bytes: flags, version, type, key, VNI. */
static void any(struct rnd *r, uint8_t *h)
{
	h[rnd_below(r, 8)] ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void change(struct rnd *r, const struct place *at)
{
	switch (at->o->proto) {
	case SEGOFF_P_IPV4:
		ipv4(r, at->h);
		break;
	case SEGOFF_P_IPV6:
		ipv6(r, at->h);
		break;
	case SEGOFF_P_UDP:
		udp(r, at->h);
		break;
	default:
		any(r, at->h);
	}
}

static void header_sum(uint8_t *h)
{
	ref_put16(h + 10, 0);
	ref_put16(h + 10,
		  ref_not(ref_fold(ref_sum(h, (size_t)(h[0] & 15) * 4))));
}

/* A length that is not that of the packet; a header checksum knows of it. */
static void length(struct rnd *r, const struct place *at)
{
	size_t field = at->o->proto == SEGOFF_P_IPV4 ? 2 : 4;
	uint8_t *h = at->h + field;

	ref_put16(h, (ref_get16(h) + rnd_below(r, 5) + 0xfffe) & 0xffff);
	if (at->o->proto == SEGOFF_P_IPV4)
		header_sum(at->h);
}

/* Where a checksum is; 0: there is none. */
static size_t check_at(const struct place *at)
{
	switch (at->o->proto) {
	case SEGOFF_P_IPV4:
		return 10;
	case SEGOFF_P_UDP:
		return ref_get16(at->h + 6) ? 6 : 0;
	case SEGOFF_P_GRE:
		return at->h[0] & 0x80 ? 4 : 0;
	}
	return 0;
}

/* Wrong, or right but with the other zero. */
static void checksum(struct rnd *r, const struct place *at)
{
	size_t i = check_at(at);
	uint8_t *id = at->h + 4;

	if (!i)
		return;
	if (at->o->proto != SEGOFF_P_IPV4 || rnd_percent(r, 50)) {
		at->h[i] ^= (uint8_t)(1u << rnd_below(r, 8));
		return;
	}
	ref_put16(id,
		  ref_fold((uint64_t)ref_get16(id) + ref_get16(at->h + 10)));
	ref_put16(at->h + 10, rnd_percent(r, 50) ? 0xffff : 0);
}

bool gen_odd_outer(struct rnd *r, const struct gen_flow *f, struct train *t)
{
	struct train_pkt *p = &t->pkt[t->n - 1];
	struct place at;

	if (!f->nouter)
		return false;
	at.o = &f->outer[rnd_below(r, f->nouter)];
	at.h = p->at + at.o->off;
	switch (rnd_below(r, 5)) {
	case 0:
		length(r, &at);
		break;
	case 1:
		checksum(r, &at);
		break;
	default:
		change(r, &at);
		gen_right(f, p, t->link);
	}
	return true;
}

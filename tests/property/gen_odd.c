/* SPDX-License-Identifier: MIT */
/* gen_odd.c - packets that differ in one place from what was to come */
#include <string.h>

#include "train.h"

/* Put @n bytes of @with in front of offset @at. */
static void insert(struct train_pkt *p, size_t at, const uint8_t *with,
		   size_t n)
{
	memmove(p->at + at + n, p->at + at, p->len - at);
	memcpy(p->at + at, with, n);
	p->len += n;
}

static void any_header_byte(struct rnd *r, const struct gen_flow *f,
			    struct train_pkt *p)
{
	size_t at = rnd_below(r, f->data);

	if (rnd_percent(r, 50))
		p->at[at] ^= (uint8_t)(1u << rnd_below(r, 8));
	else
		p->at[at] = rnd8(r);
}

static void any_byte(struct rnd *r, struct train_pkt *p)
{
	p->at[rnd_below(r, p->len)] ^= (uint8_t)(1u << rnd_below(r, 8));
}

/* One of the nine flags of TCP, or the IPv4 fragment word. */
static void flag(struct rnd *r, const struct gen_flow *f, struct train_pkt *p)
{
	if (f->version == 4 && rnd_percent(r, 30))
		p->at[f->net + 6] ^= (uint8_t)(0x20 << rnd_below(r, 3));
	else if (f->version == 4 && rnd_percent(r, 10))
		p->at[f->net + 7] = rnd8(r);
	else if (f->proto == 6)
		p->at[f->th + 13] ^= (uint8_t)(1u << rnd_below(r, 8));
}

static void word(struct rnd *r, const struct gen_flow *f, struct train_pkt *p)
{
	static const uint8_t tcp[] = { 0, 4, 6, 8, 10, 14, 18 };
	uint8_t *at =
		p->at + f->th +
		(f->proto == 6 ? tcp[rnd_below(r, 7)] : 2 * rnd_below(r, 2));

	if (f->version == 4 && rnd_percent(r, 40))
		at = p->at + f->net + 4; /* identification */
	ref_put16(at, (ref_get16(at) + rnd_below(r, 5) + 0xfffe) & 0xffff);
}

static void length(struct rnd *r, const struct gen_flow *f, struct train_pkt *p)
{
	uint8_t *ip = p->at + f->net + (f->version == 4 ? 2 : 4);

	if (f->proto == 17 && rnd_percent(r, 50))
		ip = p->at + f->th + 4;
	ref_put16(ip,
		  rnd_percent(r, 50) ?
			  rnd_below(r, 30) :
			  (ref_get16(ip) + rnd_below(r, 5) + 0xfffe) & 0xffff);
	gen_header_sum(f, p);
}

/* Ethernet padding, or a packet cut short. */
static void pad_or_cut(struct rnd *r, const struct gen_flow *f,
		       struct train_pkt *p)
{
	size_t n = rnd_in(r, 1, 20);

	if (rnd_percent(r, 50)) {
		memset(p->at + p->len, 0, n);
		p->len += n;
	} else if (rnd_percent(r, 50)) {
		p->len -= rnd_below(r, p->len + 1);
	} else {
		p->len = rnd_below(r, f->data + 1);
	}
}

/* IPv4 options, a VLAN tag, or one more extension header. */
static void more_header(struct rnd *r, const struct gen_flow *f,
			struct train_pkt *p, unsigned int link)
{
	static const uint8_t nops[4] = { 1, 1, 1, 1 };
	static const uint8_t tag[4] = { 0x81, 0, 0, 7 };
	uint8_t ext[8] = { 0, 0, 1, 4 };
	struct gen_flow now = *f;
	size_t n = 4, at = 12;

	if (link == SEGOFF_LINK_ETHERNET && rnd_percent(r, 40)) {
		insert(p, at, tag, n);
	} else if (f->version == 4) {
		p->at[f->net]++;
		at = f->net + 20;
		insert(p, at, nops, n);
	} else {
		n = 8;
		at = f->net + 40;
		ext[0] = p->at[f->net + 6];
		p->at[f->net + 6] = rnd_percent(r, 80) ? 60 : 44;
		insert(p, at, ext, n);
	}
	gen_shift(&now, at, n);
	gen_right(&now, p, link);
}

/* A packet whose checksum comes out as zero, in one form or the other. */
static void zero_transport(struct rnd *r, const struct gen_flow *f,
			   struct train_pkt *p)
{
	uint8_t *check = p->at + f->th + (f->proto == 6 ? 16 : 6);
	uint8_t *at = p->at + f->data + (f->data - f->th) % 2;

	if (p->len < f->data + 3)
		return;
	ref_put16(at, ref_fold((uint64_t)ref_get16(at) + ref_get16(check)));
	ref_put16(check, rnd_percent(r, 50) ? 0xffff : 0);
}

static void zero_header(struct rnd *r, const struct gen_flow *f,
			struct train_pkt *p)
{
	uint8_t *ip = p->at + f->net;

	if (f->version != 4)
		return;
	ref_put16(ip + 4,
		  ref_fold((uint64_t)ref_get16(ip + 4) + ref_get16(ip + 10)));
	ref_put16(ip + 10, rnd_percent(r, 50) ? 0xffff : 0);
}

/* SCTP between the same addresses and ports: nobody merges it. */
static void sctp(const struct gen_flow *f, struct train_pkt *p)
{
	p->at[f->net + (f->version == 4 ? 9 : 6)] = 132;
}

/* Headers changed by somebody who knows what he does: all else is right. */
static void changed(struct rnd *r, const struct gen_flow *f,
		    struct train_pkt *p, unsigned int link)
{
	switch (rnd_below(r, 10)) {
	case 0:
		sctp(f, p);
		break;
	case 1:
	case 2:
	case 3:
		any_header_byte(r, f, p);
		break;
	case 4:
	case 5:
	case 6:
		flag(r, f, p);
		break;
	default:
		word(r, f, p);
	}
	gen_right(f, p, link);
}

void gen_odd(struct rnd *r, const struct gen_flow *f, struct train *t)
{
	struct train_pkt *p = &t->pkt[t->n - 1];

	if (p->len < f->data)
		return;
	if (rnd_percent(r, 50) && gen_odd_outer(r, f, t))
		return;
	switch (rnd_below(r, 10)) {
	case 0:
		any_byte(r, p);
		break;
	case 1:
		any_header_byte(r, f, p);
		break;
	case 2:
		length(r, f, p);
		break;
	case 3:
		pad_or_cut(r, f, p);
		break;
	case 4:
		more_header(r, f, p, t->link);
		break;
	case 5:
		zero_transport(r, f, p);
		break;
	case 6:
		zero_header(r, f, p);
		break;
	default:
		changed(r, f, p, t->link);
	}
}

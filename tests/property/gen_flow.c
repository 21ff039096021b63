/* SPDX-License-Identifier: MIT */
/* gen_flow.c - flows whose packets follow each other */
#include <string.h>

#include "train.h"

static size_t tags(struct rnd *r, uint8_t *h, size_t type_at, size_t end,
		   uint16_t type)
{
	size_t n = rnd_percent(r, 80) ? 0 : rnd_in(r, 1, 3);

	for (; n; n--) {
		ref_put16(h + type_at, rnd_percent(r, 50) ? 0x8100 : 0x88a8);
		ref_put16(h + end, rnd_below(r, 3));
		type_at = end + 2;
		end += 4;
	}
	ref_put16(h + type_at, type);
	return end;
}

/* Bytes of the link header. Addresses are few, so that flows are alike. */
static size_t link_header(struct rnd *r, struct gen_flow *f, unsigned int link)
{
	uint16_t type = f->version == 4 ? 0x0800 : 0x86dd;

	switch (link) {
	case SEGOFF_LINK_ETHERNET:
		f->head[5] = (uint8_t)rnd_below(r, 2);
		return tags(r, f->head, 12, 14, type);
	case SEGOFF_LINK_LINUX_SLL:
		return tags(r, f->head, 14, 16, type);
	case SEGOFF_LINK_LINUX_SLL2:
		return tags(r, f->head, 0, 20, type);
	case SEGOFF_LINK_NULL:
	case SEGOFF_LINK_LOOP:
		f->head[3] = f->version == 4 ? 2 : 30;
		return 4;
	default:
		return 0;
	}
}

static void ipv4(struct rnd *r, struct gen_flow *f)
{
	uint8_t *ip = f->head + f->net;

	ip[0] = 0x45;
	ip[1] = rnd_percent(r, 80) ? 0 : rnd8(r);
	ip[6] = rnd_percent(r, 60) ? 0x40 : 0;
	ip[8] = 64;
	ip[9] = f->proto;
	ref_put32(ip + 12, 0x0a000001);
	ref_put32(ip + 16, 0x0a000002 + (uint32_t)rnd_below(r, 2));
	f->th = f->net + 20;
}

/*
 * One extension header; half of the Routing headers still have segments left,
 * so that the final destination is another.
 */
static size_t extension(struct rnd *r, uint8_t *h, uint8_t kind)
{
	size_t units = kind == 43 ? 2 * rnd_below(r, 3) : rnd_below(r, 3);

	if (rnd_percent(r, 4))
		units = rnd_in(r, 16, 30);
	memset(h, 0, 8 * (units + 1));
	h[1] = (uint8_t)units;
	if (kind == 43) {
		h[2] = (uint8_t)(2 * rnd_below(r, 3));
		h[3] = (uint8_t)rnd_below(r, 2);
		rnd_fill(r, h + 4, 8 * units + 4);
	} else {
		h[2] = 1;
		h[3] = (uint8_t)(8 * units + 4);
	}
	return 8 * (units + 1);
}

static void ipv6(struct rnd *r, struct gen_flow *f)
{
	static const uint8_t kinds[] = { 0, 43, 60 };
	uint8_t *ip = f->head + f->net, *next = ip + 6;
	size_t n = rnd_percent(r, 75) ? 0 : 1;

	ref_put32(ip, 0x60000000 | (rnd32(r) & (rnd_percent(r, 50) ? 0 : 1)));
	ip[7] = 64;
	ip[8] = ip[24] = 0xfd;
	ip[23] = 1;
	ip[39] = (uint8_t)rnd_below(r, 2);
	f->th = f->net + 40;
	while (n--) {
		*next = kinds[rnd_below(r, 3)];
		next = f->head + f->th;
		f->th += extension(r, next, *(f->head + f->net + 6));
	}
	*next = f->proto;
}

static void tcp(struct rnd *r, struct gen_flow *f)
{
	uint8_t *th = f->head + f->th;
	size_t options = rnd_percent(r, 50) ? 0 : 4 * rnd_in(r, 1, 10);

	ref_put32(th + 8, 77);
	th[12] = (uint8_t)((5 + options / 4) << 4 | rnd_below(r, 2));
	th[13] = rnd_percent(r, 85) ? 0x10 : 0x50;
	ref_put16(th + 14, 500);
	if (rnd_percent(r, 20))
		ref_put16(th + 18, rnd16(r));
	rnd_fill(r, th + 20, options);
	f->data = f->th + 20 + options;
}

static size_t pick_size(struct rnd *r)
{
	size_t kind = rnd_below(r, 100);

	if (kind < 50)
		return rnd_in(r, 1, 40);
	if (kind < 90)
		return rnd_in(r, 1, 1460);
	return rnd_in(r, 8000, 33000);
}

void gen_inner(struct rnd *r, struct gen_flow *f)
{
	f->proto = rnd_percent(r, 60) ? 6 : 17;
	if (f->version == 4)
		ipv4(r, f);
	else
		ipv6(r, f);
	ref_put16(f->head + f->th, 1000 + rnd_below(r, 2));
	ref_put16(f->head + f->th + 2, 80);
	if (f->proto == 6)
		tcp(r, f);
	else
		f->data = f->th + 8;
	f->size = pick_size(r);
	f->seq = rnd_percent(r, 30) ? 0xffffff00 : rnd32(r);
	f->id = (uint16_t)(rnd_percent(r, 30) ? 0xfffe : rnd16(r));
	f->id_step = (uint16_t)(rnd_percent(r, 25) ? 0 : 1);
	f->hash = rnd_percent(r, 40) ? 0 : (uint32_t)rnd_below(r, 20);
}

void gen_flow(struct rnd *r, struct gen_flow *f, unsigned int link)
{
	*f = (struct gen_flow){ .version = rnd_percent(r, 50) ? 4 : 6 };
	f->net = link_header(r, f, link);
	gen_inner(r, f);
}

void gen_header_sum(const struct gen_flow *f, struct train_pkt *p)
{
	uint8_t *ip = p->at + f->net;

	if (f->version != 4)
		return;
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10,
		  ref_not(ref_fold(ref_sum(ip, (size_t)(ip[0] & 15) * 4))));
}

bool gen_checksum(const struct gen_flow *f, const struct train_pkt *p,
		  unsigned int link, bool final, struct ref_checksum *c)
{
	struct ref_pkt ref = { p->at, p->len, link };
	struct ref_walk w = { .net = f->net, .version = f->version };

	ref_walk_ip(&ref, &w);
	return w.th == f->th && ref_checksum_at(&ref, &w, final, c);
}

/*
 * The checksum is about the final destination half the time (RFC 8200 8.1). One
 * that is left to the receiver is the seed.
 */
static void transport_sum(const struct gen_flow *f, struct train_pkt *p,
			  unsigned int link)
{
	bool final = p->at[f->th + 1] & 1;
	struct ref_checksum c;

	if (gen_checksum(f, p, link, final, &c))
		ref_put16(p->at + c.field, f->remote ? c.seed : c.right);
}

void gen_right(const struct gen_flow *f, struct train_pkt *p, unsigned int link)
{
	uint8_t *ip = p->at + f->net;

	if (f->version == 4)
		ref_put16(ip + 2, (p->len - f->net) & 0xffff);
	else
		ref_put16(ip + 4, (p->len - f->net - 40) & 0xffff);
	if (f->proto == 17)
		ref_put16(p->at + f->th + 4, (p->len - f->th) & 0xffff);
	gen_header_sum(f, p);
	transport_sum(f, p, link);
	gen_outer_right(f, p, link);
}

/* The identifications of a packet, and those of the next one. */
static void count_ids(struct gen_flow *f, struct train_pkt *p)
{
	for (size_t i = 0; i < f->nouter; i++) {
		struct gen_outer *o = &f->outer[i];

		if (o->proto == SEGOFF_P_IPV4)
			ref_put16(p->at + o->off + 4, o->id);
		o->id = (uint16_t)(o->id + o->id_step);
	}
	if (f->version == 4)
		ref_put16(p->at + f->net + 4, f->id);
	f->id = (uint16_t)(f->id + f->id_step);
}

struct train_pkt *gen_next(struct rnd *r, struct gen_flow *f, struct train *t,
			   size_t payload)
{
	struct train_pkt *p = train_add(t, f->data + payload);

	if (!p)
		return NULL;
	memcpy(p->at, f->head, f->data);
	rnd_fill(r, p->at + f->data, payload);
	count_ids(f, p);
	if (f->proto == 6)
		ref_put32(p->at + f->th + 4, f->seq);
	f->seq += (uint32_t)payload;
	p->hash = f->hash;
	gen_right(f, p, t->link);
	return p;
}

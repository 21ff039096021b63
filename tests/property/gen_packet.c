/* SPDX-License-Identifier: MIT */
/* gen_packet.c - superpackets, header by header */
#include <string.h>

#include "../ref/ref.h"
#include "gen.h"

static unsigned int pick_link(struct rnd *r)
{
	if (rnd_percent(r, 60))
		return SEGOFF_LINK_ETHERNET;
	if (rnd_percent(r, 50))
		return SEGOFF_LINK_RAW;
	return (unsigned int)rnd_below(r, SEGOFF_LINK_COUNT);
}

static size_t pick_tags(struct rnd *r)
{
	if (rnd_percent(r, 80))
		return 0;
	return rnd_percent(r, 90) ? rnd_in(r, 1, 3) : rnd_in(r, 4, 10);
}

/* @type_at: where the EtherType of what follows goes, tags included. */
static void tags(struct rnd *r, struct gen_case *c, size_t type_at)
{
	uint16_t type = c->version == 4 ? 0x0800 : 0x86dd;

	if (rnd_percent(r, 1))
		type = rnd16(r);
	for (size_t n = pick_tags(r); n; n--) {
		ref_put16(c->at + type_at,
			  rnd_percent(r, 50) ? 0x8100 : 0x88a8);
		ref_put16(c->at + c->net, rnd16(r));
		type_at = c->net + 2;
		c->net += 4;
	}
	ref_put16(c->at + type_at, type);
}

static void loopback(struct rnd *r, struct gen_case *c)
{
	static const uint8_t inet6[] = { 24, 28, 30 };
	uint8_t af = c->version == 4 ? 2 : inet6[rnd_below(r, 3)];
	bool big = c->link == SEGOFF_LINK_LOOP || rnd_percent(r, 50);

	memset(c->at, 0, 4);
	c->at[big ? 3 : 0] = rnd_percent(r, 2) ? rnd8(r) : af;
	c->net = 4;
}

static void link_header(struct rnd *r, struct gen_case *c)
{
	rnd_fill(r, c->at, 20);
	switch (c->link) {
	case SEGOFF_LINK_ETHERNET:
		c->net = 14;
		tags(r, c, 12);
		break;
	case SEGOFF_LINK_LINUX_SLL:
		c->net = 16;
		tags(r, c, 14);
		break;
	case SEGOFF_LINK_LINUX_SLL2:
		c->net = 20;
		tags(r, c, 0);
		break;
	case SEGOFF_LINK_NULL:
	case SEGOFF_LINK_LOOP:
		loopback(r, c);
		break;
	default:
		c->net = 0;
	}
}

static uint8_t pick_proto(struct rnd *r)
{
	if (rnd_percent(r, 3))
		return rnd8(r);
	if (rnd_percent(r, 10))
		return 132;
	return rnd_percent(r, 55) ? 6 : 17;
}

static void ipv4(struct rnd *r, struct gen_case *c)
{
	uint8_t *ip = c->at + c->net;
	size_t options = rnd_percent(r, 20) ? 4 * rnd_in(r, 1, 10) : 0;

	rnd_fill(r, ip, 20 + options);
	ip[0] = (uint8_t)(0x45 + options / 4);
	if (rnd_percent(r, 30))
		ref_put16(ip + 4, rnd_in(r, 0xfff0, 0xffff));
	if (!rnd_percent(r, 3))
		ref_put16(ip + 6, rnd_percent(r, 60) ? 0x4000 : 0);
	ip[9] = c->proto;
	c->th = c->net + 20 + options;
}

/* One extension header; returns its bytes. */
static size_t extension(struct rnd *r, uint8_t *h)
{
	size_t units = 0;

	if (rnd_percent(r, 40))
		units = rnd_percent(r, 95) ? rnd_below(r, 6) : rnd8(r);
	rnd_fill(r, h, 8 * (units + 1));
	h[1] = (uint8_t)units;
	if (rnd_percent(r, 50)) {
		/* as a Routing header: a type that is known, segments left */
		h[2] = (uint8_t)(2 * rnd_below(r, 3));
		h[3] = (uint8_t)rnd_below(r, 3);
	} else {
		h[2] = rnd_percent(r, 30) ? 0xc2 : 1;
		h[3] = 4;
	}
	return 8 * (units + 1);
}

static void ipv6(struct rnd *r, struct gen_case *c)
{
	static const uint8_t walked[] = { 0, 43, 60 }, not [] = { 44, 51, 50 };
	uint8_t *ip = c->at + c->net, *next = ip + 6;
	size_t n = rnd_percent(r, 25) ? rnd_in(r, 1, 4) : 0;

	rnd_fill(r, ip, 40);
	ip[0] = (uint8_t)(0x60 | (ip[0] & 15));
	c->th = c->net + 40;
	while (n--) {
		*next = rnd_percent(r, 98) ? walked[rnd_below(r, 3)] :
					     not [rnd_below(r, 3)];
		next = c->at + c->th;
		c->th += extension(r, next);
	}
	*next = c->proto;
}

/* BIG TCP over IPv6 as 6.18 has it. */
static void jumbo(struct gen_case *c)
{
	static const uint8_t hop[8] = { 6, 0, 0xc2, 4, 0, 2 };
	uint8_t *ip = c->at + c->net;

	ip[6] = 0;
	memcpy(ip + 40, hop, 8);
	c->th = c->net + 48;
}

static void tcp(struct rnd *r, struct gen_case *c)
{
	uint8_t *th = c->at + c->th;
	size_t options = rnd_percent(r, 40) ? 4 * rnd_in(r, 1, 10) : 0;

	rnd_fill(r, th, 20 + options);
	if (rnd_percent(r, 30))
		ref_put32(th + 4, 0xffffffff - (uint32_t)rnd_below(r, 3000));
	th[12] = (uint8_t)((th[12] & 15) | (5 + options / 4) << 4);
	c->data = c->th + 20 + options;
}

/* Length fields that suit the packet, most of the time. */
static void lengths(struct rnd *r, struct gen_case *c)
{
	uint8_t *ip = c->at + c->net, *udp = c->at + c->th;
	size_t v4 = c->len - c->net, v6 = v4 - 40, l4 = c->len - c->th;

	if (rnd_percent(r, 8))
		v4 = v6 = rnd_percent(r, 50) ? 20 * rnd_below(r, 2) : rnd16(r);
	if (rnd_percent(r, 8))
		l4 = rnd_percent(r, 50) ? 0 : rnd16(r);
	if (c->version == 4) {
		ref_put16(ip + 2, v4 & 0xffff);
		ref_put16(ip + 10, 0);
		if (!rnd_percent(r, 5))
			ref_put16(
				ip + 10,
				ref_not(ref_fold(ref_sum(ip, c->th - c->net))));
	} else {
		ref_put16(ip + 4, v6 & 0xffff);
	}
	if (c->proto == 17)
		ref_put16(udp + 4, l4 & 0xffff);
}

/* SCTP's: right, zero, or anything. */
static void crc32c(struct rnd *r, struct gen_case *c)
{
	uint8_t *th = c->at + c->th;
	size_t kind = rnd_below(r, 100);

	if (kind < 60)
		ref_put32(th + 8, 0);
	else if (kind < 80)
		ref_put32(th + 8, ref_sctp_check(th, c->len - c->th));
}

/* A checksum that is partial, finished, absent, or anything. */
static void checksum(struct rnd *r, struct gen_case *c)
{
	struct ref_pkt p = { c->at, c->len, c->link };
	uint8_t *field = c->at + c->th + (c->proto == 6 ? 16 : 6);
	size_t kind = rnd_below(r, 100), l4 = c->len - c->th;
	struct ref_walk w;
	uint16_t v;

	ref_walk(&p, &w);
	if (w.end != SEGOFF_V_OK || w.th != c->th || kind >= 95)
		return;
	ref_put16(field,
		  ref_fold(ref_pseudo(&p, &w, kind < 90, kind < 85 ? l4 : 0)));
	if (kind < 60)
		return;
	v = ref_not(ref_fold(ref_sum(c->at + c->th, l4)));
	if (kind < 80)
		ref_put16(field, v || c->proto == 6 ? v : 0xffff);
	else if (kind < 85)
		ref_put16(field, 0);
}

void gen_packet(struct rnd *r, struct gen_case *c)
{
	size_t payload = gen_payload_size(r);

	c->link = pick_link(r);
	c->version = rnd_percent(r, 50) ? 4 : 6;
	c->proto = pick_proto(r);
	link_header(r, c);
	if (c->version == 4)
		ipv4(r, c);
	else
		ipv6(r, c);
	if (c->version == 6 && payload > 60000 && rnd_percent(r, 50)) {
		c->proto = 6;
		jumbo(c);
	}
	if (c->proto == 6) {
		tcp(r, c);
	} else {
		c->data = c->th + (c->proto == 132 ? 12 : 8);
		rnd_fill(r, c->at + c->th, c->data - c->th);
	}
	gen_payload(r, c->at + c->data, payload);
	c->len = c->data + payload;
	lengths(r, c);
	if (c->proto == 6 || c->proto == 17)
		checksum(r, c);
	else if (c->proto == 132)
		crc32c(r, c);
}

/* SPDX-License-Identifier: MIT */
/* gen_meta.c - metadata for a packet, right, odd or contradictory */
#include "gen.h"

static uint32_t pick_type(struct rnd *r, const struct gen_case *c)
{
	uint32_t type;

	if (rnd_percent(r, 2))
		return (uint32_t)rnd64(r);
	if (c->proto == 6)
		type = c->version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
	else if (c->proto == 132)
		type = SEGOFF_GSO_SCTP;
	else
		type = rnd_percent(r, 60) ? SEGOFF_GSO_UDP_L4 : SEGOFF_GSO_UDP;
	if (rnd_percent(r, 3)) {
		static const uint32_t any[] = { 0, SEGOFF_GSO_TCPV4,
						SEGOFF_GSO_TCPV6,
						SEGOFF_GSO_UDP,
						SEGOFF_GSO_UDP_L4 };

		type = any[rnd_below(r, 5)];
	}
	return type;
}

/* Bits that change something, or that must not. */
static uint32_t pick_more(struct rnd *r)
{
	static const uint32_t more[] = {
		SEGOFF_GSO_DODGY,
		SEGOFF_GSO_TCP_ECN,
		SEGOFF_GSO_TCP_ACCECN,
		SEGOFF_GSO_TCP_FIXEDID,
		SEGOFF_GSO_TCP_FIXEDID_INNER,
	};
	uint32_t bits = 0;

	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		if (rnd_percent(r, 25))
			bits |= more[i];
	if (rnd_percent(r, 1))
		bits |= UINT32_C(1) << rnd_below(r, 32);
	return bits;
}

/* About how many segments are worth the time. */
static size_t pick_count(struct rnd *r)
{
	if (rnd_percent(r, 85))
		return rnd_in(r, 2, 12);
	return rnd_percent(r, 95) ? rnd_in(r, 1, 140) : rnd_in(r, 1, 3000);
}

static uint16_t pick_size(struct rnd *r, const struct gen_case *c)
{
	size_t payload = c->len - c->data, size;
	size_t kind = rnd_below(r, 100);

	if (kind < 5)
		return 0;
	if (c->proto == 132 && kind < 97)
		return SEGOFF_GSO_BY_FRAGS;
	if (kind < 20)
		size = payload + rnd_below(r, 20) - 10;
	else if (kind < 22)
		size = rnd_percent(r, 50) ? 0xffff : rnd16(r);
	else
		size = payload / pick_count(r) + rnd_below(r, 2);
	/* keep the number of segments, and the time, within reason */
	if (payload > 20000 && size < 64)
		size = 64;
	if (c->meta.gso_type & SEGOFF_GSO_UDP && rnd_percent(r, 80))
		size &= ~(size_t)7;
	return (uint16_t)(size > 0xffff ? 0xfffe : size);
}

static void pick_csum(struct rnd *r, const struct gen_case *c,
		      struct segoff_meta *m)
{
	m->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	if (rnd_percent(r, 25))
		m->ip_summed = (uint8_t)rnd_below(r, 4);
	m->csum_start = (uint16_t)c->th;
	m->csum_offset = c->proto == 6 ? 16 : c->proto == 132 ? 8 : 6;
	if (rnd_percent(r, 4))
		m->csum_start = (uint16_t)rnd_below(r, c->len + 4);
	if (rnd_percent(r, 4))
		m->csum_offset = (uint16_t)rnd_below(r, c->len + 4);
}

static void pick_offsets(struct rnd *r, const struct gen_case *c,
			 struct segoff_meta *m)
{
	if (rnd_percent(r, 50)) {
		m->net_off = (uint16_t)c->net;
		m->th_off = (uint16_t)c->th;
		m->protocol = c->version == 4 ? 0x0800 : 0x86dd;
	}
	m->hdr_len = rnd_percent(r, 50) ? (uint16_t)c->data : rnd16(r);
	m->gso_segs = rnd_percent(r, 90) ? 0 : rnd16(r);
	m->encapsulation = rnd_percent(r, 1);
}

void gen_meta(struct rnd *r, struct gen_case *c)
{
	c->meta = (struct segoff_meta){ 0 };
	c->meta.gso_type = pick_type(r, c) | pick_more(r);
	c->meta.gso_size = pick_size(r, c);
	pick_csum(r, c, &c->meta);
	pick_offsets(r, c, &c->meta);
	c->opts = (struct segoff_gso_opts){ .sz = sizeof(c->opts) };
	c->opts.flags = (uint32_t)rnd_below(r, 4);
	c->opts.csum = rnd_percent(r, 60) ? SEGOFF_OUT_COMPLETE :
					    (uint32_t)rnd_below(r, 3);
	c->opts.frag_id = (uint32_t)rnd64(r);
	c->no_opts = rnd_percent(r, 5);
	if (c->no_opts)
		c->opts = (struct segoff_gso_opts){ .sz = sizeof(c->opts) };
}

/* SPDX-License-Identifier: MIT */
/* gen_tunnel.c - superpackets with tunnels, and what is said of them */
#include <string.h>

#include "stack.h"

/* Seeds are about the destination in the header half the time. */
static uint16_t seed(struct stack *s, const struct ref_walk *w, size_t len)
{
	struct ref_pkt p = { s->c->at, s->c->len, s->c->link };

	return ref_fold(ref_pseudo(&p, w, rnd_percent(s->r, 50), len));
}

/* The IP header in front of layer @i, walked. */
static struct ref_walk ip_before(const struct stack *s, size_t i)
{
	struct ref_pkt p = { s->c->at, s->c->len, s->c->link };
	const struct gen_layer *l = &s->c->layer[i - 1];
	struct ref_walk w = { .net = l->off,
			      .version = l->proto == SEGOFF_P_IPV4 ? 4 : 6 };

	ref_walk_ip(&p, &w);
	return w;
}

static void finish_udp(struct stack *s, size_t i)
{
	uint8_t *h = s->c->at + s->c->layer[i].off;
	size_t len = s->c->len - s->c->layer[i].off;
	struct ref_walk w = ip_before(s, i);

	ref_put16(h + 4, len & 0xffff);
	if (ref_get16(h + 6))
		ref_put16(h + 6, seed(s, &w, len));
	else if (!s->tame && s->nudp == 1 && rnd_percent(s->r, 10))
		ref_put16(h + 6, rnd16(s->r)); /* R-TUN-3: copied */
}

static void finish_ipv4(struct stack *s, size_t off)
{
	uint8_t *ip = s->c->at + off;

	ref_put16(ip + 2, (s->c->len - off) & 0xffff);
	ref_put16(ip + 10,
		  ref_not(ref_fold(ref_sum(ip, (size_t)(ip[0] & 15) * 4))));
}

/* Lengths, header checksums and seeds, of the superpacket. */
static void finish(struct stack *s)
{
	const struct gen_case *c = s->c;

	for (size_t i = 0; i < c->nlayer; i++) {
		size_t off = c->layer[i].off;

		if (c->layer[i].proto == SEGOFF_P_IPV4)
			finish_ipv4(s, off);
		if (c->layer[i].proto == SEGOFF_P_IPV6)
			ref_put16(s->c->at + off + 4,
				  (c->len - off - 40) & 0xffff);
		if (c->layer[i].proto == SEGOFF_P_PPPOE)
			ref_put16(s->c->at + off + 4,
				  (c->len - off - 6) & 0xffff);
		if (c->layer[i].proto == SEGOFF_P_UDP)
			finish_udp(s, i);
	}
}

static void tcp(struct stack *s)
{
	size_t options = rnd_percent(s->r, 40) ? 4 * rnd_in(s->r, 1, 10) : 0;
	uint8_t *th = stack_add(s, SEGOFF_P_TCP, 20 + options);

	rnd_fill(s->r, th, 16);
	if (rnd_percent(s->r, 30))
		ref_put32(th + 4, 0xffffffff - (uint32_t)rnd_below(s->r, 3000));
	th[12] = (uint8_t)((5 + options / 4) << 4);
	th[13] = (uint8_t)(0x10 | (rnd8(s->r) & (s->tame ? 0x08 : 0xcf)));
	memset(th + 20, 1, options);
}

/* A port of a tunnel is no more than a port if it is the innermost. */
static void udp(struct stack *s)
{
	uint8_t *h = stack_add(s, SEGOFF_P_UDP, 8);

	ref_put16(h, 0xc000 + rnd_below(s->r, 0x4000));
	ref_put16(h + 2, 9);
	if (!s->tame && rnd_percent(s->r, 10))
		ref_put16(h + 2, 4789);
	ref_put16(h + 6, 1);
}

/* The common header; what is in the checksum does not matter. */
static void sctp(struct stack *s)
{
	uint8_t *h = stack_add(s, SEGOFF_P_SCTP, 12);

	rnd_fill(s->r, h, s->tame || rnd_percent(s->r, 70) ? 8 : 12);
}

static void transport(struct stack *s)
{
	struct gen_case *c = s->c;

	c->version = s->version;
	c->proto = rnd_percent(s->r, 60) ? 6 : rnd_percent(s->r, 70) ? 17 : 132;
	stack_ip(s, c->proto);
	c->th = s->at;
	if (c->proto == 6)
		tcp(s);
	else if (c->proto == 17)
		udp(s);
	else
		sctp(s);
	c->data = s->at;
}

/* A member for each chunk; they are padding (RFC 4820), of even words. */
static void chunks(struct stack *s)
{
	struct gen_case *c = s->c;
	size_t n;

	c->npiece = 0;
	c->piece[c->npiece++] = c->data;
	for (c->len = c->data; c->npiece <= 8; c->len += n) {
		n = 4 * rnd_in(s->r, 1, 100);
		ref_put32(c->at + c->len, 0x84000000 | (uint32_t)n);
		c->piece[c->npiece++] = n;
	}
}

/* How many segments, and so how large. UFO wants a multiple of 8. */
static uint16_t pick_size(struct stack *s, size_t payload)
{
	size_t size = payload / rnd_in(s->r, 2, 12) + rnd_below(s->r, 2);

	if (s->c->proto == 132)
		return SEGOFF_GSO_BY_FRAGS;
	if (s->c->meta.gso_type & SEGOFF_GSO_UDP)
		size = size < 16 ? 16 : size & ~(size_t)7;
	if (!s->tame && rnd_percent(s->r, 5))
		size = payload + rnd_below(s->r, 3);
	if (payload > 20000 && size < 64)
		size = 64;
	if (s->c->proto == 17 && size > 60000)
		size = 60000; /* a datagram has 16 bits of length */
	return (uint16_t)(size > 0xfffe ? 0xfffe : size ? size : 1);
}

static uint32_t pick_type(struct stack *s)
{
	uint32_t type = s->bits;

	if (s->c->proto == 6)
		type |= s->version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
	else if (s->c->proto == 132)
		type |= SEGOFF_GSO_SCTP;
	else
		type |= s->remote || rnd_percent(s->r, 70) ? SEGOFF_GSO_UDP_L4 :
							     SEGOFF_GSO_UDP;
	if (s->remote || (s->c->proto == 132 && rnd_percent(s->r, 3)))
		type |= SEGOFF_GSO_TUNNEL_REMCSUM;
	if (rnd_percent(s->r, 20))
		type |= SEGOFF_GSO_TCP_FIXEDID;
	if (rnd_percent(s->r, 20))
		type |= SEGOFF_GSO_TCP_FIXEDID_INNER;
	if (rnd_percent(s->r, 20))
		type |= SEGOFF_GSO_TCP_ACCECN;
	if (rnd_percent(s->r, 20))
		type |= SEGOFF_GSO_DODGY;
	return type;
}

void stack_remote(struct stack *s)
{
	uint8_t *h = s->c->at + s->remote;
	size_t start = s->c->th - s->base;
	size_t offset = s->c->proto == 6 ? 16 : 6;

	if (!s->remote)
		return;
	if (s->c->proto == 132) { /* no receiver can finish it */
		h[s->base - s->remote == 12 ? 4 : 1] = 0;
		s->remote = 0;
	} else if (s->base - s->remote == 12) {
		ref_put16(h + 8, start);
		ref_put16(h + 10, start + offset);
	} else if (start % 2 || start > 254) {
		h[1] = 0;
		s->remote = 0;
	} else {
		h[7] = (uint8_t)(start / 2 | (offset == 6 ? 0x80u : 0));
	}
}

/* The outermost UDP or GRE header, and whether it is the last tunnel. */
static size_t outermost(const struct gen_case *c, bool *last)
{
	size_t found = 0;

	*last = false;
	for (size_t i = 0; i + 1 < c->nlayer; i++) {
		unsigned int proto = c->layer[i].proto;
		bool ip = proto == SEGOFF_P_IPV4 || proto == SEGOFF_P_IPV6;

		if (found && (proto == SEGOFF_P_UDP || proto == SEGOFF_P_GRE ||
			      (ip && i + 2 < c->nlayer)))
			*last = false;
		if (!found &&
		    (proto == SEGOFF_P_UDP || proto == SEGOFF_P_GRE)) {
			found = c->layer[i].off;
			*last = true;
		}
	}
	return found ? found : c->th;
}

/*
 * Offsets: all, or as few as segmentation can do with. Those of the innermost
 * headers would hide tunnels behind the outermost UDP header; and without that
 * of a link header, the length in a PPPoE header behind it.
 */
static void offsets(struct stack *s)
{
	struct segoff_meta *m = &s->c->meta;
	bool last;

	m->encapsulation = s->bits != 0;
	m->th_off = (uint16_t)outermost(s->c, &last);
	if (!m->encapsulation)
		return;
	if (last && rnd_percent(s->r, 60)) {
		m->inner_net_off = (uint16_t)s->c->net;
		m->inner_protocol = ip_type(s->version);
		if (s->mac && (s->session || rnd_percent(s->r, 50))) {
			m->inner_mac_off = (uint16_t)s->mac;
			m->inner_protocol = 0x6558;
		}
	}
	if (m->ip_summed != SEGOFF_CHECKSUM_PARTIAL || rnd_percent(s->r, 50))
		m->inner_th_off = (uint16_t)s->c->th;
}

static void describe(struct stack *s)
{
	struct gen_case *c = s->c;
	struct segoff_meta *m = &c->meta;

	*m = (struct segoff_meta){ 0 };
	m->gso_type = pick_type(s);
	m->gso_size = pick_size(s, c->len - c->data);
	m->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	if (!s->tame && rnd_percent(s->r, 20))
		m->ip_summed = (uint8_t)rnd_below(s->r, 3);
	m->csum_start = (uint16_t)c->th;
	m->csum_offset = c->proto == 6 ? 16 : c->proto == 132 ? 8 : 6;
	offsets(s);
}

static void choose(struct stack *s)
{
	struct segoff_gso_opts *o = &s->c->opts;

	s->c->no_opts = false;
	*o = (struct segoff_gso_opts){ .sz = sizeof(*o) };
	if (s->fou || rnd_percent(s->r, 50))
		o->ports = &gen_ports;
	o->frag_id = rnd32(s->r);
	if (s->tame)
		return;
	o->flags = (uint32_t)rnd_below(s->r, 4);
	o->csum = rnd_percent(s->r, 60) ? SEGOFF_OUT_COMPLETE :
					  (uint32_t)rnd_below(s->r, 3);
	if (rnd_percent(s->r, 40)) {
		o->partial = rnd_percent(s->r, 80) ? UINT32_MAX : s->bits;
		o->csum = SEGOFF_OUT_PARTIAL;
	}
}

/* The seed of the innermost; TCP's is written here, UDP's with the others. */
static void finish_tcp(struct stack *s)
{
	struct ref_walk w = ip_before(s, s->c->nlayer - 1);

	if (s->c->proto == 6)
		ref_put16(s->c->at + s->c->th + 16,
			  seed(s, &w, s->c->len - s->c->th));
}

void gen_tunnel(struct rnd *r, struct gen_case *c, bool tame)
{
	struct stack s = { .r = r, .c = c, .tame = tame };
	size_t depth = rnd_percent(r, 60) ? 1 : rnd_in(r, 2, 4);
	size_t payload = gen_payload_size(r);

	if (tame)
		payload = 16 + payload % 3000;
	c->nlayer = 0;
	s.version = rnd_percent(r, 50) ? 4 : 6;
	s.no_csum = rnd_percent(r, 20);
	c->link = SEGOFF_LINK_ETHERNET;
	if (!tame && rnd_percent(r, 40))
		c->link = (unsigned int)rnd_below(r, SEGOFF_LINK_COUNT);
	stack_link(&s);
	for (size_t i = 0; i < depth; i++)
		stack_encap(&s, i == depth - 1);
	transport(&s);
	gen_payload(r, c->at + c->data, payload);
	c->len = c->data + payload;
	c->npiece = 0;
	if (tame && c->proto == 132)
		chunks(&s);
	stack_remote(&s);
	describe(&s);
	choose(&s);
	finish(&s);
	finish_tcp(&s);
}

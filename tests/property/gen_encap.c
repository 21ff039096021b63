/* SPDX-License-Identifier: MIT */
/* gen_encap.c - tunnel headers, of every kind */
#include <string.h>

#include "stack.h"

static const struct segoff_port port_list[] = {
	{ 4789, SEGOFF_P_VXLAN },     { 8472, SEGOFF_P_VXLAN },
	{ 4790, SEGOFF_P_VXLAN_GPE }, { 6081, SEGOFF_P_GENEVE },
	{ 6080, SEGOFF_P_GUE },	      { 6635, SEGOFF_P_MPLS },
	{ FOU_IPV4, SEGOFF_P_IPV4 },  { FOU_IPV6, SEGOFF_P_IPV6 },
	{ FOU_GRE, SEGOFF_P_GRE },
};

const struct segoff_ports gen_ports = { port_list, 9 };

static uint8_t ip_proto(int version)
{
	return version == 4 ? 4 : 41;
}

/* The EtherType of what comes, which is written by inside(). */
static uint16_t pick_type(struct stack *s, bool labels)
{
	if (rnd_percent(s->r, 40))
		return 0x6558;
	if (labels && !s->tame && rnd_percent(s->r, 5))
		return 0x8100;
	return labels && rnd_percent(s->r, 15) ? 0x8847 : ip_type(s->version);
}

static void inside(struct stack *s, uint16_t type)
{
	if (type == 0x6558) {
		stack_ethernet(s);
	} else if (type == 0x8100) {
		stack_tag(s);
	} else if (type == 0x8847) {
		while (stack_labels(s) != 0x8847)
			continue;
	}
}

/* RFC 2784, RFC 2890. What the checksum is does not matter. */
static void gre(struct stack *s)
{
	bool csum = rnd_percent(s->r, 50), key = rnd_percent(s->r, 50);
	uint16_t type = pick_type(s, true);
	uint8_t *h = stack_add(s, SEGOFF_P_GRE,
			       4 + (csum ? 4u : 0) + (key ? 4u : 0));

	ref_put16(h, (csum ? 0x8000u : 0) | (key ? 0x2000u : 0));
	ref_put16(h + 2, type);
	if (csum && !s->tame)
		ref_put32(h + 4, rnd32(s->r));
	if (key)
		ref_put32(h + (csum ? 8 : 4), rnd32(s->r));
	s->bits |= csum ? SEGOFF_GSO_GRE_CSUM : SEGOFF_GSO_GRE;
	inside(s, type);
}

/* RFC 7348; the offset of a remote checksum comes later */
static void vxlan(struct stack *s, bool remote)
{
	uint8_t *h = stack_add(s, SEGOFF_P_VXLAN, 8);

	h[0] = 8;
	h[1] = remote ? 0x20 : 0;
	ref_put32(h + 4, rnd32(s->r) & 0xffffff00);
	if (remote) {
		s->remote = s->at - 8;
		s->base = s->at;
	}
	stack_ethernet(s);
}

static void vxlan_gpe(struct stack *s)
{
	bool ether = rnd_percent(s->r, 50);
	uint8_t *h = stack_add(s, SEGOFF_P_VXLAN_GPE, 8);

	h[0] = 0x0c;
	h[3] = ether ? 3 : s->version == 4 ? 1 : 2;
	ref_put32(h + 4, rnd32(s->r) & 0xffffff00);
	if (ether)
		stack_ethernet(s);
}

/* RFC 8926: up to three options of a class for experiments. */
static void geneve(struct stack *s)
{
	size_t n = rnd_below(s->r, 4), words = 0;
	uint16_t type = pick_type(s, true);
	uint8_t *h = stack_add(s, SEGOFF_P_GENEVE, 8);

	for (size_t i = 0; i < n; i++) {
		size_t len = rnd_below(s->r, 5);
		uint8_t *o = s->c->at + s->at;

		rnd_fill(s->r, o + 4, 4 * len);
		ref_put16(o, 0xff00 + i);
		o[2] = rnd8(s->r) & 0x7f;
		o[3] = (uint8_t)len;
		s->at += 4 + 4 * len;
		words += 1 + len;
	}
	h[0] = (uint8_t)words;
	ref_put16(h + 2, type);
	ref_put32(h + 4, rnd32(s->r) & 0xffffff00);
	inside(s, type);
}

/* IP or GRE; private flags, and among them the remote checksum */
static void gue(struct stack *s, bool remote)
{
	size_t words = remote ? 2 : rnd_percent(s->r, 30);
	bool in_gre = !remote && rnd_percent(s->r, 20);
	uint8_t *h = stack_add(s, SEGOFF_P_GUE, 4 + 4 * words);

	h[0] = (uint8_t)words;
	h[1] = in_gre ? 47 : ip_proto(s->version);
	if (words)
		ref_put16(h + 2, 1);
	if (remote) {
		ref_put32(h + 4, 0x80000000);
		s->remote = s->at - 12;
		s->base = s->at;
	}
	if (in_gre)
		gre(s);
}

/* Whether a UDP header has a checksum; of one among several either may be. */
static void udp_header(struct stack *s, uint16_t port)
{
	uint8_t *h = stack_add(s, SEGOFF_P_UDP, 8);

	ref_put16(h, 0xc000 + rnd_below(s->r, 0x4000));
	ref_put16(h + 2, port);
	s->nudp++;
	if (!s->no_csum && rnd_percent(s->r, 60)) {
		ref_put16(h + 6, 1);
		s->bits |= SEGOFF_GSO_UDP_TUNNEL_CSUM;
	} else {
		s->bits |= SEGOFF_GSO_UDP_TUNNEL;
	}
}

static void foo(struct stack *s)
{
	bool in_gre = rnd_percent(s->r, 30);

	s->fou = true;
	udp_header(s, in_gre ? FOU_GRE : s->version == 4 ? FOU_IPV4 : FOU_IPV6);
	if (in_gre)
		gre(s);
}

static void udp(struct stack *s, bool remote)
{
	switch (remote ? 5 * rnd_below(s->r, 2) : rnd_below(s->r, 6)) {
	case 0:
		udp_header(s, rnd_percent(s->r, 50) ? 4789 : 8472);
		vxlan(s, remote);
		break;
	case 1:
		udp_header(s, 4790);
		vxlan_gpe(s);
		break;
	case 2:
		udp_header(s, 6081);
		geneve(s);
		break;
	case 3:
		udp_header(s, 6635);
		inside(s, 0x8847);
		break;
	case 4:
		foo(s);
		break;
	default:
		udp_header(s, 6080);
		gue(s, remote);
	}
}

/*
 * The outer IP header says what it carries, so that the inner version must be
 * known before it.
 */
void stack_encap(struct stack *s, bool last)
{
	int inner = rnd_percent(s->r, 50) ? 4 : 6, outer = s->version;
	size_t kind = rnd_below(s->r, 10);

	if (kind < 3) {
		stack_ip(s, ip_proto(inner));
		s->bits |= outer == 4 ? SEGOFF_GSO_IPXIP4 : SEGOFF_GSO_IPXIP6;
		s->version = inner;
	} else if (kind < 5) {
		stack_ip(s, 47);
		s->version = inner;
		gre(s);
	} else {
		stack_ip(s, 17);
		s->version = inner;
		udp(s, last && !s->tame && rnd_percent(s->r, 15));
	}
}

/* SPDX-License-Identifier: MIT */
/* gen_stack.c - link, tag, label and IP headers, one after the other */
#include <string.h>

#include "stack.h"

uint8_t *stack_add(struct stack *s, unsigned int proto, size_t n)
{
	uint8_t *h = s->c->at + s->at;

	s->c->layer[s->c->nlayer++] = (struct gen_layer){ proto, s->at };
	memset(h, 0, n);
	s->at += n;
	return h;
}

/* One to four labels (RFC 3032), all but the last not at the bottom. */
static void mpls(struct stack *s)
{
	size_t n = rnd_in(s->r, 1, 4);
	uint8_t *h = stack_add(s, SEGOFF_P_MPLS, 4 * n);

	for (size_t i = 0; i < n; i++, h += 4) {
		ref_put32(h, (uint32_t)rnd_in(s->r, 16, 0xfffff) << 12 | 64);
		h[2] |= i == n - 1;
	}
}

/* RFC 2516: a session; its length comes later. */
static void pppoe(struct stack *s)
{
	uint8_t *h = stack_add(s, SEGOFF_P_PPPOE, 8);

	h[0] = 0x11;
	ref_put16(h + 2, rnd_in(s->r, 1, 0xfffe));
	ref_put16(h + 6, s->version == 4 ? 0x0021 : 0x0057);
}

uint16_t stack_labels(struct stack *s)
{
	if (!rnd_percent(s->r, 12))
		return ip_type(s->version);
	mpls(s);
	return 0x8847;
}

void stack_tag(struct stack *s)
{
	uint8_t *h = stack_add(s, SEGOFF_P_VLAN, 4);

	ref_put16(h, rnd_in(s->r, 1, 4094));
	ref_put16(h + 2, ip_type(s->version));
}

/*
 * What is behind a link header: tags, then labels, a session or IP. The
 * EtherType that says so is at @type_at, also if it is a tag's.
 */
static void behind_link(struct stack *s, size_t type_at)
{
	size_t n = rnd_percent(s->r, 75) ? 0 : rnd_in(s->r, 1, 2);
	uint16_t type;

	for (; n; n--) {
		ref_put16(s->c->at + type_at,
			  rnd_percent(s->r, 50) ? 0x8100 : 0x88a8);
		ref_put16(stack_add(s, SEGOFF_P_VLAN, 4),
			  rnd_in(s->r, 1, 4094));
		type_at = s->at - 2;
	}
	s->session = rnd_percent(s->r, 8);
	if (s->session) {
		pppoe(s);
		type = 0x8864;
	} else {
		type = stack_labels(s);
	}
	ref_put16(s->c->at + type_at, type);
}

void stack_ethernet(struct stack *s)
{
	uint8_t *h = stack_add(s, SEGOFF_P_ETHERNET, 14);

	rnd_fill(s->r, h, 12);
	h[0] = h[6] = 2;
	s->mac = s->at - 14;
	behind_link(s, s->at - 2);
}

static void cooked(struct stack *s)
{
	bool v2 = s->c->link == SEGOFF_LINK_LINUX_SLL2;

	stack_add(s, v2 ? SEGOFF_P_SLL2 : SEGOFF_P_SLL, v2 ? 20 : 16);
	behind_link(s, v2 ? 0 : 14);
}

void stack_link(struct stack *s)
{
	switch (s->c->link) {
	case SEGOFF_LINK_ETHERNET:
		stack_ethernet(s);
		s->mac = 0;
		break;
	case SEGOFF_LINK_LINUX_SLL:
	case SEGOFF_LINK_LINUX_SLL2:
		cooked(s);
		break;
	case SEGOFF_LINK_NULL:
	case SEGOFF_LINK_LOOP:
		stack_add(s, SEGOFF_P_NULL, 4)[3] = s->version == 4 ? 2 : 30;
		break;
	default:
		break;
	}
}

/* Options are no-operations, so that nobody objects; total length comes later. */
static void ipv4(struct stack *s, uint8_t proto)
{
	size_t options = rnd_percent(s->r, 15) ? 4 * rnd_in(s->r, 1, 10) : 0;
	uint8_t *ip = stack_add(s, SEGOFF_P_IPV4, 20 + options);

	ip[0] = (uint8_t)(0x45 + options / 4);
	ip[1] = rnd8(s->r);
	ref_put16(ip + 4, rnd_percent(s->r, 30) ? 0xffff - rnd_below(s->r, 5) :
						  rnd16(s->r));
	ref_put16(ip + 6, rnd_percent(s->r, 60) ? 0x4000 : 0);
	ip[8] = 64;
	ip[9] = proto;
	ref_put32(ip + 12, 0x0a000000 | (rnd32(s->r) & 0xffffff));
	ref_put32(ip + 16, 0x0a000000 | (rnd32(s->r) & 0xffffff));
	memset(ip + 20, 1, options);
}

/*
 * Hop-by-Hop or Destination header with padding; if it need not be tame, a
 * Routing header too, half of them with segments left.
 */
static void extension(struct stack *s, uint8_t kind, uint8_t next)
{
	size_t units = kind == 43 ? 2 * rnd_below(s->r, 3) : rnd_below(s->r, 4);
	uint8_t *h = s->c->at + s->at;

	memset(h, 0, 8 * (units + 1));
	h[0] = next;
	h[1] = (uint8_t)units;
	if (kind == 43) {
		h[2] = (uint8_t)(2 * rnd_below(s->r, 3));
		h[3] = (uint8_t)rnd_below(s->r, 2);
		rnd_fill(s->r, h + 8, 8 * units);
	} else {
		h[2] = 1;
		h[3] = (uint8_t)(8 * units + 4);
	}
	s->at += 8 * (units + 1);
}

static void ipv6(struct stack *s, uint8_t proto)
{
	static const uint8_t kinds[] = { 60, 43, 0 };
	uint8_t *ip = stack_add(s, SEGOFF_P_IPV6, 40);
	uint8_t kind = kinds[s->tame ? 0 : rnd_below(s->r, 3)];

	ref_put32(ip, 0x60000000 | (rnd32(s->r) & 0xfffffff));
	ip[7] = 64;
	rnd_fill(s->r, ip + 8, 32);
	ip[8] = ip[24] = 0xfd;
	ip[6] = proto;
	if (rnd_percent(s->r, 15)) {
		ip[6] = kind;
		extension(s, kind, proto);
	}
}

void stack_ip(struct stack *s, uint8_t proto)
{
	s->nip++;
	s->c->net = s->at;
	if (s->version == 4)
		ipv4(s, proto);
	else
		ipv6(s, proto);
}

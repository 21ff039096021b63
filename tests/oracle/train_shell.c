/* SPDX-License-Identifier: MIT */
/* train_shell.c - what is around the packet of a tunnel */
#include "train.h"

#include <string.h>

#include "wire.h"

#define IPIP	  4
#define UDP	  17
#define IPV6	  41
#define GRE	  47
#define DF	  0x4000
#define UDP_LEN	  8u
#define VXLAN_LEN 8u /* and Geneve's without options */
#define ETH_LEN	  14u
#define GRE_LEN	  4u
#define GRE_WORD  4u
#define GRE_CSUM  0x8000u
#define GRE_KEY	  0x2000u
#define GRE_SEQ	  0x1000u
#define TEB	  0x6558
#define VNI	  0x08000000u
#define GPE_NEXT  0x04000000u
#define VXLAN_RCO (1u << 21)
#define RCO_UDP	  0x80

#define GENEVE_OPT_LEN 24 /* bits before it in the first word */

static bool is_udp(const struct shell *h)
{
	return h->type == SHELL_VXLAN || h->type == SHELL_GPE ||
	       h->type == SHELL_GENEVE;
}

static size_t gre_len(const struct shell *h)
{
	size_t n = GRE_LEN;

	for (uint32_t bit = GRE_CSUM; bit >= GRE_SEQ; bit >>= 1)
		n += h->flags & bit && bit != GRE_CSUM >> 1 ? GRE_WORD : 0;
	return n;
}

/* Behind the outer IP headers, without an inner link header. */
static size_t own_len(const struct shell *h)
{
	if (h->type == SHELL_GRE)
		return gre_len(h);
	return is_udp(h) ? UDP_LEN + VXLAN_LEN + h->nopt : 0;
}

size_t train_shell_len(const struct shell *h)
{
	if (h->type == SHELL_NONE)
		return 0;
	return train_ip_len(&h->ip) * (h->deeper ? 2 : 1) + own_len(h) +
	       (h->teb ? ETH_LEN : 0);
}

static void put_gre(uint8_t *p, const struct shell *h)
{
	put16(p, h->flags);
	put16(p + 2, h->proto);
	p += GRE_LEN;
	if (h->flags & GRE_CSUM) {
		put32(p, 0);
		p += GRE_WORD;
	}
	if (h->flags & GRE_KEY) {
		put32(p, h->word);
		p += GRE_WORD;
	}
	if (h->flags & GRE_SEQ)
		put32(p, h->seq);
}

static void put_vxlan(uint8_t *p, const struct shell *h, size_t behind)
{
	put16(p, h->sport);
	put16(p + 2, h->dport);
	put16(p + 4, (uint32_t)((int)(own_len(h) + behind) + h->udp_len));
	put16(p + 6, 0);
	put32(p + 8, h->flags | (h->type == SHELL_VXLAN ? 0 : h->proto));
	put32(p + 12, h->word);
	memcpy(p + 16, h->opt, h->nopt);
}

/* The same IP header around itself. */
static size_t put_deeper(uint8_t *p, const struct shell *h, size_t behind)
{
	struct ip around = h->ip;

	if (!h->deeper)
		return 0;
	around.next = h->ip.version == 4 ? IPIP : IPV6;
	return train_put_ip(p, &around, train_ip_len(&h->ip) + behind);
}

size_t train_shell_put(uint8_t *p, const struct shell *h, size_t behind)
{
	const uint8_t *start = p;

	if (h->type == SHELL_NONE)
		return 0;
	behind += h->teb ? ETH_LEN : 0;
	p += put_deeper(p, h, own_len(h) + behind);
	p += train_put_ip(p, &h->ip, own_len(h) + behind);
	if (h->type == SHELL_GRE)
		put_gre(p, h);
	else if (is_udp(h))
		put_vxlan(p, h, behind);
	p += own_len(h);
	if (h->teb) {
		memcpy(p, h->mac, sizeof(h->mac));
		put16(p + 12, h->mac_type);
		p += ETH_LEN;
	}
	return (size_t)(p - start);
}

/*
 * The sum from @p on. An inner checksum that is yet to be finished counts as if
 * it were: then all it covers sums up to the opposite of its seed.
 */
static uint64_t sum_behind(const uint8_t *f, const uint8_t *p,
			   const struct spec *s, const struct spot *at)
{
	size_t l4 = (size_t)(f + at->l4 - p);
	uint32_t check = s->proto == 6 ? 16 : 6;

	if (!s->partial)
		return wire_sum(p, l4 + at->l4_len);
	return wire_sum(p, l4) + (0xffffu ^ get16(f + at->l4 + check));
}

static void finish_gre(const uint8_t *f, uint8_t *p, const struct spec *s,
		       const struct spot *at)
{
	const struct shell *h = &s->shell;

	if (h->flags & GRE_CSUM)
		put16(p + 4,
		      wire_fold(sum_behind(f, p, s, at)) ^ 0xffff ^ h->sum_xor);
}

/* RFC draft-herbert-vxlan-rco: half of where it begins, and what it is. */
static void put_remcsum(uint8_t *vxlan, const struct spec *s,
			const struct spot *at, const uint8_t *f)
{
	size_t start = at->l4 - (size_t)(vxlan + VXLAN_LEN - f);

	put32(vxlan, get32(vxlan) | VXLAN_RCO);
	vxlan[7] = (uint8_t)(start / 2);
	if (s->proto != 6)
		vxlan[7] |= RCO_UDP;
}

static void finish_udp(const uint8_t *f, uint8_t *p, const struct spec *s,
		       const struct spot *at)
{
	const struct shell *h = &s->shell;
	size_t n = at->l4 + at->l4_len - (size_t)(p - f);
	uint16_t c;

	if (h->remcsum)
		put_remcsum(p + UDP_LEN, s, at, f);
	if (h->no_check)
		return;
	c = wire_fold(sum_behind(f, p, s, at) + train_pseudo(&h->ip, UDP, n)) ^
	    0xffff;
	put16(p + 6, (c ? c : 0xffff) ^ h->sum_xor);
}

void train_shell_finish(uint8_t *f, const struct spec *s, const struct spot *at)
{
	const struct shell *h = &s->shell;
	uint8_t *p = f + at->outer_l3;

	if (h->type == SHELL_NONE)
		return;
	if (h->deeper) {
		train_put_ip_check(p, &h->ip);
		p += train_ip_len(&h->ip);
	}
	train_put_ip_check(p, &h->ip);
	p += train_ip_len(&h->ip);
	if (h->type == SHELL_GRE)
		finish_gre(f, p, s, at);
	else if (is_udp(h))
		finish_udp(f, p, s, at);
}

static uint8_t outer_protocol(const struct spec *s)
{
	if (s->shell.type == SHELL_GRE)
		return GRE;
	if (is_udp(&s->shell))
		return UDP;
	return s->ip.version == 4 ? IPIP : IPV6;
}

static void fill_gre(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->teb = rnd_chance(r, 30);
	h->flags = (rnd_chance(r, 30) ? GRE_CSUM : 0) |
		   (rnd_chance(r, 40) ? GRE_KEY : 0);
	h->proto = h->teb ? TEB : h->mac_type;
}

static void fill_vxlan(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->dport = TRAIN_VXLAN;
	h->teb = true;
	h->flags = VNI;
	h->remcsum = rnd_chance(r, 10);
}

static void fill_gpe(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->dport = TRAIN_GPE;
	h->teb = rnd_chance(r, 40);
	h->flags = VNI | GPE_NEXT;
	h->proto = h->teb ? 3 : s->ip.version == 4 ? 1 : 2;
}

/* Options: one of unknown meaning. */
static void fill_geneve(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->dport = TRAIN_GENEVE;
	h->teb = rnd_chance(r, 70);
	h->proto = h->teb ? TEB : h->mac_type;
	if (rnd_chance(r, 60))
		return;
	h->nopt = (uint8_t)(4 * rnd_between(r, 1, OPT_MOST / 4));
	rnd_bytes(r, h->opt, h->nopt);
	h->opt[3] = (uint8_t)(h->nopt / 4 - 1);
	h->flags = (uint32_t)h->nopt / 4 << GENEVE_OPT_LEN;
}

void train_shell(struct spec *s, struct rnd *r, const struct train_kind *k)
{
	struct shell *h = &s->shell;

	h->type = k->shell;
	h->sport = (uint16_t)rnd_next(r);
	h->no_check = rnd_chance(r, 40);
	h->word = (uint32_t)rnd_next(r) & 0xffffff00;
	h->mac_type = s->ip.version == 4 ? 0x0800 : 0x86dd;
	rnd_bytes(r, h->mac, sizeof(h->mac));
	if (h->type == SHELL_GRE)
		fill_gre(s, r);
	else if (h->type == SHELL_VXLAN)
		fill_vxlan(s, r);
	else if (h->type == SHELL_GPE)
		fill_gpe(s, r);
	else if (h->type == SHELL_GENEVE)
		fill_geneve(s, r);
	h->ip.next = outer_protocol(s);
}

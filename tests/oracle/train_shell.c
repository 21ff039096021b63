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
#define GRE_LEN	  4u
#define GRE_WORD  4u
#define GRE_CSUM  0x8000u
#define GRE_KEY	  0x2000u
#define GRE_SEQ	  0x1000u
#define VNI	  0x08000000u
#define GPE_NEXT  0x04000000u
#define VXLAN_RCO (1u << 21)
#define RCO_UDP	  0x80
#define TCP_CHECK 16
#define UDP_CHECK 6

/* GUE: a word, private flags, and where a remote checksum is */
#define GUE_LEN		4u
#define GUE_HLEN	24 /* bits before it in the first word */
#define GUE_PROTO	16
#define GUE_REMCSUM_LEN 8u

#define GENEVE_OPT_LEN 24 /* bits before it in the first word */

static bool is_udp(const struct shell *h)
{
	return h->type >= SHELL_VXLAN;
}

/* Whatever may have GRE in it. */
static bool is_fou(const struct shell *h)
{
	return h->type == SHELL_FOU || h->type == SHELL_GUE;
}

static size_t gre_len(const struct shell *h)
{
	size_t n = GRE_LEN;

	for (uint32_t bit = GRE_CSUM; bit >= GRE_SEQ; bit >>= 1)
		n += h->flags & bit && bit != GRE_CSUM >> 1 ? GRE_WORD : 0;
	return n;
}

static size_t gue_len(const struct shell *h)
{
	return GUE_LEN + (h->remcsum ? GUE_REMCSUM_LEN : 0) + h->nopt;
}

/* UDP, and what is behind but for GRE. */
static size_t udp_len(const struct shell *h)
{
	if (is_fou(h))
		return UDP_LEN + (h->type == SHELL_GUE ? gue_len(h) : 0);
	return is_udp(h) ? UDP_LEN + VXLAN_LEN + h->nopt : 0;
}

/* Behind the outer IP headers, without an inner link header. */
static size_t own_len(const struct shell *h)
{
	bool gre = h->type == SHELL_GRE || h->gre;

	return udp_len(h) + (gre ? gre_len(h) : 0);
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

static void put_vxlan(uint8_t *p, const struct shell *h)
{
	put32(p, h->flags | (h->type == SHELL_VXLAN ? 0 : h->proto));
	put32(p + 4, h->word);
	memcpy(p + VXLAN_LEN, h->opt, h->nopt);
}

static void put_gue(uint8_t *p, const struct shell *h)
{
	uint32_t word = (uint32_t)(gue_len(h) - GUE_LEN) / 4 << GUE_HLEN;

	word |= (h->gre ? GRE : h->proto & 0xffu) << GUE_PROTO;
	if (h->remcsum) {
		word |= GUE_PRIVATE;
		put32(p + GUE_LEN, GUE_REMCSUM);
		put32(p + GUE_LEN + 4, 0);
	}
	put32(p, word ^ h->gue);
	memcpy(p + gue_len(h) - h->nopt, h->opt, h->nopt);
}

static void put_udp(uint8_t *p, const struct shell *h, size_t behind)
{
	put16(p, h->sport);
	put16(p + 2, h->dport);
	put16(p + 4, (uint32_t)((int)(own_len(h) + behind) + h->udp_len));
	put16(p + 6, 0);
	if (h->type == SHELL_GUE)
		put_gue(p + UDP_LEN, h);
	else if (h->type != SHELL_FOU)
		put_vxlan(p + UDP_LEN, h);
	if (h->gre)
		put_gre(p + udp_len(h), h);
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
		put_udp(p, h, behind);
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
	uint32_t check = s->proto == 6 ? TCP_CHECK : UDP_CHECK;

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

/* Where it begins, and where the checksum goes. */
static void put_gue_remcsum(uint8_t *gue, const struct spec *s,
			    const struct spot *at, const uint8_t *f)
{
	size_t start = at->l4 - (size_t)(gue + gue_len(&s->shell) - f);

	put16(gue + GUE_LEN + 4, (uint32_t)start);
	put16(gue + GUE_LEN + 6,
	      (uint32_t)start + (s->proto == 6 ? TCP_CHECK : UDP_CHECK));
}

/* RFC draft-herbert-vxlan-rco: half of where it begins, and what it is. */
static void put_remcsum(uint8_t *vxlan, const struct spec *s,
			const struct spot *at, const uint8_t *f)
{
	size_t start = at->l4 - (size_t)(vxlan + VXLAN_LEN - f);

	if (s->shell.type == SHELL_GUE) {
		put_gue_remcsum(vxlan, s, at, f);
		return;
	}
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
	if (h->gre)
		finish_gre(f, p + udp_len(h), s, at);
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

/* With a checksum it is left alone; that is told rarely enough. */
static void fill_fou(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->gre = rnd_chance(r, 40);
	if (h->gre)
		fill_gre(s, r);
	else
		h->proto = s->ip.version == 4 ? IPIP : IPV6;
	if (rnd_chance(r, 80))
		h->flags &= ~GRE_CSUM;
	h->dport = (uint16_t)(TRAIN_FOU + (h->gre ? GRE : h->proto));
	if (h->type == SHELL_FOU)
		return;
	h->dport = TRAIN_GUE;
	h->remcsum = rnd_chance(r, 20);
	if (rnd_chance(r, 20)) {
		h->nopt = (uint8_t)(4 * rnd_between(r, 1, OPT_MOST / 4));
		rnd_bytes(r, h->opt, h->nopt);
	}
}

static void fill_vxlan(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->dport = VXLAN_PORT;
	h->teb = true;
	h->flags = VNI;
	h->remcsum = rnd_chance(r, 10);
}

static void fill_gpe(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->dport = GPE_PORT;
	h->teb = rnd_chance(r, 40);
	h->flags = VNI | GPE_NEXT;
	h->proto = h->teb ? 3 : s->ip.version == 4 ? 1 : 2;
}

/* Options: one of unknown meaning. */
static void fill_geneve(struct spec *s, struct rnd *r)
{
	struct shell *h = &s->shell;

	h->dport = GENEVE_PORT;
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
	else if (is_fou(h))
		fill_fou(s, r);
	h->ip.next = outer_protocol(s);
}

/* SPDX-License-Identifier: MIT */
/* train_build.c - from what a packet is to say to its bytes */
#include "train.h"

#include <stdlib.h>
#include <string.h>

#include <segoff/meta.h>

#include "net.h"
#include "wire.h"

#define POOL_LEN     (1u << 18)
#define TCP	     6
#define IPV4_LEN     20u
#define IPV6_LEN     40u
#define TCP_LEN	     20u
#define UDP_LEN	     8u
#define FRAG6_LEN    8u
#define TAG_LEN	     4u
#define NEXT_FRAG6   44
#define HEADERS_MOST 120 /* wherever they may be said to end */
#define TCP_CHECK    16
#define UDP_CHECK    6
#define VNET_FLAGS   0
#define VNET_TYPE    1
#define VNET_HDR_LEN 2
#define VNET_GSO     4
#define VNET_START   6
#define VNET_OFFSET  8

/* Random bytes that all payload is taken from. */
static const uint8_t *pool(void)
{
	static uint8_t bytes[POOL_LEN + TRAIN_PACKET];
	struct rnd r = { 1 };

	if (!bytes[0] && !bytes[1])
		rnd_bytes(&r, bytes, sizeof(bytes));
	return bytes;
}

static uint32_t check_at(const struct spec *s)
{
	return s->proto == TCP ? TCP_CHECK : UDP_CHECK;
}

static uint32_t l4_header(const struct spec *s)
{
	return s->proto == TCP ? TCP_LEN + s->nopt : UDP_LEN;
}

/* Link header and tags; returns their length. */
static size_t put_link(uint8_t *f, const struct spec *s)
{
	size_t at = 12;

	memcpy(f, s->mac, 12);
	for (unsigned int i = 0; i < s->tags; i++, at += 4) {
		put16(f + at, s->tag[i][0]);
		put16(f + at + 2, s->tag[i][1]);
	}
	put16(f + at, s->type);
	return at + 2;
}

static size_t put_ipv4(uint8_t *ip, const struct spec *s, size_t behind)
{
	size_t len = IPV4_LEN + s->nipopt;

	ip[0] = (uint8_t)((uint32_t)s->nibble << 4 | len / 4);
	ip[1] = s->tos;
	put16(ip + 2, (uint32_t)((int)(len + behind) + s->ip_len));
	put16(ip + 4, s->id);
	put16(ip + 6, s->fragment);
	ip[8] = s->ttl;
	ip[9] = s->next;
	put16(ip + 10, 0);
	memcpy(ip + 12, s->addr, 4);
	memcpy(ip + 16, s->addr + 16, 4);
	memcpy(ip + IPV4_LEN, s->ipopt, s->nipopt);
	return len;
}

/* The chain of extension headers ends in a fragment's, or in @s->next. */
static size_t put_ext(uint8_t *p, const struct spec *s, uint8_t *last)
{
	size_t len = s->ext_len;

	memcpy(p, s->ext, len);
	for (size_t at = 0; at < len; at += (p[at + 1] + 1u) * 8) {
		*last = at ? *last : s->next_ext;
		last = p + at;
	}
	*last = s->next;
	if (!s->frag6)
		return len;
	*last = NEXT_FRAG6;
	memset(p + len, 0, FRAG6_LEN);
	p[len] = s->next;
	p[len + 3] = (uint8_t)(s->id & 0xf9);
	return len + FRAG6_LEN;
}

static size_t put_ipv6(uint8_t *ip, const struct spec *s, size_t behind)
{
	size_t len;

	put32(ip, (uint32_t)s->nibble << 28 | (uint32_t)s->tos << 20 |
			  (s->label & 0xfffff));
	ip[7] = s->ttl;
	memcpy(ip + 8, s->addr, 32);
	len = put_ext(ip + IPV6_LEN, s, ip + 6);
	put16(ip + 4, (uint32_t)((int)(len + behind) + s->ip_len));
	return IPV6_LEN + len;
}

static void put_l4(uint8_t *p, const struct spec *s)
{
	put16(p, s->sport);
	put16(p + 2, s->dport);
	if (s->proto != TCP) {
		put16(p + 4,
		      (uint32_t)((int)(UDP_LEN + s->payload) + s->udp_len));
		put16(p + 6, 0);
		return;
	}
	put32(p + 4, s->seq);
	put32(p + 8, s->ack);
	put16(p + 12,
	      (uint32_t)((int)(l4_header(s) / 4) + s->doff) << 12 | s->flags);
	put16(p + 14, s->window);
	put16(p + 16, 0);
	put16(p + 18, s->urgent);
	memcpy(p + TCP_LEN, s->opt, s->nopt);
}

static uint64_t pseudo_sum(const struct spec *s, size_t len)
{
	size_t n = s->version == 4 ? 4 : 16;

	return wire_sum(s->addr, n) + wire_sum(s->addr + 16, n) + s->proto +
	       len;
}

/* Everything but the checksums. */
static size_t put_packet(uint8_t *f, const struct spec *s, struct spot *at)
{
	size_t n;

	at->l4_len = l4_header(s) + s->payload;
	at->l3 = put_link(f, s);
	n = s->version == 4 ? put_ipv4(f + at->l3, s, at->l4_len) :
			      put_ipv6(f + at->l3, s, at->l4_len);
	at->l4 = at->l3 + n;
	put_l4(f + at->l4, s);
	memcpy(f + at->l4 + l4_header(s), pool() + s->fill % POOL_LEN,
	       s->payload);
	return at->l4 + at->l4_len;
}

static uint16_t l4_sum(const uint8_t *f, const struct spec *s,
		       const struct spot *at)
{
	return wire_fold(wire_sum(f + at->l4, at->l4_len) +
			 pseudo_sum(s, at->l4_len)) ^
	       0xffff;
}

static uint16_t ip_sum(const uint8_t *f, const struct spot *at)
{
	return wire_fold(wire_sum(f + at->l3, (f[at->l3] & 15u) * 4)) ^ 0xffff;
}

struct sums train_sums(const struct spec *s)
{
	static uint8_t f[TRAIN_PACKET];
	struct spot at;

	put_packet(f, s, &at);
	return (struct sums){ s->version == 4 ? ip_sum(f, &at) : 0,
			      l4_sum(f, s, &at) };
}

/* Change the payload so that the checksum comes out as zero. */
static void make_zero(uint8_t *f, const struct spec *s, const struct spot *at)
{
	uint8_t *p = f + at->l4 + l4_header(s);

	if (s->payload >= 2)
		put16(p, wire_fold((uint64_t)get16(p) + l4_sum(f, s, at)));
}

static uint16_t l4_check(uint8_t *f, const struct spec *s,
			 const struct spot *at)
{
	uint16_t c;

	if (s->partial)
		return wire_fold(pseudo_sum(s, at->l4_len)) ^ s->l4_xor;
	if (s->no_check)
		return 0;
	if (s->l4_zero)
		make_zero(f, s, at);
	c = l4_sum(f, s, at);
	if (!c && (s->proto != TCP || s->fill & 1))
		c = 0xffff;
	return c ^ s->l4_xor;
}

static void put_checks(uint8_t *f, const struct spec *s, const struct spot *at)
{
	uint16_t c;

	put16(f + at->l4 + check_at(s), l4_check(f, s, at));
	if (s->version != 4)
		return;
	c = ip_sum(f, at);
	if (s->ip_zero && !c)
		c = 0xffff;
	put16(f + at->l3 + 10, c ^ s->ip_xor);
}

static uint8_t gso_type(const struct spec *s)
{
	if (s->proto != TCP)
		return SEGOFF_VNET_GSO_UDP_L4;
	return s->version == 4 ? SEGOFF_VNET_GSO_TCPV4 : SEGOFF_VNET_GSO_TCPV6;
}

static void put_vnet(uint8_t *v, const struct spec *s, const struct spot *at)
{
	memset(v, 0, TRAIN_VNET);
	if (s->hint)
		put_le16(v + VNET_HDR_LEN, (uint32_t)at->l4 + l4_header(s));
	if (s->partial) {
		v[VNET_FLAGS] = SEGOFF_VNET_NEEDS_CSUM;
		put_le16(v + VNET_START, (uint32_t)((int)at->l4 + s->start));
		put_le16(v + VNET_OFFSET, check_at(s));
	}
	if (s->gso) {
		v[VNET_TYPE] = gso_type(s);
		put_le16(v + VNET_GSO, s->gso);
	}
}

void train_build(struct train *t, unsigned int i)
{
	const struct spec *s = &t->spec[i];
	struct packet *p = &t->packet[i];
	struct spot at;

	if (!p->bytes)
		p->bytes = malloc(TRAIN_PACKET);
	if (!p->bytes)
		net_die("memory");
	p->len = put_packet(p->bytes, s, &at);
	put_checks(p->bytes, s, &at);
	put_vnet(p->vnet, s, &at);
	memset(p->bytes + p->len, s->fill & 2 ? 0 : 0xee, s->trailer);
	p->len += s->trailer;
	if (s->cut + TAG_LEN < p->len - at.l3)
		p->len -= s->cut;
	t->head[i] = at.l4 + HEADERS_MOST;
}

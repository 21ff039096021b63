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
#define TCP_LEN	     20u
#define UDP_LEN	     8u
#define TAG_LEN	     4u
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

/* Everything but the checksums. */
static size_t put_packet(uint8_t *f, const struct spec *s, struct spot *at)
{
	size_t n = train_ip_len(&s->ip);

	at->l4_len = l4_header(s) + s->payload;
	at->outer_l3 = put_link(f, s);
	at->l3 = at->outer_l3 +
		 train_shell_put(f + at->outer_l3, &s->shell, n + at->l4_len);
	at->l4 = at->l3 + train_put_ip(f + at->l3, &s->ip, at->l4_len);
	put_l4(f + at->l4, s);
	memcpy(f + at->l4 + l4_header(s), pool() + s->fill % POOL_LEN,
	       s->payload);
	return at->l4 + at->l4_len;
}

static uint16_t l4_sum(const uint8_t *f, const struct spec *s,
		       const struct spot *at)
{
	return wire_fold(wire_sum(f + at->l4, at->l4_len) +
			 train_pseudo(&s->ip, s->proto, at->l4_len)) ^
	       0xffff;
}

struct sums train_sums(const struct spec *s)
{
	static uint8_t f[TRAIN_PACKET];
	struct spot at;

	put_packet(f, s, &at);
	return (struct sums){ s->ip.version == 4 ? train_ip_sum(f + at.l3) : 0,
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

	if (s->partial || s->shell.remcsum)
		return wire_fold(train_pseudo(&s->ip, s->proto, at->l4_len)) ^
		       s->l4_xor;
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
	put16(f + at->l4 + check_at(s), l4_check(f, s, at));
	train_put_ip_check(f + at->l3, &s->ip);
	train_shell_finish(f, s, at);
}

static uint8_t gso_type(const struct spec *s)
{
	if (s->proto != TCP)
		return SEGOFF_VNET_GSO_UDP_L4;
	return s->ip.version == 4 ? SEGOFF_VNET_GSO_TCPV4 :
				    SEGOFF_VNET_GSO_TCPV6;
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
	if (s->cut + TAG_LEN < p->len - at.outer_l3)
		p->len -= s->cut;
	p->at = at;
	t->head[i] = at.l4 + HEADERS_MOST;
}

/* SPDX-License-Identifier: MIT */
/* train.c - flows, and the packets that they send in turn */
#include "train.h"

#include <string.h>

#define TCP	    6
#define UDP	    17
#define ACK	    0x10
#define PSH	    0x08
#define CWR	    0x80
#define DF	    0x4000
#define NO_OPERAND  1
#define TIMESTAMPS  0x0a
#define JUMBO_ROOM  8 /* Linux copies no more behind a jumbo header */
#define SIZE_MOST   9000
#define BULK_LEAST  700
#define ODD_PERCENT 80

const struct train_kind train_kinds[] = {
	{ "tcp4", 30, 4, TCP, WAY_PLAIN, false },
	{ "tcp6", 24, 6, TCP, WAY_PLAIN, false },
	{ "udp4", 12, 4, UDP, WAY_UDP, false },
	{ "udp6", 10, 6, UDP, WAY_UDP, false },
	{ "mixed", 10, 0, 0, WAY_UDP, false },
	{ "no-udp", 2, 0, 0, WAY_PLAIN, false },
	{ "full", 3, 0, 0, WAY_UDP, true },
	{ "small", 6, 0, 0, WAY_SMALL, false },
	{ "big4", 2, 4, TCP, WAY_BIG, true },
	{ "big6", 2, 6, TCP, WAY_BIG, true },
	{ "big", 2, 0, 0, WAY_BIG, true },
	{ "list-t4", 10, 4, TCP, WAY_LIST, false },
	{ "list-t6", 8, 6, TCP, WAY_LIST, false },
	{ "list-u4", 10, 4, UDP, WAY_LIST, false },
	{ "list-u6", 8, 6, UDP, WAY_LIST, false },
	{ "lists", 8, 0, 0, WAY_LIST, false },
	{ "list-big", 3, 0, 0, WAY_LIST, true },
	{ "cut-t4", 8, 4, TCP, WAY_CUT, false },
	{ "cut-t6", 8, 6, TCP, WAY_CUT, false },
	{ "cut-u4", 8, 4, UDP, WAY_CUT, false },
	{ "cut-u6", 8, 6, UDP, WAY_CUT, false },
	{ "cuts", 8, 0, 0, WAY_CUT, false },
	{ 0 },
};

const uint32_t train_limits[WAY_COUNT] = {
	[WAY_PLAIN] = 65536, [WAY_UDP] = 65536,	 [WAY_BIG] = 300000,
	[WAY_SMALL] = 6000,  [WAY_LIST] = 20000, /* which lists do not respect */
	[WAY_CUT] = 65536,
};

/* How a flow's packets follow each other. */
struct flow {
	struct spec next;
	uint32_t size;
	uint32_t ids;	    /* 0: stay, 1: count, 2: either, 3: anyhow */
	uint32_t psh_every; /* 0: never */
	uint32_t tail_every;
	uint32_t gap_every;
	uint32_t sent;
};

static uint32_t weight(const struct train_kind *k, bool old)
{
	return old && (k->proto != TCP || k->way != WAY_PLAIN) ? 0 : k->weight;
}

static const struct train_kind *pick_kind(struct rnd *r, bool old)
{
	const struct train_kind *k;
	uint32_t sum = 0, at;

	for (k = train_kinds; k->name; k++)
		sum += weight(k, old);
	at = rnd_below(r, sum);
	for (k = train_kinds; at >= weight(k, old); k++)
		at -= weight(k, old);
	return k;
}

static void random_options(struct spec *s, struct rnd *r)
{
	if (rnd_chance(r, 40)) { /* as usual */
		s->nopt = 12;
		memcpy(s->opt, "\1\1\x08\x0a", 4);
		rnd_bytes(r, s->opt + 4, 8);
	} else if (rnd_chance(r, 20)) {
		s->nopt = (uint8_t)(4 * rnd_below(r, 11));
		rnd_bytes(r, s->opt, s->nopt);
	}
}

/* Hop-by-Hop, Routing and Destination headers, padded with PadN. */
static void random_ext(struct spec *s, struct rnd *r, uint32_t most)
{
	static const uint8_t nr[] = { 0, 43, 60 };
	uint8_t *last = &s->next_ext, *p;
	uint32_t len;

	for (; s->ext_len + 8u <= most; s->ext_len += (uint8_t)len) {
		p = s->ext + s->ext_len;
		len = rnd_chance(r, 70) || s->ext_len + 24u > most ? 8 : 24;
		*last = nr[rnd_below(r, LENGTH(nr))];
		last = p;
		memset(p, 0, len);
		p[1] = (uint8_t)(len / 8 - 1);
		p[2] = 1;
		p[3] = (uint8_t)(len - 4);
		if (!rnd_chance(r, 40))
			most = 0;
	}
}

static void random_tags(struct spec *s, struct rnd *r)
{
	s->tags = (uint8_t)rnd_between(r, 1, 3);
	for (unsigned int i = 0; i < s->tags; i++) {
		s->tag[i][0] = rnd_chance(r, 70) ? 0x8100 : 0x88a8;
		s->tag[i][1] = (uint16_t)rnd_next(r);
	}
}

static void random_ip(struct spec *s, struct rnd *r, const struct train_kind *k)
{
	s->nibble = s->version;
	s->type = s->version == 4 ? 0x0800 : 0x86dd;
	s->next = s->proto;
	rnd_bytes(r, s->addr, 32);
	s->addr[0] = s->addr[16] = s->version == 4 ? 10 : 0xfd;
	s->tos = rnd_chance(r, 50) ? 0 : (uint8_t)rnd_next(r);
	s->ttl = rnd_chance(r, 80) ? 64 : (uint8_t)rnd_next(r);
	s->label = (uint32_t)rnd_next(r) & 0xfffff;
	s->id = rnd_chance(r, 20) ? 65533 : (uint16_t)rnd_next(r);
	s->fragment = rnd_chance(r, 60) ? DF : 0;
	if (s->version == 6 && rnd_chance(r, 25))
		random_ext(s, r, k->way == WAY_BIG ? JUMBO_ROOM : EXT_MOST);
}

static void random_flow(struct flow *f, struct rnd *r,
			const struct train_kind *k)
{
	struct spec *s = &f->next;

	memset(f, 0, sizeof(*f));
	s->version = k->version ? k->version : rnd_chance(r, 50) ? 4 : 6;
	s->proto = k->proto ? k->proto : rnd_chance(r, 60) ? TCP : UDP;
	memcpy(s->mac, "\2\0\0\0\0\2\2\0\0\0\0\1", 12);
	if (rnd_chance(r, 8))
		random_tags(s, r);
	random_ip(s, r, k);
	s->sport = (uint16_t)rnd_next(r);
	s->dport = (uint16_t)rnd_next(r);
	s->seq = rnd_chance(r, 10) ? -(uint32_t)rnd_below(r, 3000) :
				     (uint32_t)rnd_next(r);
	s->ack = (uint32_t)rnd_next(r);
	s->flags = ACK;
	s->window = (uint16_t)rnd_next(r);
	s->partial = rnd_chance(r, 10);
	s->hint = rnd_chance(r, 10);
	if (s->proto == TCP)
		random_options(s, r);
}

static uint32_t random_size(struct rnd *r, const struct train_kind *k)
{
	uint32_t at = rnd_below(r, 100);

	if (k->bulk)
		return rnd_between(r, BULK_LEAST, at < 70 ? 1460 : 4000);
	if (at < 20)
		return rnd_between(r, 1, 20);
	if (at < 60)
		return rnd_between(r, 21, 300);
	return rnd_between(r, 301, at < 97 ? 1460 : SIZE_MOST);
}

/*
 * So that some packets fill a superpacket to a byte, or all but: to the limit,
 * to 64 KB, or to what the length field of IPv6 can say.
 */
static void aim(struct flow *f, struct rnd *r, const struct train_kind *k)
{
	const struct spec *s = &f->next;
	uint32_t ip = s->version == 4 ? 20u : 40u + s->ext_len;
	uint32_t l4 = s->proto == TCP ? 20u + s->nopt : 8u;
	uint32_t limit = train_limits[k->way], room, least;

	if (rnd_chance(r, 40))
		limit = train_limits[WAY_UDP] + (rnd_chance(r, 50) ? 40 : 0);
	room = limit - ip - l4 - 4u * s->tags - rnd_below(r, 3);
	least = room / SIZE_MOST + 1;
	f->size = room / rnd_between(r, least, least + 60);
	while (room % f->size)
		f->size--;
	if (rnd_chance(r, 50))
		f->gap_every = room / f->size;
}

static void random_habits(struct flow *f, struct rnd *r,
			  const struct train_kind *k)
{
	f->size = random_size(r, k);
	if ((k->bulk || k->way == WAY_SMALL) && rnd_chance(r, 60))
		aim(f, r, k);
	f->ids = rnd_chance(r, 65) ? 1 :
		 rnd_chance(r, 60) ? 0 :
		 rnd_chance(r, 70) ? 2 :
				     3;
	f->psh_every = k->bulk || rnd_chance(r, 70) ? 0 : rnd_between(r, 1, 12);
	f->tail_every = k->bulk || rnd_chance(r, 85) ? 0 : rnd_between(r, 2, 9);
}

/* Like another flow but for one thing that tells flows apart. */
static void sibling(struct spec *s, struct rnd *r)
{
	switch (rnd_below(r, 8)) {
	case 0:
		s->sport++;
		break;
	case 1:
		s->dport ^= 1;
		break;
	case 2:
		s->addr[s->version == 4 ? 3 : 15] ^= 1;
		break;
	case 3:
		s->addr[s->version == 4 ? 18 : 31] ^= 1;
		break;
	case 4:
		s->mac[rnd_below(r, 12)] ^= 0x40;
		break;
	case 5: /* the way back */
		s->sport ^= s->dport;
		s->dport ^= s->sport;
		s->sport ^= s->dport;
		break;
	case 6:
		s->label ^= 1;
		s->addr[3] ^= 0x80;
		break;
	default: /* tells nothing apart for IPv4 */
		s->label ^= 0x80;
	}
}

static uint16_t id_step(struct rnd *r, uint32_t ids)
{
	if (ids < 2)
		return (uint16_t)ids;
	return (uint16_t)(ids == 2 ? rnd_below(r, 2) : rnd_below(r, 65536));
}

/* The next packet of a flow. */
static void emit(struct flow *f, struct spec *s, struct rnd *r)
{
	uint32_t n = ++f->sent;

	*s = f->next;
	s->payload = f->size;
	if (f->tail_every && n % f->tail_every == 0)
		s->payload = rnd_between(r, 1, f->size);
	if (f->psh_every && n % f->psh_every == 0)
		s->flags |= PSH;
	s->fill = (uint32_t)rnd_next(r);
	f->next.seq += s->payload;
	if (f->gap_every && n % f->gap_every == 0)
		f->next.seq++;
	f->next.id = (uint16_t)(f->next.id + id_step(r, f->ids));
}

static unsigned int random_count(struct rnd *r, const struct train_kind *k)
{
	uint32_t at = rnd_below(r, 100);

	if (k->bulk)
		return rnd_between(r, 30, TRAIN_MOST);
	if (at < 40)
		return rnd_between(r, 1, 8);
	return rnd_between(r, 5, at < 85 ? 40 : TRAIN_MOST);
}

static unsigned int random_flows(struct rnd *r, const struct train_kind *k)
{
	uint32_t at = rnd_below(r, 100);

	if (at < 55 || k->bulk)
		return 1 + (at < 5);
	return rnd_between(r, 2, at < 85 ? 4 : TRAIN_FLOWS);
}

static void make_flows(struct flow *flow, unsigned int n, struct rnd *r,
		       const struct train_kind *k)
{
	for (unsigned int i = 0; i < n; i++) {
		random_flow(&flow[i], r, k);
		if (i && rnd_chance(r, 40)) {
			flow[i].next = flow[rnd_below(r, i)].next;
			sibling(&flow[i].next, r);
		}
		flow[i].next.flow = (uint8_t)i;
		random_habits(&flow[i], r, k);
	}
}

/* One after the other, at random, or in bursts. */
static void take_turns(struct train *t, struct flow *flow, unsigned int n,
		       struct rnd *r)
{
	uint32_t burst = rnd_chance(r, 50) ? 1 : rnd_between(r, 2, 20);
	bool in_turn = rnd_chance(r, 50);
	unsigned int at = 0;

	for (unsigned int i = 0; i < t->n; i++) {
		if (i % burst == 0)
			at = in_turn ? (at + 1) % n : rnd_below(r, n);
		emit(&flow[at], &t->spec[i], r);
	}
}

/*
 * Of two IPv6 packets in a row that both claim another version Linux compares
 * what would be there in IPv4 headers. Nobody takes such packets.
 */
static void one_wrong_version(struct train *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->n; i++)
		if (t->spec[i].version == 6 && t->spec[i].nibble != 6 && n++)
			t->spec[i].nibble = 6;
}

/*
 * What is cut is judged by oracle_tap but for lists: no superpackets, and no
 * tags, which some kernels do not look behind.
 */
static void only_lists(struct train *t)
{
	for (unsigned int i = 0; i < t->n && t->kind->way == WAY_CUT; i++) {
		t->spec[i].gso = 0;
		t->spec[i].start = 0;
		t->spec[i].tags = 0;
	}
}

static void leave_out_new(struct train *t)
{
	for (unsigned int i = 0; i < t->n && t->old; i++) {
		t->spec[i].fragment |= DF;
		t->spec[i].flags &= (uint16_t)~CWR;
		t->spec[i].start = 0;
	}
}

void train_make(struct train *t, uint64_t seed, uint64_t number)
{
	struct flow flow[TRAIN_FLOWS];
	unsigned int flows;
	struct rnd r;

	rnd_seed(&r, seed, number);
	t->number = number;
	t->kind = pick_kind(&r, t->old);
	t->nodd = 0;
	t->n = random_count(&r, t->kind);
	t->step = rnd_chance(&r, 70) ? 0 : rnd_between(&r, 1, 700);
	t->late = rnd_chance(&r, 30);
	t->scatter = rnd_chance(&r, 50);
	flows = random_flows(&r, t->kind);
	make_flows(flow, flows, &r, t->kind);
	take_turns(t, flow, flows, &r);
	if (rnd_chance(&r, ODD_PERCENT))
		train_odd(t, &r);
	one_wrong_version(t);
	leave_out_new(t);
	only_lists(t);
	for (unsigned int i = 0; i < t->n; i++)
		train_build(t, i);
}

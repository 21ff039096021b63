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
#define FAR_AWAY    0x4000 /* an identification */

const struct train_kind train_kinds[] = {
	{ "tcp4", 30, 4, TCP, WAY_PLAIN, false, SHELL_NONE, 0 },
	{ "tcp6", 24, 6, TCP, WAY_PLAIN, false, SHELL_NONE, 0 },
	{ "udp4", 12, 4, UDP, WAY_UDP, false, SHELL_NONE, 0 },
	{ "udp6", 10, 6, UDP, WAY_UDP, false, SHELL_NONE, 0 },
	{ "mixed", 10, 0, 0, WAY_UDP, false, SHELL_NONE, 0 },
	{ "no-udp", 2, 0, 0, WAY_PLAIN, false, SHELL_NONE, 0 },
	{ "full", 3, 0, 0, WAY_UDP, true, SHELL_NONE, 0 },
	{ "small", 6, 0, 0, WAY_SMALL, false, SHELL_NONE, 0 },
	{ "big4", 2, 4, TCP, WAY_BIG, true, SHELL_NONE, 0 },
	{ "big6", 2, 6, TCP, WAY_BIG, true, SHELL_NONE, 0 },
	{ "big", 2, 0, 0, WAY_BIG, true, SHELL_NONE, 0 },
	{ "list-t4", 10, 4, TCP, WAY_LIST, false, SHELL_NONE, 0 },
	{ "list-t6", 8, 6, TCP, WAY_LIST, false, SHELL_NONE, 0 },
	{ "list-u4", 10, 4, UDP, WAY_LIST, false, SHELL_NONE, 0 },
	{ "list-u6", 8, 6, UDP, WAY_LIST, false, SHELL_NONE, 0 },
	{ "lists", 8, 0, 0, WAY_LIST, false, SHELL_NONE, 0 },
	{ "list-big", 3, 0, 0, WAY_LIST, true, SHELL_NONE, 0 },
	{ "cut-t4", 8, 4, TCP, WAY_CUT, false, SHELL_NONE, 0 },
	{ "cut-t6", 8, 6, TCP, WAY_CUT, false, SHELL_NONE, 0 },
	{ "cut-u4", 8, 4, UDP, WAY_CUT, false, SHELL_NONE, 0 },
	{ "cut-u6", 8, 6, UDP, WAY_CUT, false, SHELL_NONE, 0 },
	{ "cuts", 8, 0, 0, WAY_CUT, false, SHELL_NONE, 0 },
	{ "ipip", 10, 4, 0, WAY_UDP, false, SHELL_IP, 4 },
	{ "sit", 10, 6, 0, WAY_UDP, false, SHELL_IP, 4 },
	{ "4in6", 10, 4, 0, WAY_UDP, false, SHELL_IP, 6 },
	{ "6in6", 10, 6, 0, WAY_UDP, false, SHELL_IP, 6 },
	{ "gre4", 14, 0, 0, WAY_UDP, false, SHELL_GRE, 4 },
	{ "gre6", 10, 0, 0, WAY_UDP, false, SHELL_GRE, 6 },
	{ "vxlan4", 16, 0, 0, WAY_UDP, false, SHELL_VXLAN, 4 },
	{ "vxlan6", 12, 0, 0, WAY_UDP, false, SHELL_VXLAN, 6 },
	{ "gpe", 8, 0, 0, WAY_UDP, false, SHELL_GPE, 0 },
	{ "geneve4", 12, 0, 0, WAY_UDP, false, SHELL_GENEVE, 4 },
	{ "geneve6", 10, 0, 0, WAY_UDP, false, SHELL_GENEVE, 6 },
	{ "ip-tcp", 6, 0, TCP, WAY_PLAIN, false, SHELL_IP, 0 },
	{ "gre-tcp", 3, 0, TCP, WAY_PLAIN, false, SHELL_GRE, 0 },
	{ "vx-tcp", 3, 0, TCP, WAY_PLAIN, false, SHELL_VXLAN, 0 },
	{ "gen-tcp", 3, 0, TCP, WAY_PLAIN, false, SHELL_GENEVE, 0 },
	{ "fou4", 12, 0, TCP, WAY_PLAIN, false, SHELL_FOU, 4 },
	{ "fou6", 10, 0, TCP, WAY_PLAIN, false, SHELL_FOU, 6 },
	{ "gue4", 14, 0, TCP, WAY_PLAIN, false, SHELL_GUE, 4 },
	{ "gue6", 12, 0, TCP, WAY_PLAIN, false, SHELL_GUE, 6 },
	{ "vx-plain", 6, 0, 0, WAY_PLAIN, false, SHELL_VXLAN, 0 },
	{ "ip-full", 2, 0, 0, WAY_UDP, true, SHELL_IP, 0 },
	{ "vx-full", 2, 0, 0, WAY_UDP, true, SHELL_VXLAN, 0 },
	{ "gre-small", 4, 0, 0, WAY_SMALL, false, SHELL_GRE, 0 },
	{ 0 },
};

_Static_assert(LENGTH(train_kinds) <= TRAIN_KINDS + 1, "tallies have no room");

const uint32_t train_limits[WAY_COUNT] = {
	[WAY_PLAIN] = 65536, [WAY_UDP] = 65536,	 [WAY_BIG] = 300000,
	[WAY_SMALL] = 6000,  [WAY_LIST] = 20000, /* which lists do not respect */
	[WAY_CUT] = 65536,
};

/* How a flow's packets follow each other. */
struct flow {
	struct spec next;
	uint32_t size;
	uint32_t outer_ids; /* as @ids, of the outer header */
	uint32_t ids;	    /* 0: stay, 1: count, 2: either, 3: anyhow */
	uint32_t psh_every; /* 0: never */
	uint32_t tail_every;
	uint32_t gap_every;
	uint32_t sent;
};

uint32_t train_weight(const struct train_kind *k, const struct train *t)
{
	if (t->old && (k->proto != TCP || k->way != WAY_PLAIN))
		return 0;
	if ((k->shell == SHELL_GENEVE && !t->geneve) ||
	    ((k->shell == SHELL_FOU || k->shell == SHELL_GUE) && !t->fou))
		return 0;
	return t->tunnels == (k->shell != SHELL_NONE) ? k->weight : 0;
}

uint32_t train_weights(const struct train *t)
{
	uint32_t sum = 0;

	for (const struct train_kind *k = train_kinds; k->name; k++)
		sum += train_weight(k, t);
	return sum;
}

static const struct train_kind *pick_kind(struct rnd *r, const struct train *t)
{
	const struct train_kind *k;
	uint32_t at = rnd_below(r, train_weights(t));

	for (k = train_kinds; at >= train_weight(k, t); k++)
		at -= train_weight(k, t);
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
static void random_ext(struct ip *ip, struct rnd *r, uint32_t most)
{
	static const uint8_t nr[] = { 0, 43, 60 };
	uint8_t *last = &ip->next_ext, *p;
	uint32_t len;

	for (; ip->ext_len + 8u <= most; ip->ext_len += (uint8_t)len) {
		p = ip->ext + ip->ext_len;
		len = rnd_chance(r, 70) || ip->ext_len + 24u > most ? 8 : 24;
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

static void random_ip(struct ip *ip, struct rnd *r, const struct train_kind *k)
{
	ip->nibble = ip->version;
	rnd_bytes(r, ip->addr, 32);
	ip->addr[0] = ip->addr[16] = ip->version == 4 ? 10 : 0xfd;
	ip->tos = rnd_chance(r, 50) ? 0 : (uint8_t)rnd_next(r);
	ip->ttl = rnd_chance(r, 80) ? 64 : (uint8_t)rnd_next(r);
	ip->label = (uint32_t)rnd_next(r) & 0xfffff;
	ip->id = rnd_chance(r, 20) ? 65533 : (uint16_t)rnd_next(r);
	ip->fragment = rnd_chance(r, 60) ? DF : 0;
	if (ip->version == 6 && rnd_chance(r, 25))
		random_ext(ip, r, k->way == WAY_BIG ? JUMBO_ROOM : EXT_MOST);
}

static void random_shell(struct spec *s, struct rnd *r,
			 const struct train_kind *k)
{
	struct ip *ip = &s->shell.ip;

	ip->version = k->outer ? k->outer : rnd_chance(r, 50) ? 4 : 6;
	random_ip(ip, r, k);
	train_shell(s, r, k);
	s->type = ip->version == 4 ? 0x0800 : 0x86dd;
}

static void random_flow(struct flow *f, struct rnd *r,
			const struct train_kind *k)
{
	struct spec *s = &f->next;

	memset(f, 0, sizeof(*f));
	s->ip.version = k->version ? k->version : rnd_chance(r, 50) ? 4 : 6;
	s->proto = k->proto ? k->proto : rnd_chance(r, 60) ? TCP : UDP;
	memcpy(s->mac, "\2\0\0\0\0\2\2\0\0\0\0\1", 12);
	if (rnd_chance(r, 8))
		random_tags(s, r);
	random_ip(&s->ip, r, k);
	s->ip.next = s->proto;
	s->type = s->ip.version == 4 ? 0x0800 : 0x86dd;
	if (k->shell)
		random_shell(s, r, k);
	s->sport = (uint16_t)rnd_next(r);
	s->dport = (uint16_t)rnd_next(r);
	if (s->dport == VXLAN_PORT || s->dport == GPE_PORT)
		s->dport ^= 0x8000; /* inside, nobody ends a tunnel */
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
	uint32_t ip =
		(uint32_t)(train_shell_len(&s->shell) + train_ip_len(&s->ip));
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

static uint32_t random_ids(struct rnd *r)
{
	if (rnd_chance(r, 65))
		return 1;
	return rnd_chance(r, 60) ? 0 : rnd_chance(r, 70) ? 2 : 3;
}

static void random_habits(struct flow *f, struct rnd *r, const struct train *t)
{
	const struct train_kind *k = t->kind;

	f->size = random_size(r, k);
	if ((k->bulk || k->way == WAY_SMALL) && rnd_chance(r, 60))
		aim(f, r, k);
	f->ids = random_ids(r);
	f->outer_ids = t->old ? 1 : random_ids(r);
	f->psh_every = k->bulk || rnd_chance(r, 70) ? 0 : rnd_between(r, 1, 12);
	f->tail_every = k->bulk || rnd_chance(r, 85) ? 0 : rnd_between(r, 2, 9);
}

/* The same of the tunnel. */
static void sibling_shell(struct shell *h, struct rnd *r)
{
	switch (rnd_below(r, 5)) {
	case 0:
		h->sport++;
		break;
	case 1:
		h->word ^= 0x100;
		break;
	case 2:
		h->mac[rnd_below(r, 12)] ^= 0x40;
		break;
	case 3:
		h->ip.addr[h->ip.version == 4 ? 3 : 15] ^= 1;
		break;
	default:
		h->ip.label ^= 1;
	}
}

/* Like another flow but for one thing that tells flows apart. */
static void sibling(struct spec *s, struct rnd *r)
{
	if (s->shell.type && rnd_chance(r, 50)) {
		sibling_shell(&s->shell, r);
		return;
	}
	switch (rnd_below(r, 8)) {
	case 0:
		s->sport++;
		break;
	case 1:
		s->dport ^= 1;
		break;
	case 2:
		s->ip.addr[s->ip.version == 4 ? 3 : 15] ^= 1;
		break;
	case 3:
		s->ip.addr[s->ip.version == 4 ? 18 : 31] ^= 1;
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
		s->ip.label ^= 1;
		s->ip.addr[3] ^= 0x80;
		break;
	default: /* tells nothing apart for IPv4 */
		s->ip.label ^= 0x80;
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
	f->next.ip.id = (uint16_t)(f->next.ip.id + id_step(r, f->ids));
	f->next.shell.ip.id =
		(uint16_t)(f->next.shell.ip.id + id_step(r, f->outer_ids));
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
		       const struct train *t)
{
	for (unsigned int i = 0; i < n; i++) {
		random_flow(&flow[i], r, t->kind);
		if (i && rnd_chance(r, 40)) {
			flow[i].next = flow[rnd_below(r, i)].next;
			sibling(&flow[i].next, r);
		}
		flow[i].next.flow = (uint8_t)i;
		random_habits(&flow[i], r, t);
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

/* How many headers so far claim another version. */
static unsigned int one_version(struct ip *ip, unsigned int n)
{
	if (ip->version != 6 || ip->nibble == 6)
		return n;
	if (n)
		ip->nibble = 6;
	return n + 1;
}

/*
 * Of two IPv6 packets in a row that both claim another version Linux compares
 * what would be there in IPv4 headers. Nobody takes such packets.
 */
static void one_wrong_version(struct train *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->n; i++)
		n = one_version(&t->spec[i].shell.ip,
				one_version(&t->spec[i].ip, n));
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

/* A remote checksum is an unfinished one already, and of one packet. */
static void one_unfinished(struct train *t)
{
	for (unsigned int i = 0; i < t->n; i++)
		if (t->spec[i].partial || t->spec[i].gso)
			t->spec[i].shell.remcsum = false;
}

/* Of two that are equal older kernels say that they do not count. */
static void never_equal(struct ip *ip, uint16_t *last)
{
	ip->fragment &= (uint16_t)~DF;
	if (ip->id == *last)
		ip->id ^= FAR_AWAY;
	*last = ip->id;
}

static void leave_out_new(struct train *t)
{
	uint16_t last[TRAIN_FLOWS] = { 0 };

	for (unsigned int i = 0; i < t->n && t->old; i++) {
		t->spec[i].ip.fragment |= DF;
		t->spec[i].flags &= (uint16_t)~CWR;
		t->spec[i].start = 0;
		never_equal(&t->spec[i].shell.ip, &last[t->spec[i].flow]);
	}
}

void train_make(struct train *t, uint64_t seed, uint64_t number)
{
	struct flow flow[TRAIN_FLOWS];
	unsigned int flows;
	struct rnd r;

	rnd_seed(&r, seed, number);
	t->number = number;
	t->kind = pick_kind(&r, t);
	t->nodd = 0;
	t->n = random_count(&r, t->kind);
	t->step = rnd_chance(&r, 70) ? 0 : rnd_between(&r, 1, 700);
	t->late = rnd_chance(&r, 30);
	t->scatter = rnd_chance(&r, 50);
	flows = random_flows(&r, t->kind);
	make_flows(flow, flows, &r, t);
	take_turns(t, flow, flows, &r);
	if (rnd_chance(&r, ODD_PERCENT))
		train_odd(t, &r);
	one_wrong_version(t);
	one_unfinished(t);
	leave_out_new(t);
	only_lists(t);
	for (unsigned int i = 0; i < t->n; i++)
		train_build(t, i);
}

/* SPDX-License-Identifier: MIT */
/*
 * gro.c - packets in, superpackets out: who is held, and who leaves
 *
 * Theory of operation
 * -------------------
 * A packet arrives. Its flow is looked up; if it follows what is held, it joins
 * the chain. If not, what is held leaves, so that the order within the flow
 * stays; then the packet is held itself, or leaves behind it.
 *
 *	merged, more may come		nothing leaves
 *	merged, but the last one	held leaves
 *	not merged, may wait		held leaves, packet is held
 *	not merged, may not		held leaves, packet leaves
 *
 * Most packets follow the one before, which can be asked in no time (next.h).
 * Of others the shape of the last packet is tried before the headers are
 * walked: if the new one agrees with a held one under the mask, the walk could
 * not say anything else.
 *
 * (dev_gro_receive, tcp_gro_receive, udp_gro_receive_segment)
 */
#include "buckets.h"
#include "match.h"

#include <errno.h>

#include "../hash.h"
#include "../tunnel.h"

/* How many packets ahead headers are fetched into the cache. */
#define AHEAD 4

/* LINUX: by comparing headers, newest first. */
static uint32_t find_key(const struct segoff_gro *g, const struct arrival *a)
{
	const struct bucket *b = bucket_of(g, a->p->hash);

	for (uint32_t way = 0; way < b->n; way++) {
		const struct held *h = &g->held[b->at[way]];

		if (h->hash == a->p->hash && h->shape == a->shape &&
		    agree(h->first.at, a->h, a->shape->key, a->shape->fixed) &&
		    (!h->wrapped || segoff__outer_alike(h, a)))
			return b->at[way];
	}
	return NOBODY;
}

static uint32_t find(const struct segoff_gro *g, const struct arrival *a)
{
	return is_linux(g) ? find_key(g, a) : find_tag(g, a->hash);
}

/* What tells flows apart in the headers around the inner IP header. */
static uint64_t hash_outer(const struct segoff_gro *g,
			   const struct segoff__shape *s, const uint8_t *h)
{
	uint64_t sum = g->secret[1], w, key;

	for (uint32_t i = 0; i < s->nident; i++) {
		memcpy(&w, h + s->ident[i], 8);
		memcpy(&key, s->key + s->ident[i], 8);
		sum = segoff__mix(sum ^ (w & key), g->secret[2]);
	}
	return sum;
}

/*
 * A flow's addresses and ports, hashed. Of values that count up one product
 * makes others that count up, which may all meet; two do not.
 */
static uint64_t hash_of(const struct segoff_gro *g,
			const struct segoff__shape *s, const uint8_t *h)
{
	uint64_t w[4], sum;
	uint32_t ports;

	memcpy(&ports, h + s->l4, 4);
	sum = g->secret[0] ^ ((uint64_t)s->proto << 32 | ports);
	if (unlikely(is_tunnel(s)))
		sum ^= hash_outer(g, s, h);
	if (s->version == 4) {
		memcpy(w, h + s->l3 + 12, 8);
	} else {
		memcpy(w, h + s->l3 + 8, 32);
		sum = segoff__mix(sum ^ w[1], g->secret[1] ^ w[2]);
		sum = segoff__mix(sum ^ w[3], g->secret[2]);
	}
	sum = segoff__mix(sum, g->secret[3] ^ w[0]);
	return segoff__mix(sum, g->secret[1]);
}

/* How far the headers reach, and how much payload is behind them. */
static void measure(struct arrival *a)
{
	const struct segoff__shape *s = a->shape;

	a->hlen = s->fixed;
	if (s->proto == IPPROTO_NR_TCP)
		a->hlen = s->l4 + (a->h[s->l4 + TCP_DOFF_AT] >> 4) * 4u;
	a->payload = (uint32_t)(a->len - a->hlen);
}

/* Its own count of segments is believed if Linux would believe it. */
static void superpacket(const struct segoff_gro *g, struct arrival *a)
{
	const struct segoff_meta *m = a->p->meta;

	a->segs = 1;
	if (!m || !m->gso_size)
		return;
	a->gso_size = m->gso_size;
	a->segs = is_linux(g) ? m->gso_segs : 0;
	if (!a->segs)
		a->segs = (a->payload + a->gso_size - 1) / a->gso_size;
}

/* A place for another shape: a free one, or one that nobody has. */
static struct segoff__shape *free_shape(struct segoff_gro *g)
{
	if (g->nshape < SHAPES)
		return &g->shape[g->nshape++];
	for (uint32_t i = 0; i < SHAPES; i++)
		if (!g->shape[i].users)
			return &g->shape[i];
	segoff_gro_flush(g, UINT64_MAX);
	return g->shape;
}

static struct segoff__shape *
shape_of(struct segoff_gro *g, const struct segoff_stack *st, const uint8_t *h)
{
	uint32_t gre_sums = segoff__gre_sums(st, h);
	struct segoff__shape *s;

	for (uint32_t i = 0; i < g->nshape; i++)
		if (segoff__shape_is(&g->shape[i], st, gre_sums))
			return &g->shape[i];
	s = free_shape(g);
	segoff__shape_make(s, st, gre_sums, is_linux(g));
	return s;
}

/*
 * A datagram to the port of a tunnel, which is none of it: that was seen in its
 * payload, where no mask looks.
 */
static bool is_no_tunnel(const struct segoff_gro *g,
			 const struct segoff_stack *st, const uint8_t *h)
{
	const struct segoff_layer *l = segoff__last(st);

	return l->proto == SEGOFF_P_UDP &&
	       segoff__port_kind(g->o.ports, load16(h + l->off + 2)) !=
		       SEGOFF_P_NONE;
}

/* Headers that are not merged behind, whatever is there. */
static enum segoff_verdict declined(const struct segoff_gro *g,
				    const struct segoff_stack *st)
{
	unsigned int ips = 0;

	for (unsigned int i = 0; i < st->nlayer; i++) {
		unsigned int p = st->layer[i].proto;

		if (is_linux(g) && (p == SEGOFF_P_MPLS || p == SEGOFF_P_PPPOE))
			return SEGOFF_V_NOT_IP;
		ips += is_ip(p);
	}
	if (ips > SEGOFF_IP_MAX)
		return SEGOFF_V_DEPTH;
	if (ips > 1 && is_list(g))
		return SEGOFF_V_TUNNEL;
	if (st->payload > SHAPE_MAX)
		return SEGOFF_V_GRO_HEADERS;
	return st->fragment ? SEGOFF_V_FRAGMENT : SEGOFF_V_OK;
}

/* A part of TCP or UDP whose flow cannot be known: nobody is overtaken. */
static bool may_be_anyones(const struct segoff_stack *st)
{
	return st->ip_version &&
	       (st->end == SEGOFF_V_FRAGMENT || st->end == SEGOFF_V_TRUNCATED ||
		st->end == SEGOFF_V_TCP_HEADER);
}

/* There is no coalescing for SCTP, in Linux neither. */
static bool is_sctp(const struct segoff_stack *st)
{
	return st->ip_proto == IPPROTO_NR_SCTP &&
	       (st->end == SEGOFF_V_OK || st->end == SEGOFF_V_TRUNCATED);
}

/* Walk the headers. True: TCP or UDP is there, and its shape known. */
static bool walk(struct segoff_gro *g, struct arrival *a,
		 enum segoff_verdict *why)
{
	const struct segoff__route route = { .ports = g->o.ports,
					     .as_kernel = is_linux(g) };
	struct segoff_stack st;
	bool anyones;

	segoff__walk(&a->p->pkt, &route, &st);
	if (is_sctp(&st))
		st.end = SEGOFF_V_TRANSPORT;
	*why = st.end;
	if (segoff__has_l4(&st))
		*why = declined(g, &st);
	anyones = *why == SEGOFF_V_GRO_HEADERS || may_be_anyones(&st);
	if (*why == SEGOFF_V_OK && is_no_tunnel(g, &st, a->h)) {
		*why = SEGOFF_V_TUNNEL;
		anyones = true;
	}
	if (!is_linux(g) && anyones)
		segoff_gro_flush(g, UINT64_MAX);
	if (*why != SEGOFF_V_OK)
		return false;
	g->recent_shape = shape_of(g, &st, a->h);
	a->shape = g->recent_shape;
	a->remote = is_tunnel(a->shape) && segoff__is_remote(&a->p->pkt, &st);
	return true;
}

/* A new entry for this packet. */
static uint32_t enter(struct segoff_gro *g, const struct arrival *a)
{
	const struct segoff_gro_pkt *p = a->p;
	uint32_t i = take_held(g);
	struct held *h = &g->held[i];

	if (p->meta)
		h->meta = *p->meta;
	else
		memset(&h->meta, 0, sizeof(h->meta));
	h->first.at = a->h;
	h->first.len = (uint32_t)a->avail;
	h->first.niov = p->pkt.niov > 1 ? p->pkt.niov - 1 : 0;
	h->first.iov = h->first.niov ? p->pkt.iov + 1 : NULL;
	h->first.cookie = p->cookie;
	h->time = p->time;
	h->link = p->pkt.link;
	h->last = NOBODY;
	h->npkt = 1;
	h->count = a->segs;
	h->more = h->first.niov;
	h->then = NULL;
	h->full = 0;
	h->wrapped = h->tunnel = h->remote = false;
	h->hlen = 0;
	h->len = (uint32_t)a->len;
	return i;
}

/* A packet leaves as it came. */
static void pass(struct segoff_gro *g, const struct arrival *a)
{
	segoff__gro_ready(g, enter(g, a));
}

/* A plain one expects others like itself. */
static void expect_tcp(const struct segoff_gro *g, struct held *h,
		       const struct arrival *a)
{
	uint32_t limit = g->o.max_size;

	h->seq = load32(a->h + h->l4 + TCP_SEQ_AT) + a->payload;
	if (a->gso_size || is_list(g))
		return;
	/* its checksums may not be verified, or depend on all bytes */
	if (h->wrapped && (a->p->meta || h->remote))
		return;
	/* a follower has no CWR, so it is never like this one */
	if (a->h[h->l4 + TCP_FLAGS_AT] & TCP_CWR)
		return;
	h->full = (uint32_t)a->len;
	h->vouched = g->o.flags & SEGOFF_GRO_VOUCHED &&
		     (is_linux(g) || one_destination(h->shape));
	if (!h->vouched)
		h->pseudo = pseudo(a, h->full - h->l4);
	h->most = h->l2 + (limit < SIZE_LIMIT ? limit : SIZE_LIMIT);
}

/* What the next packet must bring. */
static void expect(const struct segoff_gro *g, struct held *h,
		   const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;

	h->shape = a->shape;
	h->shape->users++;
	h->wrapped = is_wrapped(s);
	h->tunnel = is_tunnel(s);
	h->remote = a->remote;
	if (h->wrapped)
		segoff__outer_hold(h, a);
	h->l3 = s->l3;
	h->l4 = s->l4;
	h->version = s->version;
	h->proto = s->proto;
	h->hlen = a->hlen;
	h->l2 = is_ip(s->layer[0].proto) ? 0 : s->layer[0].len;
	h->gso_size = a->gso_size ? a->gso_size : a->payload;
	h->fixed_id = !is_linux(g) && a->segs > 1 &&
		      a->p->meta->gso_type & SEGOFF_GSO_TCP_FIXEDID;
	h->flags = 0;
	if (s->version == 4)
		note_id(a->h + s->l3, &h->id, &h->id_check);
	h->full = 0;
	h->summed = a->summed;
	if (s->proto == IPPROTO_NR_TCP)
		expect_tcp(g, h, a);
}

/* It waits for those who follow; the oldest of a full bucket leaves. */
static void hold(struct segoff_gro *g, const struct arrival *a)
{
	uint64_t hash = is_linux(g) ? a->p->hash : a->hash;
	struct bucket *b = bucket_of(g, hash);
	uint32_t i = enter(g, a);

	expect(g, &g->held[i], a);
	segoff__gro_put(g, b, i, hash);
}

/* Is what is held complete with this packet? */
static bool is_last(const struct held *h, const struct arrival *a)
{
	if (a->shape->proto == IPPROTO_NR_UDP)
		return a->payload < h->gso_size || h->count == UDP_MOST;
	return !a->hold || a->payload < h->gso_size;
}

/* @payload bytes, which are @segs packets, are the end of the chain. */
static inline void append(struct segoff_gro *g, struct held *h,
			  const struct segoff_pkt *pkt, uint64_t cookie,
			  uint32_t payload, uint32_t segs)
{
	uint32_t k = take_member(g);
	struct member *m = &g->member[k];

	m->at = (const uint8_t *)pkt->iov[0].iov_base + h->hlen;
	m->len = (uint32_t)pkt->iov[0].iov_len - h->hlen;
	m->iov = pkt->iov + 1;
	m->niov = pkt->niov - 1;
	m->cookie = cookie;
	h->more += m->niov;
	if (h->last == NOBODY)
		h->first.next = k;
	else
		g->member[h->last].next = k;
	h->last = k;
	h->npkt++;
	h->count += segs;
	h->len += payload;
	h->seq += payload;
	if (g->recent && g->recent != h)
		g->recent->then = h;
	g->recent = h;
}

static void merge(struct segoff_gro *g, uint32_t i, const struct arrival *a)
{
	struct held *h = &g->held[i];

	append(g, h, &a->p->pkt, a->p->cookie, a->payload, a->segs);
	if (a->shape->proto == IPPROTO_NR_TCP)
		h->flags |= a->h[a->shape->l4 + TCP_FLAGS_AT] &
			    (TCP_FIN | TCP_PSH);
	if (is_last(h, a))
		segoff__gro_leave(g, i);
}

/* Would it agree without the reserved bit, which Linux does not compare? */
static bool agrees_but_reserved(const struct held *h, const struct arrival *a)
{
	const uint8_t *mask = h->shape->same;
	uint8_t copy[SHAPE_MAX];

	if (h->shape != a->shape || a->shape->version != 4 ||
	    a->hlen != h->hlen)
		return false;
	memcpy(copy, a->h, h->hlen);
	copy[h->l3 + 6u] &= 0x7f;
	return agree(copy, h->first.at, mask, h->hlen);
}

/*
 * Linux gives up on a datagram for a list if all of it follows but what is
 * known of its checksum, and then forgets what is held of its flow. A datagram
 * that may not be merged is treated so, too: its checksum was not verified.
 */
static bool overtakes(const struct segoff_gro *g, struct held *h,
		      const struct arrival *a)
{
	struct arrival b = *a;

	if (!is_list(g) || !is_linux(g) || a->shape->proto != IPPROTO_NR_UDP)
		return false;
	b.agrees = a->agrees || agrees_but_reserved(h, a);
	return follows(g, h, &b) == SEGOFF_V_GRO_SUMMED;
}

/* The packet's flow is known, and what is held of it. */
static enum segoff_verdict join(struct segoff_gro *g, struct arrival *a,
				uint32_t i)
{
	enum segoff_verdict why, is_sound;
	bool early = true;

	is_sound = sound(g, a, &early);
	if (is_sound != SEGOFF_V_OK && early && is_linux(g)) {
		pass(g, a);
		return is_sound;
	}
	why = is_sound;
	if (i != NOBODY && is_sound == SEGOFF_V_OK)
		why = follows(g, &g->held[i], a);
	if (i != NOBODY && why == SEGOFF_V_OK) {
		merge(g, i, a);
		return why;
	}
	if (i != NOBODY && overtakes(g, &g->held[i], a)) {
		pass(g, a);
		return why;
	}
	if (i != NOBODY)
		segoff__gro_leave(g, i);
	else if (why == SEGOFF_V_OK)
		why = a->payload ? SEGOFF_V_GRO_FIRST : SEGOFF_V_GRO_EMPTY;
	if (is_sound == SEGOFF_V_OK && a->hold)
		hold(g, a);
	else
		pass(g, a);
	return why;
}

/* Is it of the flow that is held as @i, as far as the mask can tell? */
static bool agrees_with(const struct segoff_gro *g, struct arrival *a,
			uint32_t i)
{
	const struct held *h = &g->held[i];

	if (i == NOBODY || a->avail < h->hlen || h->link != a->p->pkt.link ||
	    (is_linux(g) && h->hash != a->p->hash) ||
	    !agree(a->h, h->first.at, h->shape->same, h->hlen))
		return false;
	a->shape = h->shape;
	a->remote = h->remote;
	a->hash = h->hash;
	a->agrees = true;
	a->hlen = h->hlen;
	a->payload = (uint32_t)a->len - a->hlen;
	return true;
}

/* Quicker than asking whether they agree, and nearly as good. */
static inline bool same_ports(const struct held *h, const uint8_t *p,
			      size_t avail)
{
	return avail >= h->hlen && !memcmp(p + h->l4, h->first.at + h->l4, 4);
}

/*
 * The quick way: of the same flow as the last packet, or of the same shape. (To
 * Linux a tunnel with checksums is another flow than one without.)
 */
static uint32_t guess(const struct segoff_gro *g, struct arrival *a)
{
	const struct segoff__shape *s = g->recent_shape;
	const struct held *h = g->recent;
	uint32_t i;

	if (!g->nshape || a->avail < s->fixed)
		return NOBODY;
	if (h && same_ports(h, a->h, a->avail) &&
	    (!is_linux(g) || !h->wrapped || segoff__outer_alike(h, a)) &&
	    agrees_with(g, a, (uint32_t)(h - g->held)))
		return (uint32_t)(h - g->held);
	if (is_linux(g))
		return NOBODY;
	i = find_tag(g, hash_of(g, s, a->h));
	return agrees_with(g, a, i) ? i : NOBODY;
}

static enum segoff_verdict arrive(struct segoff_gro *g, struct arrival *a)
{
	uint32_t i = guess(g, a);
	enum segoff_verdict why;

	if (i != NOBODY) {
		superpacket(g, a);
		return join(g, a, i);
	}
	if (!walk(g, a, &why)) {
		pass(g, a);
		return why;
	}
	measure(a);
	superpacket(g, a);
	if (!is_linux(g))
		a->hash = hash_of(g, a->shape, a->h);
	i = find(g, a);
	agrees_with(g, a, i);
	return join(g, a, i);
}

/*
 * Flows come in turns: it is that of the last packet, or the one that came
 * after it the last time. Who has left expects nothing (full), and its packets
 * may be gone.
 */
static inline struct held *by_turns(const struct segoff_gro *g,
				    const uint8_t *p, size_t avail)
{
	struct held *h = g->recent;

	if (!h || same_ports(h, p, avail))
		return h;
	h = h->then;
	return h && h->full && same_ports(h, p, avail) ? h : NULL;
}

/* Whose next packet this is; NULL: everything has to be asked. */
static inline struct held *whose_next(const struct segoff_gro *g,
				      const struct segoff_gro_pkt *p,
				      size_t len)
{
	const struct segoff__shape *s = g->recent_shape;
	const uint8_t *at;
	struct held *h;
	size_t avail;
	uint32_t i;

	if (p->meta || !p->pkt.niov)
		return NULL;
	at = p->pkt.iov[0].iov_base;
	avail = p->pkt.iov[0].iov_len;
	h = by_turns(g, at, avail);
	if (!h) {
		if (is_linux(g) || !g->nshape || avail < s->fixed)
			return NULL;
		i = find_tag(g, hash_of(g, s, at));
		if (i == NOBODY)
			return NULL;
		h = &g->held[i];
	}
	return may_be_next(g, h, p, len) && is_next(g, h, p) ? h : NULL;
}

static void begin(struct arrival *a, const struct segoff_gro_pkt *p, size_t len)
{
	*a = (struct arrival){
		.p = p, .h = segoff__head(&p->pkt), .len = len, .segs = 1
	};
	if (p->pkt.niov)
		a->avail = p->pkt.iov[0].iov_len;
}

/* One that nobody expected: one entry for it, or one member. */
static int push_other(struct segoff_gro *g, struct segoff_gro_pkt *p,
		      size_t len)
{
	struct arrival a;

	if (!g->nfree_held)
		return -ENOBUFS;
	if (len >= UINT32_MAX)
		return -EMSGSIZE;
	begin(&a, p, len);
	p->why = arrive(g, &a);
	return 0;
}

static inline int push(struct segoff_gro *g, struct segoff_gro_pkt *p)
{
	size_t len = segoff__bytes(&p->pkt);
	struct held *h;

	if (unlikely(!g->nfree_member))
		return -ENOBUFS;
	h = whose_next(g, p, len);
	if (unlikely(!h))
		return push_other(g, p, len);
	append(g, h, &p->pkt, p->cookie, h->gso_size, 1);
	p->why = SEGOFF_V_OK;
	return 0;
}

int segoff_gro_push(struct segoff_gro *g, struct segoff_gro_pkt *p)
{
	return push(g, p);
}

size_t segoff_gro_push_batch(struct segoff_gro *g, struct segoff_gro_pkt *p,
			     size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i + AHEAD < n && p[i + AHEAD].pkt.niov)
			__builtin_prefetch(p[i + AHEAD].pkt.iov[0].iov_base);
		if (push(g, &p[i]))
			break;
	}
	return i;
}

void segoff_gro_flush_flow(struct segoff_gro *g, const struct segoff_gro_pkt *p)
{
	enum segoff_verdict why;
	struct arrival a;
	uint32_t i;

	begin(&a, p, segoff__bytes(&p->pkt));
	if (!walk(g, &a, &why))
		return;
	if (!is_linux(g))
		a.hash = hash_of(g, a.shape, a.h);
	i = find(g, &a);
	if (i != NOBODY)
		segoff__gro_leave(g, i);
}

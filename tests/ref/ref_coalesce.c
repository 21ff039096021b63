/* SPDX-License-Identifier: MIT */
/* ref_coalesce.c - what is merged, what is held, who leaves when */
#include <stdlib.h>
#include <string.h>

#include "ref_coalesce.h"

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define PSH 0x08
#define URG 0x20
#define CWR 0x80

#define PER_BUCKET 8
#define UDP_MOST   64
#define LIST_MOST  64

/* What the layers think of a packet that arrives. */
struct view {
	const struct ref_arrival *a;
	const uint8_t *at;
	size_t len;
	struct ref_head h;
	bool known; /* TCP or UDP is there, whole */
	bool early; /* R-GRO-9: it goes alone, and nobody looks for its flow */
	bool late; /* R-GRO-10: it goes alone, after what is held of its flow */
	size_t payload;
	bool super;
	size_t gso_size;
	size_t count;
	uint8_t summed; /* what is known of its checksum, if not early or late */
};

/* ------------------------------------------------------------- leaving */

static struct ref_held **end_of(struct ref_held **list)
{
	while (*list)
		list = &(*list)->next;
	return list;
}

static void as_it_came(struct ref_held *h)
{
	h->len = h->first->len;
	h->frame = malloc(h->len + 1);
	memcpy(h->frame, h->first->at, h->len);
}

static void leave(struct ref_gro *g, struct ref_held *h)
{
	for (struct ref_held **at = &g->held; *at; at = &(*at)->next)
		if (*at == h) {
			*at = h->next;
			break;
		}
	h->next = NULL;
	if (h->npkt > 1)
		ref_merged(h);
	else
		as_it_came(h);
	*end_of(&g->ready) = h;
}

struct ref_held *ref_gro_pop(struct ref_gro *g)
{
	struct ref_held *h = g->ready;

	if (h)
		g->ready = h->next;
	return h;
}

void ref_gro_done(struct ref_held *h)
{
	for (struct ref_one *o = h->first, *next; o; o = next) {
		next = o->next;
		free(o);
	}
	free(h->frame);
	free(h);
}

static unsigned int bucket(uint32_t hash)
{
	return hash % 8;
}

static struct ref_held *oldest(const struct ref_gro *g, unsigned int b)
{
	struct ref_held *h = g->held;

	while (h && bucket(h->hash) != b)
		h = h->next;
	return h;
}

/* Per bucket oldest first, buckets ascending. */
void ref_gro_flush(struct ref_gro *g, uint64_t until)
{
	struct ref_held *h;

	for (unsigned int b = 0; b < 8; b++)
		while ((h = oldest(g, b)) && h->time <= until)
			leave(g, h);
}

void ref_gro_free(struct ref_gro *g)
{
	struct ref_held *h;

	ref_gro_flush(g, UINT64_MAX);
	while ((h = ref_gro_pop(g)))
		ref_gro_done(h);
}

void ref_gro_init(struct ref_gro *g, const struct segoff_gro_opts *o)
{
	*g = (struct ref_gro){
		.udp = o->flags & SEGOFF_GRO_UDP,
		.list = o->flags & SEGOFF_GRO_FRAGLIST,
		.vouched = o->flags & SEGOFF_GRO_VOUCHED,
		.max_size = o->max_size ? o->max_size : 65536,
	};
	if (g->max_size > 524281)
		g->max_size = 524281;
}

/* -------------------------------------------------------------- layers */

/* R-GRO-9, R-GRO-10 */
static void ipv4(struct view *v)
{
	const uint8_t *ip = v->at + v->h.net;

	if (ip[0] != 0x45 || ref_fold(ref_sum(ip, 20)) != 0xffff)
		v->early = true;
	else if (ref_get16(ip + 2) != v->len - v->h.net ||
		 ref_get16(ip + 6) & 0x8000)
		v->late = true;
}

static void ipv6(struct view *v)
{
	if (ref_get16(v->at + v->h.net + 4) != v->len - v->h.net - 40u)
		v->late = true;
}

/* R-GRO-20 */
static void superpacket(const struct ref_gro *g, struct view *v)
{
	const uint32_t tcp = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6;
	const struct segoff_meta *m = v->a->meta;

	v->count = 1;
	if (!m || !m->gso_size)
		return;
	v->super = true;
	v->gso_size = m->gso_size;
	v->count = m->gso_segs;
	/* Decision: a number that was not computed is computed. */
	if (!v->count)
		v->count = (v->payload + m->gso_size - 1) / m->gso_size;
	/* Decision: what is put into a list is a packet. */
	if (g->list || !(m->gso_type & tcp) || m->gso_type & SEGOFF_GSO_DODGY)
		v->late = true;
}

/* Has anybody said that it is right, or is to be made right? */
static bool is_vouched(const struct ref_gro *g, const struct view *v)
{
	const struct segoff_meta *m = v->a->meta;

	if (g->vouched)
		return true;
	if (!m)
		return false;
	if (m->ip_summed == SEGOFF_CHECKSUM_PARTIAL)
		return m->csum_start >= v->h.th;
	return m->ip_summed == SEGOFF_CHECKSUM_UNNECESSARY;
}

static bool sum_is_wrong(const struct ref_gro *g, const struct view *v)
{
	struct ref_walk w;
	uint64_t sum;

	if (is_vouched(g, v))
		return false;
	ref_walk(&v->a->p, &w);
	sum = ref_pseudo(&v->a->p, &w, false, v->len - v->h.th) +
	      ref_sum(v->at + v->h.th, v->len - v->h.th);
	return ref_fold(sum) != 0xffff;
}

/* R-GRO-16 */
static void udp(const struct ref_gro *g, struct view *v)
{
	const uint8_t *h = v->at + v->h.th;
	size_t len = ref_get16(h + 4);

	if (!g->udp || !ref_get16(h + 6) || len <= 8 || len != v->len - v->h.th)
		v->early = true;
}

/* Where the payload starts; 0: the transport header is not there. */
static size_t data_at(const struct ref_arrival *a, const struct ref_walk *w)
{
	size_t there = a->p.len - w->th, len = 8;

	if (w->proto == 6)
		len = there < 20 ? 0 : (size_t)(a->p.at[w->th + 12] >> 4) * 4;
	if (len > there || len < (w->proto == 6 ? 20 : 8))
		return 0;
	return w->th + len;
}

/* Of IPv6 the walk says so itself. */
static bool is_fragment(const struct view *v, const struct ref_walk *w)
{
	return w->version == 4 && ref_get16(v->at + w->net + 6) & 0x3fff;
}

/*
 * Is there a whole TCP or UDP header? The version of IPv6 is that of the link
 * header, whatever its first four bits say. Decision: headers longer than 512
 * bytes are not merged (SEGOFF_V_GRO_HEADERS).
 */
static bool find_headers(struct view *v)
{
	size_t data;
	struct ref_walk w;

	if (ref_walk(&v->a->p, &w) != SEGOFF_V_OK || is_fragment(v, &w))
		return false;
	if (w.proto == 132) /* nobody merges it */
		return false;
	data = data_at(v->a, &w);
	if (!data || data > 512)
		return false;
	v->h = (struct ref_head){ .version = w.version,
				  .proto = w.proto,
				  .tags_at = w.net - 4 * w.ntag,
				  .net = w.net,
				  .th = w.th,
				  .data = data };
	v->payload = v->len - data;
	return true;
}

static void look(const struct ref_gro *g, const struct ref_arrival *a,
		 struct view *v)
{
	*v = (struct view){ .a = a, .at = a->p.at, .len = a->p.len };
	v->known = find_headers(v);
	v->early = !v->known;
	if (!v->known)
		return;
	if (v->h.version == 4)
		ipv4(v);
	else
		ipv6(v);
	if (v->h.proto == 17)
		udp(g, v);
	superpacket(g, v);
	v->summed = a->meta ? a->meta->ip_summed : SEGOFF_CHECKSUM_NONE;
	/* not worth verifying if it goes alone */
	if (!v->late && sum_is_wrong(g, v))
		v->early = true;
	if (v->summed == SEGOFF_CHECKSUM_NONE && (!v->late || g->vouched))
		v->summed = SEGOFF_CHECKSUM_UNNECESSARY;
}

/* -------------------------------------------------------- whose packet? */

/* Bytes of both, @from to @to of their IP headers. */
static bool same(const struct ref_held *p, const struct view *v, size_t from,
		 size_t to)
{
	return !memcmp(p->first->at + p->h.net + from, v->at + v->h.net + from,
		       to - from);
}

/* R-GRO-7, R-GRO-11: version, flow label, addresses, extension headers. */
static bool same_ipv6(const struct ref_held *p, const struct view *v)
{
	uint32_t a = ref_get32(p->first->at + p->h.net);
	uint32_t b = ref_get32(v->at + v->h.net);

	return !((a ^ b) & 0xf00fffff) && same(p, v, 6, 7) &&
	       same(p, v, 8, 40) && same(p, v, 40, v->h.th - v->h.net);
}

/* R-GRO-19 and the candidate rules of each layer. */
static bool candidate(const struct ref_held *p, const struct view *v)
{
	if (p->hash != v->a->hash || p->link != v->a->p.link ||
	    p->h.net != v->h.net || p->h.th != v->h.th ||
	    p->h.version != v->h.version || p->h.proto != v->h.proto ||
	    memcmp(p->first->at, v->at, v->h.net) != 0)
		return false;
	if (v->h.version == 4 ? !same(p, v, 12, 20) : !same_ipv6(p, v))
		return false;
	return !memcmp(p->first->at + p->h.th, v->at + v->h.th, 4);
}

static struct ref_held *newest(const struct ref_gro *g, const struct view *v)
{
	struct ref_held *found = NULL;

	for (struct ref_held *p = g->held; p; p = p->next)
		if (candidate(p, v))
			found = p;
	return found;
}

/* ----------------------------------------------------------- may it join? */

/* R-GRO-8 */
static bool id_fits(struct ref_held *p, const struct view *v)
{
	uint16_t a = ref_get16(p->first->at + p->h.net + 4);
	uint16_t d = (uint16_t)(ref_get16(v->at + v->h.net + 4) - a);

	if (p->count == 1 && d == 0)
		p->fixed_id = true;
	return d == (p->fixed_id ? 0 : p->count % 65536);
}

/* R-GRO-7 */
static bool network_fits(struct ref_held *p, const struct view *v)
{
	const uint8_t *a = p->first->at + p->h.net, *b = v->at + v->h.net;

	if (v->h.version == 6)
		return !((ref_get32(a) ^ ref_get32(b)) & 0x0ff00000) &&
		       a[7] == b[7];
	return a[1] == b[1] && a[8] == b[8] && !((a[6] ^ b[6]) & 0x40) &&
	       id_fits(p, v);
}

/*
 * R-GRO-13, R-GRO-14. Decision: VLAN tags in the frame count, as they do in
 * Linux, where the link header ends before them; and no more segments than
 * their number can say.
 */
static bool size_fits(const struct ref_gro *g, const struct ref_held *p,
		      const struct view *v)
{
	size_t len = p->h.data - p->h.tags_at + p->payload + v->payload;

	/* R-GRO-17: all of the member counts, and no other limit */
	if (g->list)
		return p->count < LIST_MOST &&
		       len - v->payload + v->len - v->h.tags_at < 65536;
	if (len >= g->max_size || p->count + v->count > 65535)
		return false;
	return len <= 65535 || v->h.proto == 6;
}

/* R-GRO-4, R-GRO-5; the urgent pointer is not compared. */
static bool tcp_header_fits(const struct ref_held *p, const struct view *v)
{
	const uint8_t *a = p->first->at + p->h.th, *b = v->at + v->h.th;

	if (b[13] & CWR || a[12] != b[12] || (a[13] ^ b[13]) & ~(FIN | PSH))
		return false;
	if (ref_get32(a + 8) != ref_get32(b + 8) ||
	    ref_get16(a + 14) != ref_get16(b + 14))
		return false;
	return !memcmp(a + 20, b + 20, v->h.data - v->h.th - 20);
}

/* R-GRO-2, R-GRO-6 */
static bool tcp_fits(const struct ref_held *p, const struct view *v)
{
	uint32_t a = ref_get32(p->first->at + p->h.th + 4);
	uint32_t b = ref_get32(v->at + v->h.th + 4);

	if (!tcp_header_fits(p, v) || v->payload == 0)
		return false;
	if (v->super ? v->gso_size != p->gso_size : v->payload > p->gso_size)
		return false;
	return b == a + (uint32_t)p->payload;
}

/* R-GRO-17 */
static bool list_fits(const struct ref_held *p, const struct view *v)
{
	const uint8_t *a = p->first->at + p->h.th, *b = v->at + v->h.th;

	return p->summed == v->summed &&
	       (v->h.proto == 17 || !((a[13] ^ b[13]) & (FIN | PSH)));
}

static bool fits(const struct ref_gro *g, struct ref_held *p,
		 const struct view *v)
{
	if (v->late || !network_fits(p, v))
		return false;
	if (v->h.proto == 6 ? !tcp_fits(p, v) : v->payload > p->gso_size)
		return false;
	return size_fits(g, p, v) && (!g->list || list_fits(p, v));
}

/*
 * A datagram of which nothing differs but what is known of its checksum goes
 * alone, and what is held of its flow stays. That of one that may not be
 * merged was not verified.
 */
static bool is_forgotten(const struct ref_gro *g, struct ref_held *p,
			 const struct view *v)
{
	return g->list && v->h.proto == 17 && v->payload <= p->gso_size &&
	       network_fits(p, v) && p->summed != v->summed;
}

/* Nothing may follow this one. @g: what a full packet has */
static bool is_end(const struct view *v, size_t full)
{
	if (v->h.proto == 17)
		return v->payload < full;
	if (v->at[v->h.th + 13] & (URG | PSH | RST | SYN | FIN))
		return true;
	/* Decision: a superpacket without payload does not wait for more. */
	if (v->super && v->payload)
		return v->payload != v->count * v->gso_size;
	return v->payload < full;
}

/* -------------------------------------------------------------- arriving */

static void add(struct ref_held *h, const struct view *v)
{
	struct ref_one *o = malloc(sizeof(*o) + v->len + 1);

	o->next = NULL;
	o->cookie = v->a->cookie;
	o->len = v->len;
	if (v->len)
		memcpy(o->at, v->at, v->len);
	if (h->last)
		h->last->next = o;
	else
		h->first = o;
	h->last = o;
	h->npkt++;
	h->count += v->count;
	h->payload += v->payload;
}

static struct ref_held *alone(const struct ref_gro *g, const struct view *v)
{
	struct ref_held *h = calloc(1, sizeof(*h));

	h->h = v->h;
	h->link = v->a->p.link;
	h->time = v->a->time;
	h->hash = v->a->hash;
	if (v->a->meta)
		h->meta = *v->a->meta;
	h->list = g->list;
	h->summed = v->summed;
	h->gso_size = v->super ? v->gso_size : v->payload;
	add(h, v);
	return h;
}

/* R-GRO-12 */
static void hold(struct ref_gro *g, struct ref_held *h)
{
	unsigned int n = 0;

	for (const struct ref_held *p = g->held; p; p = p->next)
		n += bucket(p->hash) == bucket(h->hash);
	if (n == PER_BUCKET)
		leave(g, oldest(g, bucket(h->hash)));
	*end_of(&g->held) = h;
}

static bool merge(struct ref_gro *g, struct ref_held *p, const struct view *v)
{
	add(p, v);
	if (is_end(v, p->gso_size) ||
	    (v->h.proto == 17 && p->count >= UDP_MOST))
		leave(g, p);
	return true;
}

bool ref_gro_push(struct ref_gro *g, const struct ref_arrival *a)
{
	struct ref_held *p;
	struct view v;

	look(g, a, &v);
	if (v.early) {
		leave(g, alone(g, &v));
		return false;
	}
	p = newest(g, &v);
	if (p && fits(g, p, &v))
		return merge(g, p, &v);
	if (p && is_forgotten(g, p, &v)) {
		leave(g, alone(g, &v));
		return false;
	}
	if (p)
		leave(g, p);
	if (v.late || is_end(&v, 1))
		leave(g, alone(g, &v));
	else
		hold(g, alone(g, &v));
	return false;
}

void ref_gro_flush_flow(struct ref_gro *g, const struct ref_arrival *a)
{
	struct ref_held *p;
	struct view v;

	look(g, a, &v);
	p = v.known ? newest(g, &v) : NULL;
	if (p)
		leave(g, p);
}

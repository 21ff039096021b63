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
		.ports = o->ports,
		.max_size = o->max_size ? o->max_size : 65536,
	};
	if (g->max_size > 524281)
		g->max_size = 524281;
}

/* -------------------------------------------------------- whose packet? */

/* R-GRO-19 and the candidate rules of each layer. */
static bool candidate(const struct ref_held *p, const struct ref_view *v)
{
	if (p->hash != v->a->hash || p->link != v->a->p.link ||
	    p->h.net != v->h.net || p->h.th != v->h.th ||
	    p->h.version != v->h.version || p->h.proto != v->h.proto ||
	    p->h.outer != v->h.outer ||
	    memcmp(p->first->at, v->at, v->h.outer) != 0 ||
	    !ref_outer_candidate(p, v))
		return false;
	if (!ref_same_ip(p, v, v->h.version, v->h.net, v->h.th))
		return false;
	return !memcmp(p->first->at + p->h.th, v->at + v->h.th, 4);
}

static struct ref_held *newest(const struct ref_gro *g,
			       const struct ref_view *v)
{
	struct ref_held *found = NULL;

	for (struct ref_held *p = g->held; p; p = p->next)
		if (candidate(p, v))
			found = p;
	return found;
}

/* ----------------------------------------------------------- may it join? */

/* R-GRO-7, R-GRO-8: of every IP header, each with its own mode. */
static bool network_fits(struct ref_held *p, const struct ref_view *v)
{
	return ref_outer_fits(p, v) &&
	       ref_ip_fits(p, v, v->h.version, v->h.net, &p->fixed_id);
}

/*
 * R-GRO-13, R-GRO-14. Decision: VLAN tags in the frame count, as they do in
 * Linux, where the link header ends before them; and no more segments than
 * their number can say. Nothing in a tunnel is above 64 KB.
 */
static bool size_fits(const struct ref_gro *g, const struct ref_held *p,
		      const struct ref_view *v)
{
	size_t len = p->h.data - p->h.tags_at + p->payload + v->payload;

	/* R-GRO-17: all of the member counts, and no other limit */
	if (g->list)
		return p->count < LIST_MOST &&
		       len - v->payload + v->len - v->h.tags_at < 65536;
	if (len >= g->max_size || p->count + v->count > 65535)
		return false;
	return len <= 65535 || (v->h.proto == 6 && !v->h.n);
}

/* R-GRO-4, R-GRO-5; the urgent pointer is not compared. */
static bool tcp_header_fits(const struct ref_held *p, const struct ref_view *v)
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
static bool tcp_fits(const struct ref_held *p, const struct ref_view *v)
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
static bool list_fits(const struct ref_held *p, const struct ref_view *v)
{
	const uint8_t *a = p->first->at + p->h.th, *b = v->at + v->h.th;

	return p->summed == v->summed &&
	       (v->h.proto == 17 || !((a[13] ^ b[13]) & (FIN | PSH)));
}

static bool fits(const struct ref_gro *g, struct ref_held *p,
		 const struct ref_view *v)
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
			 const struct ref_view *v)
{
	return g->list && v->h.proto == 17 && v->payload <= p->gso_size &&
	       network_fits(p, v) && p->summed != v->summed;
}

/* Nothing may follow this one. @g: what a full packet has */
static bool is_end(const struct ref_view *v, size_t full)
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

static void add(struct ref_held *h, const struct ref_view *v)
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

static struct ref_held *alone(const struct ref_gro *g, const struct ref_view *v)
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

static bool merge(struct ref_gro *g, struct ref_held *p,
		  const struct ref_view *v)
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
	struct ref_view v;

	ref_look(g, a, &v);
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
	struct ref_view v;

	ref_look(g, a, &v);
	p = v.known ? newest(g, &v) : NULL;
	if (p)
		leave(g, p);
}

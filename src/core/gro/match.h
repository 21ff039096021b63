/* SPDX-License-Identifier: MIT */
/*
 * match.h - may this packet be merged, and does it follow?
 *
 * Theory of operation
 * -------------------
 * A packet is sound if what a superpacket cannot carry is as segmentation will
 * make it: lengths that say what is there, checksums that are right, no IP
 * options, no fragment. It follows what is held of its flow if its header
 * agrees under the shape's mask and what moves has moved as the tables say:
 * the sequence number by the payload, the identification by one or not at all.
 *
 * Linux gives up early on some unsound packets, before it looks for their flow:
 * those overtake what is held of it. LOSSLESS has no such thing.
 *
 * This is a header because gro.c asks for every packet, and is a tenth faster
 * if it need not call.
 */
#ifndef SEGOFF_CORE_GRO_MATCH_H
#define SEGOFF_CORE_GRO_MATCH_H

#include "next.h"
#include "outer.h"
#include "state.h"

#include <segoff/csum.h>

#include "../pieces.h"
#include "../pseudo.h"

#define IP_RESERVED 0x8000

/* The one's complement sum over the transport header and payload. */
static inline uint16_t transport_sum(const struct segoff_gro *g,
				     const struct arrival *a, uint32_t len)
{
	struct segoff__cursor c;

	if (a->has_sum)
		return a->sum;
	if (a->avail >= a->shape->l4 + (size_t)len)
		return (uint16_t)g->cpu->sum(a->h + a->shape->l4, len);
	c = cursor_at(&a->p->pkt, a->shape->l4);
	return cursor_sum(&c, len, g->cpu);
}

static inline uint32_t pseudo(const struct arrival *a, uint32_t len)
{
	const struct segoff__shape *s = a->shape;

	return words32(len) + segoff__pseudo(a->h + s->l3, s->l4 - s->l3,
					     s->version, s->proto, false);
}

/* Can no Routing header name another than the IP header does? */
static inline bool one_destination(const struct segoff__shape *s)
{
	return s->version == 4 || s->l4 - s->l3 == IPV6_LEN;
}

/*
 * A PARTIAL sum waits to be finished. Linux believes any that begins at the
 * transport header or behind it; LOSSLESS the one that segmentation leaves. A
 * seed that is something else is made anew if it is not in a tunnel, too.
 */
static inline bool unfinished(const struct segoff_gro *g,
			      const struct arrival *a, uint32_t at,
			      uint32_t len)
{
	const struct segoff_meta *m = a->p->meta;
	uint16_t l4 = a->shape->l4;

	if (is_linux(g))
		return m->csum_start >= l4;
	return m->csum_start == l4 && m->csum_start + m->csum_offset == at &&
	       ((one_destination(a->shape) && !is_tunnel(a->shape)) ||
		load_word(a->h + at) == fold32(pseudo(a, len)));
}

/* skb_gro_checksum_validate_needed */
static inline bool vouched(const struct segoff_gro *g, const struct arrival *a)
{
	if (!is_linux(g) && !one_destination(a->shape))
		return false;
	return g->o.flags & SEGOFF_GRO_VOUCHED ||
	       (a->p->meta &&
		a->p->meta->ip_summed == SEGOFF_CHECKSUM_UNNECESSARY);
}

/* It is not right: is it what a sender's own capture shows, or damage? */
static inline enum segoff_verdict not_right(const struct arrival *a)
{
	struct segoff_csum_report r;

	return segoff_csum_verify(&a->p->pkt, NULL, &r) == SEGOFF_CSUM_PARTIAL ?
		       SEGOFF_V_GRO_PARTIAL :
		       SEGOFF_V_GRO_CSUM;
}

/*
 * A remote checksum is the seed, and the outer one covers it. Linux takes that
 * for proof, so there must be one (vxlan_gro_remcsum, gue_gro_remcsum).
 */
static inline enum segoff_verdict remote_csum(const struct segoff_gro *g,
					      const struct arrival *a,
					      uint32_t at, uint32_t len)
{
	const struct segoff__shape *s = a->shape;

	if (!is_linux(g)) {
		if (a->p->meta &&
		    a->p->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL)
			return SEGOFF_V_GRO_PARTIAL; /* finished by two */
		return load_word(a->h + at) == fold32(pseudo(a, len)) ?
			       SEGOFF_V_OK :
			       SEGOFF_V_GRO_CSUM;
	}
	return s->ncover && load_word(a->h + s->cover[0].check) ?
		       SEGOFF_V_OK :
		       SEGOFF_V_GRO_CSUM_NONE;
}

/*
 * RFC 9293 3.1, RFC 768. What comes back from segmentation is one form of zero:
 * 0x0000 for TCP, 0xffff for UDP.
 */
static inline enum segoff_verdict transport_csum(const struct segoff_gro *g,
						 const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;
	bool tcp = s->proto == IPPROTO_NR_TCP;
	uint32_t at = (uint32_t)s->l4 + (tcp ? TCP_CHECK_AT : UDP_CHECK_AT);
	uint32_t len = (uint32_t)a->len - s->l4;

	if (unlikely(a->remote))
		return remote_csum(g, a, at, len);
	if (a->p->meta && a->p->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL) {
		if (unfinished(g, a, at, len))
			return SEGOFF_V_OK;
		if (!is_linux(g)) /* whatever it waits for, it is lost */
			return not_right(a);
	}
	if (!is_linux(g) && tcp && load_word(a->h + at) == 0xffff)
		return SEGOFF_V_GRO_CSUM_FORM;
	if (vouched(g, a) ||
	    fold32(transport_sum(g, a, len) + pseudo(a, len)) == 0xffff)
		return SEGOFF_V_OK;
	return not_right(a);
}

/* Sum of an IPv4 header without options. */
static inline uint16_t header_sum(const uint8_t *p)
{
	uint64_t a, b, s;
	uint32_t c;

	memcpy(&a, p, 8);
	memcpy(&b, p + 8, 8);
	memcpy(&c, p + 16, 4);
	s = (a & 0xffffffff) + (a >> 32) + (b & 0xffffffff) + (b >> 32) + c;
	s = (s & 0xffffffff) + (s >> 32);
	return fold32((uint32_t)(s & 0xffff) + (uint32_t)(s >> 16));
}

/* inet_gro_receive */
static inline enum segoff_verdict ipv4(const struct segoff_gro *g,
				       const struct arrival *a, bool *early)
{
	const uint8_t *ip = a->h + a->shape->l3;

	*early = true;
	if (ip[0] >> 4 != 4)
		return SEGOFF_V_IP_HEADER;
	if (a->shape->l4 - a->shape->l3 != IPV4_MIN)
		return SEGOFF_V_GRO_IP_OPTIONS;
	if (header_sum(ip) != 0xffff)
		return SEGOFF_V_GRO_CSUM;
	*early = false;
	if (load16(ip + 2) != a->len - a->shape->l3)
		return SEGOFF_V_GRO_LENGTH;
	if (load16(ip + 6) & IP_RESERVED)
		return SEGOFF_V_GRO_RESERVED;
	if (!is_linux(g) && load_word(ip + 10) == 0xffff)
		return SEGOFF_V_GRO_CSUM_FORM;
	return SEGOFF_V_OK;
}

/* ipv6_gro_receive */
static inline enum segoff_verdict ipv6(const struct arrival *a, bool *early)
{
	const uint8_t *ip = a->h + a->shape->l3;

	*early = false;
	if (load16(ip + 4) != a->len - a->shape->l3 - IPV6_LEN)
		return SEGOFF_V_GRO_LENGTH;
	return SEGOFF_V_OK;
}

/* What is asked of any datagram (udp_gro_receive, udp_gro_receive_segment). */
static inline enum segoff_verdict datagram(const struct segoff_gro *g,
					   const struct arrival *a)
{
	const uint8_t *udp = a->h + a->shape->l4;
	uint32_t len = load16(udp + UDP_LEN_AT);

	if (!(g->o.flags & SEGOFF_GRO_UDP))
		return SEGOFF_V_GRO_UDP_OFF;
	if (!load_word(udp + UDP_CHECK_AT))
		return SEGOFF_V_GRO_CSUM_NONE;
	if (len <= UDP_LEN)
		return SEGOFF_V_GRO_EMPTY;
	if (len != a->len - a->shape->l4)
		return SEGOFF_V_GRO_LENGTH;
	return SEGOFF_V_OK;
}

static inline enum segoff_verdict udp(const struct segoff_gro *g,
				      struct arrival *a)
{
	enum segoff_verdict why = datagram(g, a);

	if (why != SEGOFF_V_OK)
		return why;
	a->hold = true;
	return transport_csum(g, a);
}

/* What Linux needs before it can look at the flow. */
static inline enum segoff_verdict tcp(const struct segoff_gro *g,
				      struct arrival *a)
{
	uint8_t flags = a->h[a->shape->l4 + TCP_FLAGS_AT];
	enum segoff_verdict why = transport_csum(g, a);

	a->hold = a->payload && !(flags & TCP_ENDS);
	if (a->gso_size && a->payload != a->segs * a->gso_size)
		a->hold = false;
	return why;
}

/* LOSSLESS: what a merged superpacket says as well as this one does. */
static inline bool can_say(const struct segoff_gro *g, const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;
	uint32_t type = a->p->meta->gso_type;
	uint32_t tcp = s->version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
	uint32_t known = tcp | SEGOFF_GSO_DODGY | SEGOFF_GSO_TCP_ECN;

	if (!(g->o.flags & SEGOFF_GRO_COUNT_ID))
		known |= SEGOFF_GSO_TCP_FIXEDID;
	/* and whose checksums are about one destination */
	return type & tcp && !(type & ~known) && one_destination(s);
}

/* dev_gro_receive: which superpackets may be merged further? */
static inline enum segoff_verdict super(const struct segoff_gro *g,
					const struct arrival *a)
{
	bool can;

	if (!a->gso_size)
		return SEGOFF_V_OK;
	if (!is_linux(g) && is_wrapped(a->shape))
		return SEGOFF_V_GRO_SUPER;
	if (is_list(g)) /* a member is a packet */
		return SEGOFF_V_GRO_SUPER;
	can = is_linux(g) ? !(a->p->meta->gso_type & SEGOFF_GSO_DODGY) :
			    can_say(g, a);
	return can && a->shape->proto == IPPROTO_NR_TCP ? SEGOFF_V_OK :
							  SEGOFF_V_GRO_SUPER;
}

/* What is known of a checksum before it is looked at. */
static inline uint8_t said_of_sum(const struct segoff_gro *g,
				  const struct arrival *a)
{
	uint8_t said = a->p->meta ? a->p->meta->ip_summed : 0;

	return said == SEGOFF_CHECKSUM_NONE && g->o.flags & SEGOFF_GRO_VOUCHED ?
		       SEGOFF_CHECKSUM_UNNECESSARY :
		       said;
}

/**
 * sound() - is this a packet that may be merged or held?
 * @g: state
 * @a: a packet whose shape is known; a->hlen, payload, segs, hold are set
 * @early: receives whether Linux gives up before it looks for the flow
 *
 * Return: SEGOFF_V_OK, or why it must go alone.
 */
static inline enum segoff_verdict sound(const struct segoff_gro *g,
					struct arrival *a, bool *early)
{
	enum segoff_verdict why, outer = SEGOFF_V_OK;

	a->hold = false;
	a->summed = said_of_sum(g, a);
	if (unlikely(is_wrapped(a->shape))) {
		outer = segoff__outer_sound(g, a, early);
		if (outer != SEGOFF_V_OK && *early)
			return outer;
	}
	why = a->shape->version == 4 ? ipv4(g, a, early) : ipv6(a, early);
	if (why == SEGOFF_V_OK)
		why = super(g, a);
	if (why == SEGOFF_V_OK && is_linux(g))
		why = outer; /* no checksum is verified any more */
	if (why != SEGOFF_V_OK) {
		/* the flow of a datagram is looked for if UDP likes it */
		if (a->shape->proto == IPPROTO_NR_UDP)
			*early |= datagram(g, a) != SEGOFF_V_OK;
		return why;
	}
	*early = true;
	why = a->shape->proto == IPPROTO_NR_TCP ? tcp(g, a) : udp(g, a);
	/* it was found right (__skb_incr_checksum_unnecessary) */
	if (why == SEGOFF_V_OK && a->summed == SEGOFF_CHECKSUM_NONE)
		a->summed = SEGOFF_CHECKSUM_UNNECESSARY;
	if (why != SEGOFF_V_OK || outer == SEGOFF_V_OK)
		return why;
	*early = false;
	return outer;
}

/* The segments of this superpacket have equal identifications. */
static inline bool fixed_ids(const struct arrival *a)
{
	return a->p->meta->gso_type & SEGOFF_GSO_TCP_FIXEDID;
}

/* inet_gro_flush: the second packet decides between counting and staying. */
static inline bool id_follows(const struct segoff_gro *g, struct held *h,
			      const struct arrival *a)
{
	uint16_t d;

	if (a->shape->version != 4)
		return true;
	d = (uint16_t)(load16(a->h + a->shape->l3 + 4) - h->id);
	if (h->count == 1 && !d && !(g->o.flags & SEGOFF_GRO_COUNT_ID))
		h->fixed_id = true;
	if (!is_linux(g) && a->segs > 1 && h->fixed_id != fixed_ids(a))
		return false;
	return d == id_step(h);
}

/* Linux counts all of the member, and no limit but this (skb_gro_receive_list) */
static inline bool list_has_room(const struct segoff_gro *g,
				 const struct held *h, const struct arrival *a)
{
	uint32_t len = h->len - h->l2;

	if (h->count >= LIST_MOST)
		return false;
	if (is_linux(g))
		return len + (a->len - h->l2) < SIZE_LIMIT;
	return len + a->payload < SIZE_LIMIT &&
	       len + a->payload < g->o.max_size;
}

static inline bool room_for(const struct segoff_gro *g, const struct held *h,
			    const struct arrival *a)
{
	const struct segoff__shape *s = a->shape;
	uint32_t len = h->len - h->l2 + a->payload;

	if (is_list(g))
		return list_has_room(g, h, a);
	if (len >= g->o.max_size || h->count + a->segs > UINT16_MAX)
		return false;
	if (len < SIZE_LIMIT)
		return true;
	/* segmentation takes the BIG TCP header out if it is the only one */
	return !is_wrapped(s) && s->proto == IPPROTO_NR_TCP &&
	       (is_linux(g) || s->version == 4 || s->l4 - s->l3 == IPV6_LEN);
}

/* tcp_gro_receive */
static inline enum segoff_verdict tcp_follows(const struct segoff_gro *g,
					      const struct held *h,
					      const struct arrival *a)
{
	const uint8_t *th = a->h + a->shape->l4;
	uint8_t no = TCP_CWR;

	if (is_list(g)) /* the first one has none of these */
		no |= TCP_FIN | TCP_PSH;
	if (th[TCP_FLAGS_AT] & no)
		return SEGOFF_V_GRO_FLAGS;
	if (!a->payload)
		return SEGOFF_V_GRO_EMPTY;
	if (a->gso_size ? a->gso_size != h->gso_size : a->payload > h->gso_size)
		return SEGOFF_V_GRO_LARGER;
	if (load32(th + TCP_SEQ_AT) != h->seq)
		return SEGOFF_V_GRO_SEQ;
	return SEGOFF_V_OK;
}

/**
 * follows() - is it the next packet of what is held?
 * @g: state
 * @h: what is held of its flow; its fixed_id is set by the second packet
 * @a: a sound packet
 *
 * Return: SEGOFF_V_OK, or why not.
 */
static inline enum segoff_verdict
follows(const struct segoff_gro *g, struct held *h, const struct arrival *a)
{
	enum segoff_verdict why = SEGOFF_V_OK;

	if (!a->agrees) {
		if (h->shape != a->shape || h->link != a->p->pkt.link)
			return SEGOFF_V_GRO_LINK;
		return segoff__shape_differs(a->shape, h->first.at, a->h);
	}
	if (a->shape->proto == IPPROTO_NR_TCP)
		why = tcp_follows(g, h, a);
	else if (a->payload > h->gso_size)
		why = SEGOFF_V_GRO_LARGER;
	if (why != SEGOFF_V_OK)
		return why;
	if (!id_follows(g, h, a))
		return SEGOFF_V_GRO_ID;
	if (unlikely(h->wrapped))
		why = segoff__outer_follows(g, h, a);
	if (why != SEGOFF_V_OK)
		return why;
	if (is_list(g) && h->summed != a->summed)
		return SEGOFF_V_GRO_SUMMED;
	return room_for(g, h, a) ? SEGOFF_V_OK : SEGOFF_V_GRO_FULL;
}

#endif

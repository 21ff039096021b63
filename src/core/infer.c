/* SPDX-License-Identifier: MIT */
/*
 * infer.c - how was this packet meant to be cut?
 *
 * Theory of operation
 * -------------------
 * A capture taken above the offload shows superpackets without their gso_size.
 * The evidence for it, surest first:
 *
 *	its lengths	a partial frame's are those of one segment
 *	the caller	who may know
 *	SYN		both ends say what they take; a sender keeps to the
 *			smaller and takes the options in use off it (RFC 6691)
 *	neighbours	packets of wire size that their sender filled, or what
 *			divides the payloads of several superpackets
 *	MTU		what would just fit; if that does not divide the
 *			payload of a superpacket that its sender filled, the
 *			next smaller size that does
 *
 * Datagrams have borders that mean something, so a guess is no use for UDP:
 * only if every other datagram of the flow had one size, or that size divides
 * the payload, is it taken. SCTP is cut between chunks, as they fill the MTU.
 */
#include <segoff/sctp.h>

#include "flows.h"
#include "opts.h"
#include "plan.h"
#include "pseudo.h"

#define UDP_SEGMENTS_MAX 128

/* Nobody cuts smaller, whatever a SYN says (tcp_min_snd_mss). */
#define MSS_LEAST 48

/* What is known of the packet in question. */
struct question {
	const struct segoff_hints *h;
	const struct segoff__side *from; /* NULL: nothing is known */
	const struct segoff__side *to;
	const uint8_t *l4;
	uint32_t l4_len;
	size_t network; /* bytes of the IP packet */
	size_t payload;
	size_t mtu_size; /* payload that the MTU allows */
	size_t limit;	 /* payload that it must not exceed */
	uint32_t mtu;
};

static enum segoff_verdict size_is(uint16_t *size, size_t n,
				   enum segoff_verdict how)
{
	if (!n)
		n = 1;
	*size = n < SEGOFF_GSO_BY_FRAGS ? (uint16_t)n : SEGOFF_GSO_BY_FRAGS - 1;
	return how;
}

/* The smaller MSS of those that were announced, 0 if none was. */
static uint16_t announced(const struct question *q)
{
	uint16_t a = q->from ? q->from->mss : 0, b = q->to ? q->to->mss : 0;

	if (q->h->mss)
		return q->h->mss;
	if (a && b)
		a = a < b ? a : b;
	else if (!a)
		a = b;
	return a && a < MSS_LEAST ? MSS_LEAST : a;
}

/* The largest size up to @limit that divides @payload, not below half of it. */
static size_t largest_divisor(size_t payload, size_t limit)
{
	for (size_t n = (payload + limit - 1) / limit; payload / n > limit / 2;
	     n++)
		if (payload % n == 0)
			return payload / n;
	return 0;
}

static enum segoff_verdict from_flow(const struct question *q, uint16_t *size)
{
	const struct segoff__side *s = q->from;
	size_t n;

	if (!s)
		return SEGOFF_V_OK;
	if (s->full && (s->nfull > 1 || q->payload % s->full == 0))
		return size_is(size, s->full, SEGOFF_V_FROM_FLOW);
	if (s->nsuper < 2)
		return SEGOFF_V_OK;
	n = largest_divisor(s->divisor, q->mtu_size);
	return n ? size_is(size, n, SEGOFF_V_FROM_FLOW) : SEGOFF_V_OK;
}

static enum segoff_verdict from_mtu(const struct question *q, uint16_t *size)
{
	bool filled = !(q->l4[TCP_FLAGS_AT] & TCP_LAST_FLAGS);
	size_t n = 0;

	if (filled && q->payload)
		n = largest_divisor(q->payload, q->mtu_size);
	return size_is(size, n ? n : q->mtu_size, SEGOFF_V_FROM_MTU);
}

static enum segoff_verdict tcp_size(const struct question *q, uint16_t *size)
{
	uint16_t mss = announced(q);
	uint32_t options = q->l4_len - TCP_MIN;
	enum segoff_verdict how;

	if (mss)
		return size_is(size, mss > options ? mss - options : 1,
			       q->h->mss ? SEGOFF_V_FROM_CALLER :
					   SEGOFF_V_FROM_SYN);
	how = from_flow(q, size);
	return how == SEGOFF_V_OK ? from_mtu(q, size) : how;
}

/* Is this packet more than one segment at all? */
static bool tcp_is_super(const struct question *q)
{
	uint16_t mss = announced(q);

	if (q->network > q->mtu || q->h->tcp_pending)
		return true;
	return mss && q->payload > mss;
}

static enum segoff_verdict infer_tcp(const struct question *q, uint16_t *size)
{
	enum segoff_verdict how;

	if (!tcp_is_super(q))
		return SEGOFF_V_WIRE_SIZE;
	if (!q->limit)
		return SEGOFF_V_MTU_LIMIT;
	how = tcp_size(q, size);
	if (*size > q->limit)
		size_is(size, q->limit, how);
	return q->payload > *size ? how : SEGOFF_V_WIRE_SIZE;
}

static enum segoff_verdict infer_udp(const struct question *q, uint16_t *size)
{
	const struct segoff__side *s = q->from;

	if (q->network <= q->mtu)
		return SEGOFF_V_WIRE_SIZE;
	/* of a tunnel, but not with its header: not a row of datagrams */
	if (segoff__port_kind(q->h->ports, load16(q->l4 + 2)) != SEGOFF_P_NONE)
		return SEGOFF_V_TUNNEL;
	if (q->h->udp_size > q->limit)
		return SEGOFF_V_MTU_LIMIT;
	if (q->h->udp_size)
		return q->payload > q->h->udp_size ?
			       size_is(size, q->h->udp_size,
				       SEGOFF_V_FROM_CALLER) :
			       SEGOFF_V_WIRE_SIZE;
	if (s && s->nfull > 1 &&
	    q->payload <= (size_t)s->full * UDP_SEGMENTS_MAX &&
	    (!s->nother || q->payload % s->full == 0))
		return s->full > q->limit ?
			       SEGOFF_V_MTU_LIMIT :
			       size_is(size, s->full, SEGOFF_V_FROM_FLOW);
	return SEGOFF_V_UDP_UNSURE;
}

/* It is cut between chunks: if it can be, that is all there is to know. */
static enum segoff_verdict infer_sctp(const struct question *q,
				      const struct segoff_pkt *pkt,
				      const struct segoff_stack *st,
				      struct segoff_meta *meta)
{
	enum segoff_verdict why;
	ssize_t n;

	if (q->network <= q->mtu)
		return SEGOFF_V_WIRE_SIZE;
	n = segoff_sctp_members(pkt, st, q->mtu, NULL, 0, &why);
	if (n < 0)
		return why;
	meta->gso_type = SEGOFF_GSO_SCTP;
	meta->gso_size = SEGOFF_GSO_BY_FRAGS;
	segoff_meta_describe(pkt, st, meta);
	return SEGOFF_V_FROM_MTU;
}

static void ask(struct question *q, const struct segoff_pkt *pkt,
		const struct segoff_stack *st)
{
	const struct segoff_layer *ip = segoff__outer_ip(st);
	const struct segoff_layer *l4 = segoff__last(st);
	size_t end = segoff__ip_end(pkt, st);
	size_t headers = st->payload - ip->off - segoff__jumbo(pkt, st);

	q->l4 = segoff__head(pkt) + l4->off;
	q->l4_len = l4->len;
	q->network = end - ip->off;
	q->payload = end - st->payload;
	q->mtu = q->h->mtu ? q->h->mtu : MTU_DEFAULT;
	q->mtu_size = q->mtu > headers ? q->mtu - headers : 1;
	q->limit = SIZE_MAX;
	if (q->h->mtu_is_limit)
		q->limit = q->mtu > headers ? q->mtu_size : 0;
}

/* Do all IP headers end here? */
static bool all_end_at(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st, size_t end)
{
	for (unsigned int i = 0; i < st->nlayer; i++)
		if (is_ip(st->layer[i].proto) &&
		    segoff__ip_end_of(pkt, st, &st->layer[i]) != end)
			return false;
	return true;
}

/*
 * A frame for a device that only repeats headers (GSO_PARTIAL): lengths are
 * those of one segment, and the seed that of all that is there (skb_segment).
 */
static bool is_partial(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st, size_t end)
{
	return end > st->payload && end < st->len && all_end_at(pkt, st, end) &&
	       segoff__seed_of_all(pkt, st);
}

static enum segoff_verdict how_to_cut(const struct question *q, bool tcp,
				      uint16_t *size)
{
	return tcp ? infer_tcp(q, size) : infer_udp(q, size);
}

enum segoff_verdict segoff_infer(const struct segoff_flows *t, segoff_flow flow,
				 const struct segoff_pkt *pkt,
				 const struct segoff_stack *st,
				 const struct segoff_hints *h,
				 struct segoff_meta *meta)
{
	struct segoff_hints own;
	struct question q = { .h = segoff__opts(h, &own, sizeof(own)) };
	bool tcp, partial;
	enum segoff_verdict how;
	uint16_t size = 0;

	*meta = (struct segoff_meta){ 0 };
	if (!q.h)
		return SEGOFF_V_OPTS;
	if (!segoff__has_l4(st))
		return st->end == SEGOFF_V_OK ? SEGOFF_V_TRUNCATED : st->end;
	ask(&q, pkt, st);
	if (!segoff__flow_sides(t, flow, &q.from, &q.to))
		q.from = q.to = NULL;
	if (segoff__has_sctp(st))
		return infer_sctp(&q, pkt, st, meta);
	tcp = segoff__last(st)->proto == SEGOFF_P_TCP;
	partial = is_partial(pkt, st, st->payload + q.payload);
	how = partial ? size_is(&size, q.payload, SEGOFF_V_FROM_LENGTHS) :
			how_to_cut(&q, tcp, &size);
	if (how < SEGOFF_V_FROM_META || how > SEGOFF_V_FROM_MTU)
		return how;
	if (!partial && st->payload + q.payload != st->len)
		return SEGOFF_V_TRAILER;
	meta->gso_size = size;
	meta->gso_type = SEGOFF_GSO_UDP_L4;
	if (tcp)
		meta->gso_type = st->ip_version == 4 ? SEGOFF_GSO_TCPV4 :
						       SEGOFF_GSO_TCPV6;
	if (partial)
		meta->gso_type |= SEGOFF_GSO_PARTIAL;
	segoff_meta_describe(pkt, st, meta);
	return how;
}

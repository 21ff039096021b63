/* SPDX-License-Identifier: MIT */
/*
 * segment.c - may this superpacket be cut, and into what
 *
 * Theory of operation
 * -------------------
 * The kernel descends through one handler per protocol, and each may refuse.
 * Here the headers are walked once, and the refusals stand together below, in
 * the kernel's order: link, IP, transport. What passes is handed to the plan
 * (plan.c) and written by it (scatter.c, flat.c); neither can fail any more.
 *
 * Three sorts of packets are refused only if the caller wants Linux to the
 * letter (SEGOFF_STRICT), because Linux admits them first and then loses them
 * silently: payload that fits one segment, a gso_type that names the other IP
 * version, and an eighth VLAN tag.
 */
#include <segoff/gso.h>

#include <errno.h>

#include "cover.h"
#include "emit.h"
#include "opts.h"

#define GSO_TCP	      (SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6)
#define GSO_ELSEWHERE (SEGOFF_GSO_FCOE | SEGOFF_GSO_ESP)

/* Linux means 8, and counts to 7 (vlan_get_protocol_and_depth). */
#define VLAN_MAX_LINUX 7

/* A refusal in the making. */
struct refusal {
	int err;
	enum segoff_verdict why;
};

static enum segoff__fate refuse(struct refusal *r, enum segoff_verdict why,
				int err)
{
	r->why = why;
	r->err = err;
	return FATE_REFUSED;
}

/* The errno of a walk that did not reach the transport header. */
static int walk_errno(const struct segoff_stack *st)
{
	switch (st->end) {
	case SEGOFF_V_LINK:
	case SEGOFF_V_NOT_IP:
	case SEGOFF_V_EXT_HEADER:
	case SEGOFF_V_FRAGMENT:
	case SEGOFF_V_TRANSPORT:
		return -EPROTONOSUPPORT;
	case SEGOFF_V_GRE_SEQ:
		return -EOPNOTSUPP;
	case SEGOFF_V_TRUNCATED:
		/* an extension header is taken for a protocol then */
		if (st->ip_version == 6 && is_extension(st->ip_proto))
			return -EPROTONOSUPPORT;
		return -EINVAL;
	default:
		return -EINVAL;
	}
}

/* Payload that fits one segment: Linux refuses it after admitting it. */
static enum segoff__fate small(struct segoff__cut *c, struct refusal *r)
{
	if (c->o->flags & SEGOFF_STRICT)
		return refuse(r, SEGOFF_V_GSO_SMALL, -EINVAL);
	c->fragments = false; /* one datagram, not a fragment */
	return FATE_ONE;
}

static bool csum_start_wrong(const struct segoff__cut *c)
{
	return c->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL &&
	       c->meta->csum_start != segoff__last(c->st)->off;
}

/* __udp_gso_segment, udp4_ufo_fragment, udp6_ufo_fragment */
static enum segoff__fate admit_udp(struct segoff__cut *c, struct refusal *r)
{
	const struct segoff_layer *udp = segoff__last(c->st);
	size_t room = c->meta->gso_size;

	if (!(c->meta->gso_type & (SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_UDP)))
		return refuse(r, SEGOFF_V_GSO_TYPE, -EINVAL);
	c->fragments = !(c->meta->gso_type & SEGOFF_GSO_UDP_L4);
	if (!c->fragments) {
		room += UDP_LEN;
		if (csum_start_wrong(c))
			return refuse(r, SEGOFF_V_GSO_CSUM_START, -EINVAL);
	}
	return c->st->len - udp->off > room ? FATE_CUT : small(c, r);
}

/* tcp4_gso_segment, tcp6_gso_segment, tcp_gso_segment */
static enum segoff__fate admit_tcp(struct segoff__cut *c, struct refusal *r)
{
	uint32_t type = c->st->ip_version == 4 ? SEGOFF_GSO_TCPV4 :
						 SEGOFF_GSO_TCPV6;

	if (!(c->o->flags & SEGOFF_STRICT))
		type = GSO_TCP;
	if (!(c->meta->gso_type & type))
		return refuse(r, SEGOFF_V_GSO_TYPE, -EINVAL);
	if (csum_start_wrong(c))
		return refuse(r, SEGOFF_V_GSO_CSUM_START, -EINVAL);
	return c->st->len - c->st->payload > c->meta->gso_size ? FATE_CUT :
								 small(c, r);
}

/* sctp_gso_segment. One member is a superpacket of one segment, none is none. */
static enum segoff__fate admit_sctp(struct segoff__cut *c, struct refusal *r)
{
	if (!(c->meta->gso_type & SEGOFF_GSO_SCTP) ||
	    c->meta->gso_size != SEGOFF_GSO_BY_FRAGS)
		return refuse(r, SEGOFF_V_GSO_TYPE, -EINVAL);
	c->by_frags = true;
	return c->st->len > c->st->payload ? FATE_CUT : small(c, r);
}

/* The most tags behind one link header. */
static unsigned int tags(const struct segoff_stack *st)
{
	unsigned int n = 0, most = 0;

	for (unsigned int i = 0; i < st->nlayer; i++) {
		n = st->layer[i].proto == SEGOFF_P_VLAN ? n + 1 : 0;
		if (n > most)
			most = n;
	}
	return most;
}

static bool has_gre(const struct segoff_stack *st)
{
	for (unsigned int i = 0; i < st->nlayer; i++)
		if (st->layer[i].proto == SEGOFF_P_GRE)
			return true;
	return false;
}

/*
 * ipip_gso_segment and its kin, gre_gso_segment. An IP header that another one
 * follows wants a bit of gso_type, GRE only encapsulation.
 */
static enum segoff__fate admit_tunnels(struct segoff__cut *c, struct refusal *r)
{
	if (c->ips.count > SEGOFF_IP_MAX)
		return refuse(r, SEGOFF_V_DEPTH, -EINVAL);
	if (c->ips.types & ~c->meta->gso_type ||
	    (c->ips.count > 1 && !c->meta->encapsulation && has_gre(c->st)))
		return refuse(r, SEGOFF_V_GSO_TYPE, -EINVAL);
	return FATE_CUT;
}

/*
 * net_gso_ok as __skb_gso_segment asks it of a GSO_PARTIAL device. None could
 * make checksums that depend on what is in a segment.
 */
static bool goes_partial(const struct segoff__cut *c)
{
	return c->o->partial && c->o->csum == SEGOFF_OUT_PARTIAL &&
	       !by_bytes(c) &&
	       !(c->meta->gso_type & ~(c->o->partial | SEGOFF_GSO_DODGY));
}

/*
 * No superpacket, but a tunnel's checksum is a seed. Linux finishes the inner
 * one and leaves it (quirk).
 */
static bool outer_waits(struct segoff__cut *c)
{
	struct refusal r;

	return !(c->o->flags & SEGOFF_STRICT) && c->meta->encapsulation &&
	       c->meta->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM &&
	       c->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL &&
	       admit_tunnels(c, &r) != FATE_REFUSED;
}

static enum segoff__fate admit(struct segoff__cut *c, struct refusal *r)
{
	if (c->st->len >= UINT32_MAX)
		return refuse(r, SEGOFF_V_GSO_UNSUPPORTED, -EOPNOTSUPP);
	if (!c->meta->gso_size) {
		c->outer_waits = outer_waits(c);
		return FATE_WHOLE;
	}
	if (c->meta->gso_type & GSO_ELSEWHERE)
		return refuse(r, SEGOFF_V_GSO_UNSUPPORTED, -EOPNOTSUPP);
	if (c->o->flags & SEGOFF_STRICT && tags(c->st) > VLAN_MAX_LINUX)
		return refuse(r, SEGOFF_V_VLAN_DEPTH, -EINVAL);
	if (!segoff__has_l4(c->st))
		return refuse(r, c->st->end, walk_errno(c->st));
	if (admit_tunnels(c, r) == FATE_REFUSED)
		return FATE_REFUSED;
	if (segoff__has_sctp(c->st))
		return admit_sctp(c, r);
	if (c->meta->gso_size == SEGOFF_GSO_BY_FRAGS)
		return refuse(r, SEGOFF_V_GSO_UNSUPPORTED, -EOPNOTSUPP);
	if (segoff__last(c->st)->proto == SEGOFF_P_TCP)
		return admit_tcp(c, r);
	return admit_udp(c, r);
}

/* Members are not here: it is cut by size, and its checksum says nothing. */
static void forget_list(struct segoff__cut *c)
{
	if (!c->meta->gso_size || !(c->meta->gso_type & SEGOFF_GSO_FRAGLIST))
		return;
	c->own = *c->meta;
	c->own.gso_type &= ~SEGOFF_GSO_FRAGLIST;
	c->own.ip_summed = SEGOFF_CHECKSUM_NONE;
	c->meta = &c->own;
}

enum segoff__fate segoff__admit(struct segoff__cut *c, int *err,
				enum segoff_verdict *why)
{
	struct segoff__route route = { .ports = c->o->ports,
				       .as_kernel = true };
	struct refusal r = { 0, SEGOFF_V_OK };
	enum segoff__fate fate;

	forget_list(c);
	route.meta = c->meta;
	c->trust = c->o->flags & SEGOFF_TRUST_SEED &&
		   c->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL;
	c->ips = segoff__walk(c->pkt, &route, c->st);
	fate = admit(c, &r);
	c->partial = goes_partial(c);
	*err = r.err;
	*why = r.why;
	return fate;
}

/* More memory than there can be, instead of less than is needed. */
static size_t product(size_t a, size_t b, size_t plus)
{
	size_t n;

	if (__builtin_mul_overflow(a, b, &n) ||
	    __builtin_add_overflow(n, plus, &n))
		return SIZE_MAX;
	return n;
}

void segoff__bound(size_t nseg, size_t hlen, size_t payload, size_t size,
		   size_t niov, struct segoff_bound *b)
{
	b->segs = nseg;
	b->iovs = product(nseg, 2, niov + 1);
	b->hdr_bytes = product(nseg, hdr_stride(hlen), 0);
	b->flat_bytes = product(nseg, hlen + FLAT_ALIGN - 1, payload);
	b->largest = product(1, size, hlen);
}

void segoff_gso_bound(size_t len, unsigned int niov, size_t hdr_len,
		      uint16_t gso_size, struct segoff_bound *b)
{
	/* a checksum field may be anywhere in an ordinary packet */
	size_t most = gso_size ? HEADERS_MAX : len;

	if (!gso_size || hdr_len > most)
		hdr_len = most;
	if (!gso_size)
		segoff__bound(1, hdr_len, len, 0, niov, b);
	else if (gso_size == SEGOFF_GSO_BY_FRAGS)
		segoff__bound(niov ? niov : 1, hdr_len, len, len, niov, b);
	else
		segoff__bound(len / gso_size + 1, hdr_len + FRAG_LEN, len,
			      gso_size, niov, b);
}

/* Options that somebody else knows are not options of ours. */
static bool options_known(const struct segoff_gso_opts *o)
{
	return o && !(o->flags & ~(SEGOFF_TRUST_SEED | SEGOFF_STRICT)) &&
	       o->csum <= SEGOFF_OUT_KEEP;
}

/*
 * All that must be zero, in three steps that overlap: of one, compilers make an
 * instruction that takes longer to start than these.
 */
static void zero(struct segoff_gso *g)
{
	enum {
		N = offsetof(struct segoff_gso, splice),
		STEP = 64
	};
	uint8_t *p = (uint8_t *)g;

	_Static_assert(N >= 2 * STEP - STEP / 2 && N <= 3 * STEP - 4, "N");
	memset(p, 0, STEP);
	memset(p + N / 2 - STEP / 2, 0, STEP);
	memset(p + N - STEP, 0, STEP);
}

int segoff_gso_init(struct segoff_gso *g, const struct segoff_pkt *pkt,
		    const struct segoff_meta *meta,
		    const struct segoff_gso_opts *o, struct segoff_bound *b)
{
	struct segoff_gso_opts own;
	struct segoff_stack st;
	struct segoff__cut c = {
		.pkt = pkt,
		.st = &st,
		.meta = meta,
		.o = segoff__opts(o, &own, sizeof(own)),
	};
	enum segoff__fate fate;
	enum segoff_verdict why;
	int err;

	zero(g);
	if (!options_known(c.o)) {
		g->why = SEGOFF_V_OPTS;
		return -EINVAL;
	}
	fate = segoff__admit(&c, &err, &why);
	g->why = why;
	if (fate == FATE_CUT || fate == FATE_ONE) {
		segoff__plan(g, &c);
	} else if (fate == FATE_WHOLE) {
		err = segoff__plan_single(g, &c);
		if (err)
			g->why = SEGOFF_V_META_CSUM_END;
	}
	if (!err && b)
		segoff__bound(g->nseg, g->hlen, g->payload, g->size, pkt->niov,
			      b);
	return err;
}

void segoff_gso_meta(const struct segoff_gso *g, struct segoff_meta *meta)
{
	*meta = (struct segoff_meta){ .ip_summed = g->ip_summed,
				      .csum_start = g->csum_start,
				      .csum_offset = g->csum_offset };
}

void segoff_gso_meta_of(const struct segoff_gso *g, size_t k,
			struct segoff_meta *meta)
{
	size_t size = k + 1 < g->nseg ? g->size : g->payload - k * g->size;

	segoff_gso_meta(g, meta);
	if (!g->mss || size <= g->mss)
		return;
	meta->gso_type = (g->gso_type | SEGOFF_GSO_PARTIAL) & ~SEGOFF_GSO_DODGY;
	meta->gso_size = (uint16_t)g->mss;
	meta->gso_segs = (uint16_t)((size + g->mss - 1) / g->mss);
}

enum segoff_verdict segoff_gso_why(const struct segoff_gso *g)
{
	return g->why;
}

ssize_t segoff_segment(const void *pkt, size_t len, enum segoff_link link,
		       const struct segoff_meta *meta,
		       const struct segoff_gso_opts *o, void *buf, size_t size,
		       struct iovec *seg, size_t nseg)
{
	struct iovec iov = { (void *)(uintptr_t)pkt, len };
	struct segoff_pkt p = { &iov, 1, link };
	struct segoff_gso g;
	ssize_t n;
	int err = segoff_gso_init(&g, &p, meta, o, NULL);

	if (err)
		return err;
	n = segoff_gso_flat(&g, buf, size, seg, nseg);
	return g.next == g.nseg ? n : -ENOSPC;
}

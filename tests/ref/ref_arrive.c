/* SPDX-License-Identifier: MIT */
/* ref_arrive.c - what the layers think of a packet that arrives */
#include "ref_coalesce.h"

/* R-GRO-9, R-GRO-10 */
static void ipv4(struct ref_view *v)
{
	const uint8_t *ip = v->at + v->h.net;

	if (ip[0] != 0x45 || ref_fold(ref_sum(ip, 20)) != 0xffff)
		v->early = true;
	else if (ref_get16(ip + 2) != v->len - v->h.net ||
		 ref_get16(ip + 6) & 0x8000)
		v->late = true;
}

static void ipv6(struct ref_view *v)
{
	if (ref_get16(v->at + v->h.net + 4) != v->len - v->h.net - 40u)
		v->late = true;
}

/* R-GRO-20 */
static void superpacket(const struct ref_gro *g, struct ref_view *v)
{
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
	/*
	 * Decision: what is put into a list is a packet; and of a type that the
	 * headers contradict these are right.
	 */
	if (g->list || v->h.proto != 6 || m->gso_type & SEGOFF_GSO_DODGY)
		v->late = true;
}

/* Has anybody said that it is right, or is to be made right? */
static bool is_vouched(const struct ref_gro *g, const struct ref_view *v)
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

static bool sum_is_wrong(const struct ref_gro *g, const struct ref_view *v)
{
	struct ref_walk w = { .net = v->h.net, .version = v->h.version };
	uint64_t sum;

	if (is_vouched(g, v))
		return false;
	ref_walk_ip(&v->a->p, &w);
	sum = ref_pseudo(&v->a->p, &w, false, v->len - v->h.th) +
	      ref_sum(v->at + v->h.th, v->len - v->h.th);
	return ref_fold(sum) != 0xffff;
}

/* R-GRO-16 */
static void udp(const struct ref_gro *g, struct ref_view *v)
{
	const uint8_t *h = v->at + v->h.th;
	size_t len = ref_get16(h + 4);

	if (!g->udp || !ref_get16(h + 6) || len <= 8 || len != v->len - v->h.th)
		v->early = true;
}

/* Of IPv6 the walk says so itself. */
static bool is_fragment(const struct ref_view *v, const struct ref_walk *w)
{
	return w->version == 4 && ref_get16(v->at + w->net + 6) & 0x3fff;
}

/*
 * What nobody looks behind: SCTP, labels and sessions, which have no handler;
 * what is no tunnel on the port of one; and what is to be a list, in a tunnel.
 * Decision: headers longer than 512 bytes (SEGOFF_V_GRO_HEADERS).
 */
static bool is_closed(const struct ref_gro *g, const struct ref_nest *n)
{
	const struct ref_layer *last = &n->layer[n->n - 1];

	for (size_t i = 0; i < n->n; i++)
		if (n->layer[i].proto == SEGOFF_P_MPLS ||
		    n->layer[i].proto == SEGOFF_P_PPPOE)
			return true;
	if (last->proto == SEGOFF_P_UDP &&
	    ref_port_kind(g->ports, ref_get16(n->p->at + last->off + 2)) !=
		    SEGOFF_P_NONE)
		return true;
	return n->w.proto == 132 || (n->nip > 1 && g->list) || n->at > 512;
}

/* All headers in front of the innermost IP header, but for the link's. */
static void take_outer(const struct ref_nest *n, struct ref_head *h)
{
	h->outer = h->net;
	h->n = n->n - 2;
	for (size_t i = h->n; i-- > 0;) {
		h->layer[i] = n->layer[i];
		if (h->layer[i].proto == SEGOFF_P_IPV4 ||
		    h->layer[i].proto == SEGOFF_P_IPV6)
			h->outer = h->layer[i].off;
	}
}

/*
 * Is there a whole TCP or UDP header? The version of IPv6 is that of the header
 * in front of it, whatever its first four bits say.
 */
static bool find_headers(const struct ref_gro *g, struct ref_view *v)
{
	struct ref_nest n = { .p = &v->a->p,
			      .ports = g->ports,
			      .as_kernel = true };
	struct ref_walk link;

	ref_walk_link(&v->a->p, &link);
	if (ref_nest_walk(&n) != SEGOFF_V_OK || is_fragment(v, &n.w) ||
	    is_closed(g, &n))
		return false;
	v->h = (struct ref_head){ .version = n.w.version,
				  .proto = n.w.proto,
				  .tags_at = link.net - 4 * link.ntag,
				  .net = n.w.net,
				  .th = n.w.th,
				  .data = n.at };
	take_outer(&n, &v->h);
	v->payload = v->len - n.at;
	return true;
}

void ref_look(const struct ref_gro *g, const struct ref_arrival *a,
	      struct ref_view *v)
{
	*v = (struct ref_view){ .a = a, .at = a->p.at, .len = a->p.len };
	v->known = find_headers(g, v);
	v->early = !v->known;
	if (!v->known)
		return;
	superpacket(g, v);
	ref_outer_look(g, v);
	if (v->h.version == 4)
		ipv4(v);
	else
		ipv6(v);
	if (v->h.proto == 17)
		udp(g, v);
	v->summed = a->meta ? a->meta->ip_summed : SEGOFF_CHECKSUM_NONE;
	/* not worth verifying if it goes alone; R-GRO-18: or if it is a seed */
	if (!v->late && !v->remote && sum_is_wrong(g, v))
		v->early = true;
	if (v->summed == SEGOFF_CHECKSUM_NONE && (!v->late || g->vouched))
		v->summed = SEGOFF_CHECKSUM_UNNECESSARY;
}

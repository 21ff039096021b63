/* SPDX-License-Identifier: MIT */
/* ref_outer.c - tunnels, as Linux 6.18 coalesces what is in them (R-GRO-18) */
#include <string.h>

#include "ref_coalesce.h"

/* ------------------------------------------------------------ arriving */

static bool is_ip(const struct ref_layer *l)
{
	return l->proto == SEGOFF_P_IPV4 || l->proto == SEGOFF_P_IPV6;
}

/* R-GRO-9 */
static bool ipv4_early(const uint8_t *ip)
{
	return ip[0] != 0x45 || ref_get16(ip + 6) & 0x3fff ||
	       ref_fold(ref_sum(ip, 20)) != 0xffff;
}

/* R-GRO-10. Of the length of a UDP header nobody asks. */
static bool length_wrong(const struct ref_view *v, const struct ref_layer *l)
{
	const uint8_t *h = v->at + l->off;
	size_t len = v->len - l->off;

	if (l->proto == SEGOFF_P_IPV4)
		return ref_get16(h + 2) != len || ref_get16(h + 6) & 0x8000;
	return l->proto == SEGOFF_P_IPV6 && ref_get16(h + 4) != len - 40;
}

/*
 * Are all flags of a GUE header ones that mean something, and is what they
 * announce there? (validate_gue_flags)
 */
static bool gue_valid(const uint8_t *h)
{
	size_t fields = h[0] & 31u, need = 0;
	bool private = h[3] & 1;

	if (h[2] || h[3] > 1)
		return false;
	need += private;
	if (private && fields) {
		if (h[4] & 0x7f || h[5] || h[6] || h[7])
			return false;
		need += h[4] >> 7;
	}
	return need <= fields;
}

/* At most one level; GRE has no checksum in UDP; GUE has no odd flags. */
static bool gives_up(const struct ref_view *v)
{
	size_t ips = 0;

	for (size_t i = 0; i < v->h.n; i++) {
		const struct ref_layer *l = &v->h.layer[i];
		const uint8_t *h = v->at + l->off;

		ips += is_ip(l);
		if (l->proto == SEGOFF_P_IPV4 && ipv4_early(h))
			return true;
		if (l->proto == SEGOFF_P_GRE && h[0] & 0x80 &&
		    (l[-1].proto == SEGOFF_P_UDP ||
		     l[-1].proto == SEGOFF_P_GUE))
			return true;
		if (l->proto == SEGOFF_P_GUE && !gue_valid(h))
			return true;
	}
	return ips > 1;
}

static bool has_udp_sum(const struct ref_view *v)
{
	for (size_t i = 0; i < v->h.n; i++)
		if (v->h.layer[i].proto == SEGOFF_P_UDP &&
		    ref_get16(v->at + v->h.layer[i].off + 6))
			return true;
	return false;
}

/* Has somebody said that the checksum of the header at @off is right? */
static bool is_vouched(const struct ref_gro *g, const struct ref_view *v,
		       size_t off)
{
	const struct segoff_meta *m = v->a->meta;

	if (g->vouched || (m && m->ip_summed == SEGOFF_CHECKSUM_UNNECESSARY))
		return true;
	return m && m->ip_summed == SEGOFF_CHECKSUM_PARTIAL &&
	       m->csum_start >= off;
}

static bool sum_wrong(const struct ref_view *v, size_t i)
{
	const struct ref_layer *l = &v->h.layer[i];
	const uint8_t *h = v->at + l->off;
	size_t len = v->len - l->off;
	struct ref_walk w;
	uint64_t sum = 0;

	if (l->proto == SEGOFF_P_UDP && ref_get16(h + 6)) {
		w = l[-1].w;
		w.proto = 17;
		sum = ref_pseudo(&v->a->p, &w, false, len);
	} else if (l->proto != SEGOFF_P_GRE || !(h[0] & 0x80)) {
		return false;
	}
	return ref_fold(sum + ref_sum(h, len)) != 0xffff;
}

static bool any_sum_wrong(const struct ref_gro *g, const struct ref_view *v)
{
	for (size_t i = 0; i < v->h.n; i++)
		if (!is_vouched(g, v, v->h.layer[i].off) && sum_wrong(v, i))
			return true;
	return false;
}

/*
 * Is there a remote checksum, of this transport header? Decision: one that is
 * about something else does not count.
 */
static bool is_remote(const struct ref_view *v)
{
	size_t check = v->h.proto == 6 ? 16 : 6;

	for (size_t i = 0; i < v->h.n; i++) {
		const struct ref_layer *l = &v->h.layer[i];
		const uint8_t *h = v->at + l->off;
		size_t behind = v->h.th - l->off - l->len;

		if (l->proto == SEGOFF_P_VXLAN && h[1] & 0x20)
			return (size_t)(h[7] & 0x7f) * 2 == behind &&
			       (h[7] & 0x80 ? 6 : 16) == (int)check;
		if (l->proto == SEGOFF_P_GUE && ref_get16(h + 2) == 1 &&
		    l->len >= 12 && h[4] & 0x80)
			return ref_get16(h + 8) == behind &&
			       ref_get16(h + 10) == behind + check;
	}
	return false;
}

/*
 * What was given up before is not verified any more. Behind an outer UDP
 * checksum that was not, nobody looks; a remote checksum wants one.
 */
void ref_outer_look(const struct ref_gro *g, struct ref_view *v)
{
	const struct segoff_meta *m = v->a->meta;
	bool partial = m && m->ip_summed == SEGOFF_CHECKSUM_PARTIAL;

	if (!v->h.n)
		return;
	v->early = gives_up(v);
	for (size_t i = 0; i < v->h.n; i++)
		v->late = v->late || length_wrong(v, &v->h.layer[i]);
	if (!v->late && any_sum_wrong(g, v))
		v->early = true;
	if (v->late && has_udp_sum(v) && !partial && !is_vouched(g, v, 0))
		v->early = true;
	v->remote = is_remote(v);
	if (v->remote && !has_udp_sum(v))
		v->early = true;
}

/* ---------------------------------------------------------- candidates */

/* Bytes of both, @from to @to. */
static bool same(const struct ref_held *p, const struct ref_view *v,
		 size_t from, size_t to)
{
	return !memcmp(p->first->at + from, v->at + from, to - from);
}

bool ref_same_ip(const struct ref_held *p, const struct ref_view *v,
		 int version, size_t net, size_t end)
{
	uint32_t a = ref_get32(p->first->at + net), b = ref_get32(v->at + net);

	if (version == 4)
		return same(p, v, net + 12, net + 20);
	return !((a ^ b) & 0xf00fffff) && same(p, v, net + 6, net + 7) &&
	       same(p, v, net + 8, end);
}

/*
 * GRE: flags, protocol, and the word behind them if there is a key, even if it
 * is the checksum.
 */
static bool same_gre(const struct ref_held *p, const struct ref_view *v,
		     size_t off)
{
	return same(p, v, off, off + (v->at[off] & 0x20 ? 8 : 4));
}

/* UDP: ports, and both checksums or none. */
static bool same_udp(const struct ref_held *p, const struct ref_view *v,
		     size_t off)
{
	return same(p, v, off, off + 4) && !ref_get16(p->first->at + off + 6) ==
						   !ref_get16(v->at + off + 6);
}

static bool same_layer(const struct ref_held *p, const struct ref_view *v,
		       const struct ref_layer *l)
{
	switch (l->proto) {
	case SEGOFF_P_IPV4:
	case SEGOFF_P_IPV6:
		return ref_same_ip(p, v, l->w.version, l->off, l->off + l->len);
	case SEGOFF_P_UDP:
		return same_udp(p, v, l->off);
	case SEGOFF_P_GRE:
		return same_gre(p, v, l->off);
	}
	return same(p, v, l->off, l->off + l->len);
}

bool ref_outer_candidate(const struct ref_held *p, const struct ref_view *v)
{
	if (p->h.n != v->h.n)
		return false;
	for (size_t i = 0; i < v->h.n; i++) {
		const struct ref_layer *a = &p->h.layer[i], *b = &v->h.layer[i];

		if (a->proto != b->proto || a->off != b->off ||
		    a->len != b->len || !same_layer(p, v, b))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------- joining */

/* The second packet decides whether it counts. */
static bool id_fits(const struct ref_held *p, const uint8_t *a,
		    const uint8_t *b, bool *fixed)
{
	uint16_t d = (uint16_t)(ref_get16(b + 4) - ref_get16(a + 4));

	if (p->count == 1 && d == 0)
		*fixed = true;
	return d == (*fixed ? 0 : p->count % 65536);
}

bool ref_ip_fits(const struct ref_held *p, const struct ref_view *v,
		 int version, size_t net, bool *fixed)
{
	const uint8_t *a = p->first->at + net, *b = v->at + net;

	if (version == 6)
		return !((ref_get32(a) ^ ref_get32(b)) & 0x0ff00000) &&
		       a[7] == b[7];
	return a[1] == b[1] && a[8] == b[8] && !((a[6] ^ b[6]) & 0x40) &&
	       id_fits(p, a, b, fixed);
}

bool ref_outer_fits(struct ref_held *p, const struct ref_view *v)
{
	for (size_t i = 0; i < v->h.n; i++) {
		const struct ref_layer *l = &v->h.layer[i];

		if (is_ip(l) && !ref_ip_fits(p, v, l->w.version, l->off,
					     &p->outer_fixed[i]))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------- leaving */

static void put_ipv4(uint8_t *ip, size_t len)
{
	ref_put16(ip + 2, len);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, 20))));
}

/* A checksum that is there becomes the seed. */
static void put_udp(const struct ref_held *h, const struct ref_layer *l)
{
	struct ref_pkt p = { h->first->at, h->first->len, h->link };
	uint8_t *udp = h->frame + l->off;
	struct ref_walk w = l[-1].w;

	w.proto = 17;
	ref_put16(udp + 4, h->len - l->off);
	if (ref_get16(udp + 6))
		ref_put16(udp + 6,
			  ref_fold(ref_pseudo(&p, &w, false, h->len - l->off)));
}

/* nothing in a GRE header changes, its checksum neither. */
static void put_layer(const struct ref_held *h, const struct ref_layer *l)
{
	uint8_t *at = h->frame + l->off;

	if (l->proto == SEGOFF_P_IPV4)
		put_ipv4(at, h->len - l->off);
	else if (l->proto == SEGOFF_P_IPV6)
		ref_put16(at + 4, h->len - l->off - 40);
	else if (l->proto == SEGOFF_P_UDP)
		put_udp(h, l);
}

/* The bit of a header that is a tunnel's; 0: it is not. */
static uint32_t type_of(const struct ref_held *h, size_t i)
{
	const struct ref_layer *l = &h->h.layer[i];
	bool is_last = i + 1 == h->h.n;

	if (l->proto == SEGOFF_P_GRE)
		return SEGOFF_GSO_GRE;
	if (l->proto == SEGOFF_P_UDP)
		return ref_get16(h->first->at + l->off + 6) ?
			       SEGOFF_GSO_UDP_TUNNEL_CSUM :
			       SEGOFF_GSO_UDP_TUNNEL;
	if (!is_ip(l) || !is_last)
		return 0;
	return l->proto == SEGOFF_P_IPV4 ? SEGOFF_GSO_IPXIP4 :
					   SEGOFF_GSO_IPXIP6;
}

/* modes are said of TCP over IPv4 alone. Q-11: nothing is said of RCO. */
static uint32_t fixed_bits(const struct ref_held *h)
{
	uint32_t type = 0;

	if (!(h->meta.gso_type & SEGOFF_GSO_TCPV4))
		return 0;
	for (size_t i = 0; i < h->h.n; i++)
		if (h->outer_fixed[i])
			type |= SEGOFF_GSO_TCP_FIXEDID;
	return type | (h->fixed_id ? SEGOFF_GSO_TCP_FIXEDID_INNER : 0);
}

static void describe(struct ref_held *h)
{
	struct segoff_meta *m = &h->meta;
	unsigned int tunnels = 0;

	m->gso_type &= ~SEGOFF_GSO_TCP_FIXEDID;
	m->gso_type |= fixed_bits(h);
	for (size_t i = 0; i < h->h.n; i++) {
		m->gso_type |= type_of(h, i);
		tunnels += type_of(h, i) != 0;
		if (h->h.layer[i].proto == SEGOFF_P_ETHERNET)
			m->inner_mac_off = (uint16_t)h->h.layer[i].off;
	}
	m->encapsulation = true;
	m->inner_net_off = m->net_off;
	m->inner_th_off = m->th_off;
	m->inner_protocol = m->protocol;
	m->net_off = (uint16_t)h->h.layer[0].off;
	m->th_off = (uint16_t)(h->h.layer[0].off + h->h.layer[0].len);
	m->protocol = h->h.layer[0].proto == SEGOFF_P_IPV4 ? 0x0800 : 0x86dd;
	/* what is said of inner headers is said of one tunnel */
	if (tunnels > 1)
		m->inner_mac_off = m->inner_net_off = 0;
}

void ref_outer_merged(struct ref_held *h)
{
	for (size_t i = 0; i < h->h.n; i++)
		put_layer(h, &h->h.layer[i]);
	describe(h);
}

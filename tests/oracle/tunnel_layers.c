/* SPDX-License-Identifier: MIT */
/* tunnel_layers.c - where the headers of a packet in a tunnel are */
#include <string.h>

#include <linux/if_tunnel.h>
#include <segoff.h>

#include "tunnel_dev.h"
#include "wire.h"

#define UDP	    17
#define TCP	    6
#define GRE	    47
#define IPIP	    4
#define IPV6	    41
#define HOPOPTS	    0
#define ROUTING	    43
#define DSTOPTS	    60
#define TUNNEL_HLEN 8 /* of VXLAN and of Geneve without options */

#define VXLAN_REMCSUM 0x20

/* What is being walked; @at beyond @len: it ends too early. */
struct walk {
	const uint8_t *p;
	size_t len;
	size_t at;
};

static const uint8_t *need(const struct walk *w, size_t n)
{
	static const uint8_t nothing[40];

	return w->at + n <= w->len ? w->p + w->at : nothing;
}

/* Over labels; returns the IP version behind. */
static uint8_t skip_labels(struct walk *w)
{
	const uint8_t *p;

	do {
		p = need(w, 4);
		w->at += 4;
	} while (!(p[2] & 1) && w->at < w->len);
	return need(w, 1)[0] >> 4;
}

/* Over a link header with its tags; returns the IP version, of labels 0. */
static uint8_t skip_link(struct walk *w)
{
	uint16_t type;

	w->at += ETH_LEN - 2;
	while ((type = get16(need(w, 2))) == 0x8100 || type == 0x88a8)
		w->at += 4;
	w->at += 2;
	return type == 0x0800 ? 4 : type == 0x86dd ? 6 : 0;
}

/* Over an IP header and what extends it; returns the protocol behind. */
static uint8_t skip_ip(struct walk *w, uint8_t version)
{
	const uint8_t *p = need(w, version == 4 ? 20 : 40);
	uint8_t next;

	if (version == 4) {
		w->at += (p[0] & 15u) * 4;
		return p[9];
	}
	next = p[6];
	w->at += 40;
	while (next == HOPOPTS || next == ROUTING || next == DSTOPTS) {
		p = need(w, 8);
		if (w->at >= w->len)
			break;
		next = p[0];
		w->at += (p[1] + 1u) * 8;
	}
	return next;
}

/* Over GRE; returns the IP version behind, of what has a link header 1, or 0. */
static uint8_t skip_gre(struct walk *w)
{
	const uint8_t *p = need(w, 4);

	w->at += 4u + (p[0] >> 7 & 1) * 4u + (p[0] >> 5 & 1) * 4u;
	switch (get16(p + 2)) {
	case 0x0800:
		return 4;
	case 0x86dd:
		return 6;
	default:
		return get16(p + 2) == TEB;
	}
}

/* What an IP protocol says is next: the same as skip_gre(). */
static uint8_t skip_proto(struct walk *w, uint8_t proto)
{
	if (proto == GRE)
		return skip_gre(w);
	return proto == IPIP ? 4 : proto == IPV6 ? 6 : 0;
}

/* The protocol behind GUE's header. */
static uint8_t skip_gue(struct walk *w, bool *remote)
{
	const uint8_t *p = need(w, 8);

	*remote = get16(p + 2) == GUE_PRIVATE && get32(p + 4) == GUE_REMCSUM;
	w->at += 4 + (p[0] & 0x1fu) * 4;
	return p[0] >> 5 ? 0 : p[1];
}

/* FOU has no header: the kind of device knows. */
static uint8_t fou_proto(const struct walk *w, const struct tunnel_dev *t)
{
	if (t->gso_type & SEGOFF_GSO_GRE)
		return GRE;
	return need(w, 1)[0] >> 4 == 4 ? IPIP : IPV6;
}

/* Over UDP and what it has inside. */
static uint8_t skip_udp(struct walk *w, const struct tunnel_dev *t,
			bool *remote)
{
	const uint8_t *p = need(w, 16);

	w->at += 8;
	if (t->encap == TUNNEL_ENCAP_FOU)
		return skip_proto(w, fou_proto(w, t));
	if (t->encap == TUNNEL_ENCAP_GUE)
		return skip_proto(w, skip_gue(w, remote));
	w->at += TUNNEL_HLEN;
	if (get16(p + 2) == GPE_PORT)
		return p[11] == 1 ? 4 : p[11] == 2 ? 6 : 0;
	if (get16(p + 2) == GENEVE_PORT)
		w->at += (p[8] & 0x3fu) * 4;
	else
		*remote = p[9] & VXLAN_REMCSUM;
	return 1;
}

/* Over what is between the IP headers: the same as skip_gre(). */
static uint8_t skip_tunnel(struct walk *w, const struct tunnel_dev *t,
			   uint8_t proto, bool *remote)
{
	uint8_t inner = 0;

	if (proto == UDP)
		inner = skip_udp(w, t, remote);
	else if (!t->encap)
		inner = skip_proto(w, proto);
	return (inner == 1) == t->ethernet ? inner : 0;
}

/* Up to the inner IP header; that of a packet in no tunnel is both. */
static void find_outer(struct layers *l, const struct tunnel_dev *t,
		       struct walk *w)
{
	uint8_t inner;

	l->outer = skip_link(w);
	l->net = w->at;
	l->inner = l->outer;
	if (tunnel_is_none(t))
		return;
	if (t->outer) {
		l->tunnel_proto = skip_ip(w, l->outer);
		l->th = w->at;
		inner = skip_tunnel(w, t, l->tunnel_proto, &l->remote);
	} else {
		inner = skip_labels(w);
	}
	l->inner_mac = w->at;
	l->inner = inner == 1 ? skip_link(w) : inner;
}

bool layers_find(struct layers *l, const struct tunnel_dev *t,
		 const uint8_t *frame, size_t len)
{
	struct walk w = { frame, len, 0 };

	memset(l, 0, sizeof(*l)); /* they are compared as bytes */
	find_outer(l, t, &w);
	l->inner_net = w.at;
	l->proto = skip_ip(&w, l->inner);
	l->inner_th = w.at;
	w.at += l->proto == TCP ? (need(&w, 20)[12] >> 4) * 4u : 8;
	l->payload = w.at;
	return w.at <= len && (tunnel_is_none(t) || l->outer == t->outer) &&
	       l->inner && (l->proto == TCP || l->proto == UDP);
}

void tunnel_lengths(const struct layers *l, const struct tunnel_dev *t,
		    uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + l->net, *udp = frame + l->th;
	size_t n = len - l->th;
	uint64_t seed = UDP + n;

	if (l->outer == 6) {
		put16(ip + 4, (uint32_t)(len - l->net - 40));
		seed += wire_sum(ip + 8, 32);
	} else {
		put16(ip + 2, (uint32_t)(len - l->net));
		put16(ip + 10, 0);
		put16(ip + 10,
		      0xffffu ^ wire_fold(wire_sum(ip, (ip[0] & 15u) * 4)));
		seed += wire_sum(ip + 12, 8);
	}
	if (l->tunnel_proto != UDP)
		return;
	put16(udp + 4, (uint32_t)n);
	if (t->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM)
		put16(udp + 6, wire_fold(seed));
}

/* SPDX-License-Identifier: MIT */
/* tunnel_layers.c - where the headers of a packet in a tunnel are */
#include <string.h>

#include <segoff.h>

#include "tunnel_dev.h"
#include "wire.h"

#define ETH_LEN	    14
#define UDP	    17
#define TCP	    6
#define GRE	    47
#define IPIP	    4
#define IPV6	    41
#define HOPOPTS	    0
#define ROUTING	    43
#define DSTOPTS	    60
#define GENEVE_PORT 6081
#define TUNNEL_HLEN 8 /* of VXLAN and of Geneve without options */

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

/* Over a link header with its tags; returns the IP version. */
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

/* Over what is between the IP headers; returns the inner IP version or 0. */
static uint8_t skip_tunnel(struct walk *w, const struct tunnel_dev *t,
			   uint8_t proto)
{
	const uint8_t *p = need(w, proto == UDP ? 16 : 4);

	if (proto == IPIP || proto == IPV6)
		return proto == IPIP ? 4 : 6;
	if (proto == GRE) {
		w->at += 4u + (p[0] >> 7 & 1) * 4u + (p[0] >> 5 & 1) * 4u;
		if (!t->ethernet)
			return get16(p + 2) == 0x0800 ? 4 : 6;
		return get16(p + 2) == 0x6558 ? 1 : 0;
	}
	if (proto != UDP)
		return 0;
	w->at += 8 + TUNNEL_HLEN;
	if (get16(p + 2) == GENEVE_PORT)
		w->at += (p[8] & 0x3fu) * 4;
	return 1;
}

bool layers_find(struct layers *l, const struct tunnel_dev *t,
		 const uint8_t *frame, size_t len)
{
	struct walk w = { frame, len, 0 };

	memset(l, 0, sizeof(*l)); /* they are compared as bytes */
	l->outer = skip_link(&w);
	l->net = w.at;
	l->tunnel_proto = skip_ip(&w, l->outer);
	l->th = w.at;
	l->inner = skip_tunnel(&w, t, l->tunnel_proto);
	l->inner_mac = w.at;
	if (t->ethernet && l->inner)
		l->inner = skip_link(&w);
	l->inner_net = w.at;
	l->proto = skip_ip(&w, l->inner);
	l->inner_th = w.at;
	w.at += l->proto == TCP ? (need(&w, 20)[12] >> 4) * 4u : 8;
	l->payload = w.at;
	return w.at <= len && l->outer == t->outer && l->inner &&
	       (l->proto == TCP || l->proto == UDP);
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

/* SPDX-License-Identifier: MIT */
/* ref_dissect.c - what segoff_dissect() documents, layer by layer */
#include "ref.h"

static void layer(struct segoff_stack *st, unsigned int proto, size_t off,
		  size_t len)
{
	struct segoff_layer *l = &st->layer[st->nlayer++];

	l->proto = (uint16_t)proto;
	l->off = (uint16_t)off;
	l->len = (uint32_t)len;
	st->payload = (uint32_t)(off + len);
}

/* Where the EtherType of a link layer leads, in fixed bytes and in tags. */
static void link_layers(const struct ref_pkt *p, const struct ref_walk *w,
			struct segoff_stack *st)
{
	static const struct {
		unsigned int proto;
		size_t size;
	} first[SEGOFF_LINK_COUNT] = {
		[SEGOFF_LINK_ETHERNET] = { SEGOFF_P_ETHERNET, 14 },
		[SEGOFF_LINK_LINUX_SLL] = { SEGOFF_P_SLL, 16 },
		[SEGOFF_LINK_LINUX_SLL2] = { SEGOFF_P_SLL2, 20 },
		[SEGOFF_LINK_NULL] = { SEGOFF_P_NULL, 4 },
		[SEGOFF_LINK_LOOP] = { SEGOFF_P_NULL, 4 },
	};
	size_t size;

	if (p->link >= SEGOFF_LINK_COUNT || p->link == SEGOFF_LINK_RAW)
		return;
	size = first[p->link].size;
	if (p->len < size)
		return;
	layer(st, first[p->link].proto, 0, size);
	for (size_t i = 0; i < w->ntag; i++)
		layer(st, SEGOFF_P_VLAN, size + 4 * i, 4);
}

static enum segoff_verdict tcp(const struct ref_pkt *p, struct segoff_stack *st)
{
	size_t at = st->payload, len;

	if (p->len - at < 20)
		return SEGOFF_V_TRUNCATED;
	len = (size_t)(p->at[at + 12] >> 4) * 4;
	if (len < 20)
		return SEGOFF_V_TCP_HEADER;
	if (p->len - at < len)
		return SEGOFF_V_TRUNCATED;
	layer(st, SEGOFF_P_TCP, at, len);
	return SEGOFF_V_OK;
}

static enum segoff_verdict udp(const struct ref_pkt *p, struct segoff_stack *st)
{
	if (p->len - st->payload < 8)
		return SEGOFF_V_TRUNCATED;
	layer(st, SEGOFF_P_UDP, st->payload, 8);
	return SEGOFF_V_OK;
}

/* IPIP, SIT and GRE are recognised; nothing else is told apart. */
static enum segoff_verdict transport(const struct ref_pkt *p,
				     struct segoff_stack *st)
{
	switch (st->ip_proto) {
	case 6:
		return tcp(p, st);
	case 17:
		return udp(p, st);
	case 4:
	case 41:
	case 47:
		return SEGOFF_V_TUNNEL;
	}
	return SEGOFF_V_TRANSPORT;
}

static void ip_layer(struct segoff_stack *st, unsigned int proto, int version,
		     size_t off, size_t len)
{
	st->net = st->nlayer;
	st->ip_version = (uint8_t)version;
	layer(st, proto, off, len);
}

static enum segoff_verdict ipv4(const struct ref_pkt *p, size_t net,
				struct segoff_stack *st)
{
	const uint8_t *ip = p->at + net;
	size_t ihl;

	if (p->len - net < 20)
		return SEGOFF_V_TRUNCATED;
	ihl = (size_t)(ip[0] & 15) * 4;
	if (ip[0] >> 4 != 4 || ihl < 20)
		return SEGOFF_V_IP_HEADER;
	if (p->len - net < ihl)
		return SEGOFF_V_TRUNCATED;
	ip_layer(st, SEGOFF_P_IPV4, 4, net, ihl);
	st->ip_proto = ip[9];
	st->fragment = ref_get16(ip + 6) & 0x3fff;
	return st->fragment ? SEGOFF_V_FRAGMENT : transport(p, st);
}

static enum segoff_verdict ipv6(const struct ref_pkt *p, size_t net,
				struct segoff_stack *st)
{
	const uint8_t *ip = p->at + net;
	size_t len = 40, ext;

	if (p->len - net < 40)
		return SEGOFF_V_TRUNCATED;
	if (ip[0] >> 4 != 6)
		return SEGOFF_V_IP_HEADER;
	st->ip_proto = ip[6];
	while (st->ip_proto == 0 || st->ip_proto == 43 || st->ip_proto == 60) {
		ext = p->len - net - len < 8 ? 0 :
					       ((size_t)ip[len + 1] + 1) * 8;
		if (ext == 0 || p->len - net - len < ext) {
			ip_layer(st, SEGOFF_P_IPV6, 6, net, len);
			return SEGOFF_V_TRUNCATED;
		}
		if (net + len + ext > 65535)
			return SEGOFF_V_DEPTH;
		st->ip_proto = ip[len];
		len += ext;
	}
	ip_layer(st, SEGOFF_P_IPV6, 6, net, len);
	st->fragment = st->ip_proto == 44;
	if (st->fragment)
		return SEGOFF_V_FRAGMENT;
	return ref_is_extension(st->ip_proto) ? SEGOFF_V_EXT_HEADER :
						transport(p, st);
}

enum segoff_verdict ref_dissect(const struct ref_pkt *p,
				struct segoff_stack *st)
{
	struct ref_walk w;

	*st = (struct segoff_stack){ .len = p->len };
	st->end = ref_walk_link(p, &w);
	link_layers(p, &w, st);
	if (st->end == SEGOFF_V_OK)
		st->end = w.version == 4 ? ipv4(p, w.net, st) :
					   ipv6(p, w.net, st);
	return st->end;
}

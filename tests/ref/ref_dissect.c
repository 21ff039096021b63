/* SPDX-License-Identifier: MIT */
/* ref_dissect.c - what segoff_dissect() documents, layer by layer */
#include "ref_nest.h"

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

enum segoff_verdict ref_dissect_tcp(struct ref_nest *n)
{
	size_t there = n->p->len - n->at, len;

	if (there < 20)
		return SEGOFF_V_TRUNCATED;
	len = (size_t)(n->p->at[n->at + 12] >> 4) * 4;
	if (len < 20)
		return SEGOFF_V_TCP_HEADER;
	return ref_nest_take(n, SEGOFF_P_TCP, len);
}

static enum segoff_verdict ipv4(struct ref_nest *n)
{
	const uint8_t *ip = n->p->at + n->at;
	enum segoff_verdict v;
	size_t ihl;

	if (n->p->len - n->at < 20)
		return SEGOFF_V_TRUNCATED;
	ihl = (size_t)(ip[0] & 15) * 4;
	if (ip[0] >> 4 != 4 || ihl < 20)
		return SEGOFF_V_IP_HEADER;
	v = ref_nest_take(n, SEGOFF_P_IPV4, ihl);
	if (v != SEGOFF_V_OK)
		return v;
	n->ip_proto = ip[9];
	n->fragment = ref_get16(ip + 6) & 0x3fff;
	return n->fragment ? SEGOFF_V_FRAGMENT : SEGOFF_V_OK;
}

/* Bytes of the next extension header; 0: it is not all there. */
static size_t extension(const struct ref_nest *n, size_t at)
{
	size_t there = n->p->len - at, len;

	if (there < 8)
		return 0;
	len = ((size_t)n->p->at[at + 1] + 1) * 8;
	return len > there ? 0 : len;
}

static enum segoff_verdict ipv6(struct ref_nest *n)
{
	const uint8_t *ip = n->p->at + n->at;
	enum segoff_verdict v = SEGOFF_V_OK;
	size_t len = 40, more;
	uint8_t proto;

	if (n->p->len - n->at < 40)
		return SEGOFF_V_TRUNCATED;
	if (ip[0] >> 4 != 6)
		return SEGOFF_V_IP_HEADER;
	proto = ip[6];
	while (proto == 0 || proto == 43 || proto == 60) {
		more = extension(n, n->at + len);
		if (!more)
			v = SEGOFF_V_TRUNCATED;
		if (!more || n->at + len + more > 65535)
			break;
		proto = ip[len];
		len += more;
	}
	n->ip_proto = proto;
	if (v == SEGOFF_V_OK && (proto == 0 || proto == 43 || proto == 60))
		return SEGOFF_V_DEPTH;
	n->fragment = v == SEGOFF_V_OK && proto == 44;
	if (ref_nest_take(n, SEGOFF_P_IPV6, len) != SEGOFF_V_OK)
		return SEGOFF_V_DEPTH;
	if (n->fragment)
		return SEGOFF_V_FRAGMENT;
	return v == SEGOFF_V_OK && ref_is_extension(proto) ?
		       SEGOFF_V_EXT_HEADER :
		       v;
}

enum segoff_verdict ref_dissect_ip(struct ref_nest *n)
{
	n->w.end = n->w.version == 4 ? ipv4(n) : ipv6(n);
	n->w.proto = n->ip_proto;
	n->w.th = n->at;
	return n->w.end;
}

enum segoff_verdict ref_dissect_ports(const struct ref_pkt *p,
				      const struct segoff_ports *ports,
				      struct segoff_stack *st)
{
	struct ref_nest n = { .p = p, .ports = ports };
	struct ref_walk w;

	*st = (struct segoff_stack){ .len = p->len };
	ref_walk_link(p, &w);
	link_layers(p, &w, st);
	st->end = ref_nest_walk(&n);
	for (size_t i = 0; i < n.n; i++) {
		const struct ref_layer *l = &n.layer[i];

		if (l->proto == SEGOFF_P_IPV4 || l->proto == SEGOFF_P_IPV6) {
			st->net = st->nlayer;
			st->ip_version = l->proto == SEGOFF_P_IPV4 ? 4 : 6;
		}
		layer(st, l->proto, l->off, l->len);
	}
	st->ip_proto = n.ip_proto;
	st->fragment = n.fragment;
	return st->end;
}

enum segoff_verdict ref_dissect(const struct ref_pkt *p,
				struct segoff_stack *st)
{
	return ref_dissect_ports(p, NULL, st);
}

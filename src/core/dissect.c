/* SPDX-License-Identifier: MIT */
/*
 * dissect.c - one cursor that walks the headers of a packet
 *
 * Each protocol finds the end of its own header and names the next one; the
 * loop here only counts. Headers must lie in the first piece, so a header that
 * crosses into the second counts as truncated.
 *
 * Only UDP does not name what is behind it. The metadata of a superpacket
 * knows; without it, the port does.
 */
#include "dissect.h"

/* EtherTypes allow 8 tags (vlan_get_protocol_and_depth). */
#define VLAN_MAX 8

#define GSO_UDP_TUNNEL (SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_UDP_TUNNEL_CSUM)

static enum segoff_proto first_proto(unsigned int link, const uint8_t *p,
				     size_t avail)
{
	switch (link) {
	case SEGOFF_LINK_ETHERNET:
		return SEGOFF_P_ETHERNET;
	case SEGOFF_LINK_LINUX_SLL:
		return SEGOFF_P_SLL;
	case SEGOFF_LINK_LINUX_SLL2:
		return SEGOFF_P_SLL2;
	case SEGOFF_LINK_NULL:
	case SEGOFF_LINK_LOOP:
		return SEGOFF_P_NULL;
	case SEGOFF_LINK_RAW:
		if (!avail)
			return SEGOFF_P_NONE;
		if (p[0] >> 4 == 4)
			return SEGOFF_P_IPV4;
		return p[0] >> 4 == 6 ? SEGOFF_P_IPV6 : SEGOFF_P_NONE;
	default:
		return SEGOFF_P_NONE;
	}
}

static enum segoff_verdict no_first(unsigned int link, size_t avail)
{
	if (link >= SEGOFF_LINK_COUNT)
		return SEGOFF_V_LINK;
	return avail ? SEGOFF_V_NOT_IP : SEGOFF_V_TRUNCATED;
}

/* A walk under way. */
struct walk {
	const struct segoff__route *r;
	const uint8_t *p;
	size_t avail;
	unsigned int tags;
	struct segoff__ips ips;
};

static void push_ip(struct walk *w, struct segoff_stack *st,
		    enum segoff_proto proto, const struct segoff__hop *hop)
{
	unsigned int before = SEGOFF_P_NONE;

	if (st->nlayer)
		before = st->layer[st->nlayer - 1].proto;
	if (is_ip(before))
		w->ips.types |= ipxip_of(before);
	w->ips.count++;
	st->net = st->nlayer;
	st->ip_version = proto == SEGOFF_P_IPV4 ? 4 : 6;
	st->ip_proto = hop->ip_proto;
	st->fragment = hop->fragment;
}

/* Take down a header that was walked; false: there is no room. */
static bool push(struct walk *w, struct segoff_stack *st,
		 enum segoff_proto proto, const struct segoff__hop *hop)
{
	struct segoff_layer *l = &st->layer[st->nlayer];

	if (st->nlayer == SEGOFF_LAYERS_MAX ||
	    st->payload + hop->len > HEADERS_MAX)
		return false;
	l->proto = (uint16_t)proto;
	l->off = (uint16_t)st->payload;
	l->len = hop->len;
	if (is_ip(proto))
		push_ip(w, st, proto, hop);
	st->nlayer++;
	st->payload += hop->len;
	return true;
}

/* Does the metadata say that this UDP header is of a tunnel? */
static bool says_tunnel(const struct segoff_meta *m, uint32_t at)
{
	if (!m->encapsulation || !(m->gso_type & GSO_UDP_TUNNEL) ||
	    m->inner_th_off == at)
		return false;
	return m->ip_summed != SEGOFF_CHECKSUM_PARTIAL || m->csum_start != at;
}

/*
 * What metadata steps over, to the header that it points at: a link header, or
 * the IP header, of which nothing but the version can be said.
 */
static void step_over(const struct segoff_meta *m, const uint8_t *p,
		      size_t avail, uint32_t from, struct segoff__hop *hop)
{
	bool mac = m->inner_mac_off >= from &&
		   m->inner_mac_off < m->inner_net_off;
	uint32_t to = mac ? m->inner_mac_off : m->inner_net_off;

	if (to - from > avail) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = to - from;
	if (mac)
		hop->next = SEGOFF_P_ETHERNET;
	else if (m->inner_protocol == 0x0800 || m->inner_protocol == 0x86dd)
		hop_tunnel_type(hop, m->inner_protocol);
	else
		hop_version(hop, p + hop->len, avail - hop->len);
}

/* Does the metadata name the innermost transport header? */
static bool names_innermost(const struct segoff_meta *m)
{
	return m->ip_summed == SEGOFF_CHECKSUM_PARTIAL || m->inner_th_off;
}

/*
 * What is behind a UDP header: payload, or a tunnel. A header that is none of
 * the tunnel's is payload of somebody who uses its port.
 */
static enum segoff_proto behind_udp(const struct walk *w,
				    const struct segoff_stack *st,
				    const uint8_t *udp, size_t avail,
				    struct segoff__hop *hop)
{
	const struct segoff_meta *m = w->r->meta;
	uint32_t at = st->payload;
	enum segoff_proto kind;

	*hop = (struct segoff__hop){ .end = SEGOFF_V_OK };
	if (m && !says_tunnel(m, at - UDP_LEN))
		return SEGOFF_P_NONE;
	/* behind the outermost IP header: Linux, too, finds that by itself */
	if (m && w->ips.count == 1 && m->inner_net_off >= at) {
		step_over(m, udp + UDP_LEN, avail, at, hop);
		return SEGOFF_P_TUNNEL;
	}
	kind = segoff__port_kind(w->r->ports, load16(udp + 2));
	if (kind != SEGOFF_P_NONE)
		segoff__protos[kind]->walk(udp + UDP_LEN, avail, hop);
	if (hop->len || hop->next != SEGOFF_P_NONE)
		return kind;
	/* metadata knows better */
	if (!m || (kind == SEGOFF_P_NONE && !names_innermost(m)))
		return SEGOFF_P_NONE;
	if (kind == SEGOFF_P_NONE)
		hop_end(hop, SEGOFF_V_TUNNEL);
	return SEGOFF_P_TUNNEL;
}

/* Take a header down and see what is next; NONE: the end. */
static enum segoff_proto take(struct walk *w, struct segoff_stack *st,
			      enum segoff_proto proto,
			      const struct segoff__hop *hop)
{
	st->end = hop->end;
	if (hop->contradicts && !w->r->as_kernel)
		st->end = SEGOFF_V_IP_HEADER;
	else if (hop->len && !push(w, st, proto, hop))
		st->end = SEGOFF_V_DEPTH;
	else if (hop->fragment && !w->r->as_kernel)
		st->end = SEGOFF_V_FRAGMENT;
	else
		return hop->next;
	return SEGOFF_P_NONE;
}

static enum segoff_proto step(struct walk *w, struct segoff_stack *st,
			      enum segoff_proto proto)
{
	struct segoff__hop hop = { .end = SEGOFF_V_OK };
	const uint8_t *udp;

	if (proto != SEGOFF_P_VLAN)
		w->tags = 0;
	else if (++w->tags > VLAN_MAX) {
		st->end = SEGOFF_V_VLAN_DEPTH;
		return SEGOFF_P_NONE;
	}
	udp = w->p + st->payload;
	segoff__protos[proto]->walk(udp, w->avail - st->payload, &hop);
	if (proto != SEGOFF_P_UDP || !hop.len)
		return take(w, st, proto, &hop);
	take(w, st, proto, &hop);
	if (st->end != SEGOFF_V_OK)
		return SEGOFF_P_NONE;
	proto = behind_udp(w, st, udp, w->avail - st->payload, &hop);
	return proto == SEGOFF_P_NONE ? proto : take(w, st, proto, &hop);
}

struct segoff__ips segoff__walk(const struct segoff_pkt *pkt,
				const struct segoff__route *r,
				struct segoff_stack *st)
{
	struct walk w = { .r = r, .p = segoff__head(pkt) };
	enum segoff_proto proto;

	w.avail = pkt->niov ? pkt->iov[0].iov_len : 0;
	st->nlayer = 0;
	st->ip_proto = 0;
	st->fragment = false;
	st->net = 0;
	st->ip_version = 0;
	st->payload = 0;
	st->len = segoff__bytes(pkt);
	st->end = no_first(pkt->link, w.avail);
	proto = first_proto(pkt->link, w.p, w.avail);
	while (proto != SEGOFF_P_NONE)
		proto = step(&w, st, proto);
	return w.ips;
}

void segoff__walk_plain(const struct segoff_pkt *pkt, bool as_kernel,
			struct segoff_stack *st)
{
	static const struct segoff_meta no_tunnel;
	const struct segoff__route r = { .meta = &no_tunnel,
					 .as_kernel = as_kernel };

	segoff__walk(pkt, &r, st);
}

enum segoff_verdict segoff_dissect_ports(const struct segoff_pkt *pkt,
					 const struct segoff_ports *ports,
					 struct segoff_stack *st)
{
	const struct segoff__route r = { .ports = ports };

	segoff__walk(pkt, &r, st);
	return st->end;
}

enum segoff_verdict segoff_dissect(const struct segoff_pkt *pkt,
				   struct segoff_stack *st)
{
	return segoff_dissect_ports(pkt, NULL, st);
}

/* SPDX-License-Identifier: MIT */
/* ref_nest_walk.c - headers of packets in packets, one after the other */
#include <errno.h>

#include "ref_nest.h"

/* Tags behind one link header at most (R-IP-7). */
#define REF_TAGS_MAX 8

static enum segoff_verdict ether_type(struct ref_nest *n, uint16_t type);
static enum segoff_verdict ip_proto(struct ref_nest *n, uint8_t proto);
static enum segoff_verdict ip(struct ref_nest *n, int version);

/* Errors of headers that are no IP headers. */
static enum segoff_verdict stop(struct ref_nest *n, enum segoff_verdict v)
{
	n->err = -EINVAL;
	if (v == SEGOFF_V_NOT_IP || v == SEGOFF_V_TRANSPORT)
		n->err = -EPROTONOSUPPORT;
	if (v == SEGOFF_V_GRE_SEQ)
		n->err = -EOPNOTSUPP;
	return v;
}

static size_t left(const struct ref_nest *n)
{
	return n->p->len - n->at;
}

enum segoff_verdict ref_nest_take(struct ref_nest *n, unsigned int proto,
				  size_t len)
{
	if (left(n) < len)
		return stop(n, SEGOFF_V_TRUNCATED);
	if (n->nlink + n->n == SEGOFF_LAYERS_MAX || n->at + len > 65535)
		return stop(n, SEGOFF_V_DEPTH);
	n->layer[n->n++] =
		(struct ref_layer){ .proto = proto, .off = n->at, .len = len };
	n->at += len;
	return SEGOFF_V_OK;
}

/* The version is in the first four bits. */
static enum segoff_verdict by_nibble(struct ref_nest *n)
{
	int version;

	if (left(n) < 1)
		return stop(n, SEGOFF_V_TRUNCATED);
	version = n->p->at[n->at] >> 4;
	if (version != 4 && version != 6)
		return stop(n, SEGOFF_V_NOT_IP);
	return ip(n, version);
}

/* RFC 3032: bytes of labels up to the bottom of the stack; 0: it has none. */
static size_t labels(const struct ref_nest *n)
{
	size_t len = 0;

	do {
		len += 4;
		if (left(n) < len)
			return 0;
	} while (!(n->p->at[n->at + len - 2] & 1));
	return len;
}

static enum segoff_verdict mpls(struct ref_nest *n)
{
	size_t len = labels(n);
	enum segoff_verdict v;

	if (!len)
		return stop(n, SEGOFF_V_TRUNCATED);
	v = ref_nest_take(n, SEGOFF_P_MPLS, len);
	return v == SEGOFF_V_OK ? by_nibble(n) : v;
}

/* RFC 2516, 4: a session; RFC 1332, RFC 5072: IP in it */
static enum segoff_verdict pppoe(struct ref_nest *n)
{
	const uint8_t *h = n->p->at + n->at;
	enum segoff_verdict v = ref_nest_take(n, SEGOFF_P_PPPOE, 8);

	if (v != SEGOFF_V_OK)
		return v;
	if (h[0] != 0x11 || h[1] != 0)
		return stop(n, SEGOFF_V_NOT_IP);
	if (ref_get16(h + 6) == 0x0021)
		return ip(n, 4);
	if (ref_get16(h + 6) == 0x0057)
		return ip(n, 6);
	return stop(n, SEGOFF_V_NOT_IP);
}

static enum segoff_verdict tags(struct ref_nest *n, uint16_t type)
{
	for (size_t i = 0; type == 0x8100 || type == 0x88a8; i++) {
		enum segoff_verdict v;

		if (i == REF_TAGS_MAX)
			return stop(n, SEGOFF_V_VLAN_DEPTH);
		v = ref_nest_take(n, SEGOFF_P_VLAN, 4);
		if (v != SEGOFF_V_OK)
			return v;
		type = ref_get16(n->p->at + n->at - 2);
	}
	return ether_type(n, type);
}

static enum segoff_verdict ethernet(struct ref_nest *n)
{
	enum segoff_verdict v = ref_nest_take(n, SEGOFF_P_ETHERNET, 14);

	if (v != SEGOFF_V_OK)
		return v;
	return tags(n, ref_get16(n->p->at + n->at - 2));
}

static enum segoff_verdict ether_type(struct ref_nest *n, uint16_t type)
{
	switch (type) {
	case 0x0800:
		return ip(n, 4);
	case 0x86dd:
		return ip(n, 6);
	case 0x8847:
	case 0x8848:
		return mpls(n);
	case 0x8864:
		return pppoe(n);
	}
	return stop(n, SEGOFF_V_NOT_IP);
}

/*
 * What a tunnel header names: Transparent Ethernet Bridging, or any other. Tags
 * may be there without a link header (__skb_flow_dissect looks behind them).
 */
static enum segoff_verdict tunnel_type(struct ref_nest *n, uint16_t type)
{
	return type == 0x6558 ? ethernet(n) : tags(n, type);
}

/* A checksum and a key, as the flags say. */
static size_t gre_len(uint16_t flags)
{
	return 4 + (flags & 0x8000 ? 4u : 0) + (flags & 0x2000 ? 4u : 0);
}

/* RFC 2784, RFC 2890: version 0, checksum and key, in this order. */
static enum segoff_verdict gre(struct ref_nest *n)
{
	const uint8_t *h = n->p->at + n->at;
	enum segoff_verdict v;
	uint16_t flags;

	if (left(n) < 4)
		return stop(n, SEGOFF_V_TRUNCATED);
	flags = ref_get16(h);
	if (flags & ~0xb000)
		return stop(n, SEGOFF_V_TUNNEL);
	if (flags & 0x1000)
		return stop(n, SEGOFF_V_GRE_SEQ);
	v = ref_nest_take(n, SEGOFF_P_GRE, gre_len(flags));
	return v == SEGOFF_V_OK ? tunnel_type(n, ref_get16(h + 2)) : v;
}

/* Decision: without the I bit it is no VXLAN, whatever metadata say. */
static enum segoff_verdict vxlan_header(struct ref_nest *n, unsigned int kind)
{
	const uint8_t *h = n->p->at + n->at;

	if (left(n) >= 8 && !(h[0] & 0x08))
		return stop(n, SEGOFF_V_TUNNEL);
	return ref_nest_take(n, kind, 8);
}

static enum segoff_verdict vxlan(struct ref_nest *n)
{
	enum segoff_verdict v = vxlan_header(n, SEGOFF_P_VXLAN);

	return v == SEGOFF_V_OK ? ethernet(n) : v;
}

/* Without the P bit it is VXLAN as any other. */
static enum segoff_verdict vxlan_gpe(struct ref_nest *n)
{
	const uint8_t *h = n->p->at + n->at;
	enum segoff_verdict v = vxlan_header(n, SEGOFF_P_VXLAN_GPE);

	if (v != SEGOFF_V_OK)
		return v;
	if (h[0] & 0x31) /* another version, or for those who keep it going */
		return stop(n, SEGOFF_V_TUNNEL);
	if (!(h[0] & 0x04))
		return ethernet(n);
	switch (h[3]) {
	case 1:
		return ip(n, 4);
	case 2:
		return ip(n, 6);
	case 3:
		return ethernet(n);
	}
	return stop(n, SEGOFF_V_NOT_IP);
}

/*
 * RFC 8926: version 0, no control packet; six bits of length in words, of
 * options only.
 */
static enum segoff_verdict geneve(struct ref_nest *n)
{
	const uint8_t *h = n->p->at + n->at;
	enum segoff_verdict v;

	if (left(n) < 8)
		return stop(n, SEGOFF_V_TRUNCATED);
	if (h[0] >> 6 || h[1] & 0x80) /* for those who keep it going */
		return stop(n, SEGOFF_V_TUNNEL);
	v = ref_nest_take(n, SEGOFF_P_GENEVE, 8 + (size_t)(h[0] & 63) * 4);
	return v == SEGOFF_V_OK ? tunnel_type(n, ref_get16(h + 2)) : v;
}

/*
 * Version 0 and no control message; five bits of length in words. Version 1 is
 * the first bits of an IP header.
 */
static enum segoff_verdict gue(struct ref_nest *n)
{
	const uint8_t *h = n->p->at + n->at;
	enum segoff_verdict v;

	if (left(n) < 4)
		return stop(n, SEGOFF_V_TRUNCATED);
	if (h[0] >> 6 == 1)
		return by_nibble(n);
	if (h[0] >> 5)
		return stop(n, SEGOFF_V_TUNNEL);
	v = ref_nest_take(n, SEGOFF_P_GUE, 4 + (size_t)(h[0] & 31) * 4);
	if (v != SEGOFF_V_OK)
		return v;
	if (h[1] != 4 && h[1] != 41 && h[1] != 47)
		return stop(n, SEGOFF_V_TUNNEL);
	return ip_proto(n, h[1]);
}

unsigned int ref_port_kind(const struct segoff_ports *ports, uint16_t port)
{
	static const struct segoff_port known[] = {
		{ 4789, SEGOFF_P_VXLAN },     { 8472, SEGOFF_P_VXLAN },
		{ 4790, SEGOFF_P_VXLAN_GPE }, { 6081, SEGOFF_P_GENEVE },
		{ 6080, SEGOFF_P_GUE },	      { 6635, SEGOFF_P_MPLS },
	};
	static const struct segoff_ports all = { known, 6 };

	if (!ports)
		ports = &all;
	for (unsigned int i = 0; i < ports->nport; i++)
		if (ports->port[i].port == port)
			return ports->port[i].kind;
	return SEGOFF_P_NONE;
}

static enum segoff_verdict by_port(struct ref_nest *n, unsigned int kind)
{
	switch (kind) {
	case SEGOFF_P_VXLAN:
		return vxlan(n);
	case SEGOFF_P_VXLAN_GPE:
		return vxlan_gpe(n);
	case SEGOFF_P_GENEVE:
		return geneve(n);
	case SEGOFF_P_GUE:
		return gue(n);
	case SEGOFF_P_GRE:
		return gre(n);
	case SEGOFF_P_MPLS:
		return mpls(n);
	case SEGOFF_P_IPV4:
		return ip(n, 4);
	case SEGOFF_P_IPV6:
		return ip(n, 6);
	}
	return stop(n, SEGOFF_V_TUNNEL);
}

/*
 * What metadata steps over: nobody looks at it. What is behind it the metadata
 * say too; if they do not, the first four bits.
 */
static enum segoff_verdict opaque(struct ref_nest *n)
{
	const struct segoff_meta *m = n->m;
	bool has_mac = m->inner_mac_off >= n->at &&
		       m->inner_mac_off < m->inner_net_off;
	size_t to = has_mac ? m->inner_mac_off : m->inner_net_off;
	enum segoff_verdict v = SEGOFF_V_OK;

	if (to < n->at)
		return stop(n, SEGOFF_V_META_TNL_ORDER);
	if (to > n->at)
		v = ref_nest_take(n, SEGOFF_P_TUNNEL, to - n->at);
	if (v != SEGOFF_V_OK)
		return v;
	if (has_mac)
		return ethernet(n);
	if (m->inner_protocol == 0x0800)
		return ip(n, 4);
	if (m->inner_protocol == 0x86dd)
		return ip(n, 6);
	return by_nibble(n);
}

/* Do metadata say where the outermost tunnel ends, not before @at? */
static bool ends_said(const struct ref_nest *n, size_t at)
{
	return n->nip == 1 && n->m->inner_net_off >= at;
}

/*
 * Is the UDP header at @n->at one of a tunnel? Metadata name the innermost
 * transport header, or the end of the tunnel; if they do not, the port decides.
 */
static bool is_tunnel(const struct ref_nest *n, unsigned int kind)
{
	const struct segoff_meta *m = n->m;

	if (!m)
		return kind != SEGOFF_P_NONE;
	if (!(m->gso_type &
	      (SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_UDP_TUNNEL_CSUM)) ||
	    !m->encapsulation)
		return false;
	if (m->inner_th_off == n->at ||
	    (m->ip_summed == SEGOFF_CHECKSUM_PARTIAL && m->csum_start == n->at))
		return false;
	return m->ip_summed == SEGOFF_CHECKSUM_PARTIAL || m->inner_th_off ||
	       ends_said(n, n->at + 8) || kind != SEGOFF_P_NONE;
}

/*
 * Decision: of a packet of which nothing is said a port alone is not enough. The
 * tunnel's header must be there, and be of a version that is known; VXLAN's must
 * have a network identifier. Else it is UDP as any other.
 */
static bool is_header(const struct ref_nest *n, unsigned int kind)
{
	const uint8_t *h = n->p->at + n->at;

	switch (kind) {
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
		return left(n) >= 8 && h[0] & 0x08;
	case SEGOFF_P_GENEVE:
		return left(n) >= 8 && !(h[0] >> 6) && !(h[1] & 0x80) &&
		       left(n) >= 8 + (size_t)(h[0] & 63) * 4;
	case SEGOFF_P_GUE:
		return left(n) >= 4 &&
		       (h[0] >> 4 == 4 || h[0] >> 4 == 6 ||
			(!(h[0] >> 5) &&
			 left(n) >= 4 + (size_t)(h[0] & 31) * 4));
	case SEGOFF_P_MPLS:
		return labels(n) != 0;
	case SEGOFF_P_IPV4:
		return left(n) >= 20 && (h[0] & 15) >= 5 &&
		       left(n) >= (size_t)(h[0] & 15) * 4;
	case SEGOFF_P_IPV6:
		return left(n) >= 40;
	case SEGOFF_P_GRE:
		return left(n) >= 4 && !(ref_get16(h) & ~0xa000) &&
		       left(n) >= gre_len(ref_get16(h));
	}
	return true;
}

static enum segoff_verdict udp(struct ref_nest *n)
{
	unsigned int kind;

	if (left(n) < 8)
		return stop(n, SEGOFF_V_TRUNCATED);
	kind = ref_port_kind(n->ports, ref_get16(n->p->at + n->at + 2));
	if (!is_tunnel(n, kind))
		return n->m ? SEGOFF_V_OK : ref_nest_take(n, SEGOFF_P_UDP, 8);
	if (ref_nest_take(n, SEGOFF_P_UDP, 8) != SEGOFF_V_OK)
		return SEGOFF_V_DEPTH;
	n->nudp++;
	if (n->m && ends_said(n, n->at))
		return opaque(n);
	return n->m || is_header(n, kind) ? by_port(n, kind) : SEGOFF_V_OK;
}

/* R-TCP-9: a header that is broken. Segmentation takes it apart by itself. */
static enum segoff_verdict walk_tcp(struct ref_nest *n)
{
	size_t len;

	if (left(n) < 20)
		return stop(n, SEGOFF_V_TRUNCATED);
	len = (size_t)(n->p->at[n->at + 12] >> 4) * 4;
	if (len < 20)
		return stop(n, SEGOFF_V_TCP_HEADER);
	return left(n) < len ? stop(n, SEGOFF_V_TRUNCATED) : SEGOFF_V_OK;
}

static enum segoff_verdict ip_proto(struct ref_nest *n, uint8_t proto)
{
	switch (proto) {
	case 4:
		return ip(n, 4);
	case 41:
		return ip(n, 6);
	case 47:
		return gre(n);
	case 17:
		return udp(n);
	case 6:
		return n->m ? walk_tcp(n) : ref_dissect_tcp(n);
	case 132:
		return n->m ? SEGOFF_V_OK : ref_nest_take(n, SEGOFF_P_SCTP, 12);
	}
	return stop(n, SEGOFF_V_TRANSPORT);
}

/* As segmentation walks it. Tunnels are walked into here, not there. */
static enum segoff_verdict walk_ip(struct ref_nest *n)
{
	ref_walk_ip(n->p, &n->w);
	if (n->w.end != SEGOFF_V_OK && n->w.end != SEGOFF_V_TUNNEL) {
		n->err = ref_walk_error(&n->w);
		return n->w.end;
	}
	return ref_nest_take(n,
			     n->w.version == 4 ? SEGOFF_P_IPV4 : SEGOFF_P_IPV6,
			     n->w.th - n->w.net);
}

static enum segoff_verdict ip(struct ref_nest *n, int version)
{
	const struct ref_layer *above = n->n ? &n->layer[n->n - 1] : NULL;
	struct ref_walk w = { .net = n->at, .version = version };
	bool inner = above && (above->proto == SEGOFF_P_IPV4 ||
			       above->proto == SEGOFF_P_IPV6);
	enum segoff_verdict v;

	n->w = w;
	v = n->m || n->as_kernel ? walk_ip(n) : ref_dissect_ip(n);
	if (v != SEGOFF_V_OK)
		return v;
	n->layer[n->n - 1].w = n->w;
	n->layer[n->n - 1].inner = inner;
	n->nip++;
	return ip_proto(n, n->w.proto);
}

/* The outermost link header, and what it says is next. */
static enum segoff_verdict link_layer(struct ref_nest *n)
{
	struct ref_walk w;

	ref_walk_link(n->p, &w);
	n->at = w.net;
	n->nlink = w.ntag + (n->p->link != SEGOFF_LINK_RAW);
	if (w.end == SEGOFF_V_OK)
		return ip(n, w.version);
	n->err = ref_walk_error(&w);
	if (w.end != SEGOFF_V_NOT_IP || n->p->link == SEGOFF_LINK_RAW ||
	    n->p->link >= SEGOFF_LINK_NULL)
		return w.end;
	if (n->p->link == SEGOFF_LINK_LINUX_SLL2 && !w.ntag)
		return ether_type(n, ref_get16(n->p->at));
	return ether_type(n, ref_get16(n->p->at + n->at - 2));
}

enum segoff_verdict ref_nest_walk(struct ref_nest *n)
{
	n->n = n->at = n->nip = n->nudp = 0;
	n->nlink = n->ip_proto = n->fragment = 0;
	n->err = 0;
	n->end = link_layer(n);
	if (n->end == SEGOFF_V_OK)
		n->err = 0;
	n->w.end = n->end;
	return n->end;
}

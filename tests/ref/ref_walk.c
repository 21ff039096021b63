/* SPDX-License-Identifier: MIT */
/* ref_walk.c - headers, one byte after the other, as segmentation meets them */
#include <errno.h>

#include "ref.h"

/* Tags that are walked at most (R-IP-7). */
#define REF_TAGS_MAX 8

/* What the link layer says the next header is. */
static enum segoff_verdict ether_type(struct ref_walk *w, uint16_t type)
{
	w->version = type == 0x0800 ? 4 : type == 0x86dd ? 6 : 0;
	return w->version ? SEGOFF_V_OK : SEGOFF_V_NOT_IP;
}

/* @type is what precedes @w->net: tags as long as it says so. */
static enum segoff_verdict tags(const struct ref_pkt *p, struct ref_walk *w,
				uint16_t type)
{
	while (type == 0x8100 || type == 0x88a8) {
		if (w->ntag == REF_TAGS_MAX)
			return SEGOFF_V_VLAN_DEPTH;
		if (p->len < w->net + 4)
			return SEGOFF_V_TRUNCATED;
		type = ref_get16(p->at + w->net + 2);
		w->net += 4;
		w->ntag++;
	}
	return ether_type(w, type);
}

static enum segoff_verdict raw(const struct ref_pkt *p, struct ref_walk *w)
{
	if (p->len < 1)
		return SEGOFF_V_TRUNCATED;
	w->version = p->at[0] >> 4;
	if (w->version == 4 || w->version == 6)
		return SEGOFF_V_OK;
	w->version = 0;
	return SEGOFF_V_NOT_IP;
}

/*
 * Loopback: 2 is AF_INET everywhere; AF_INET6 is 10 on Linux, and 24, 28 or 30
 * on the systems that have this link layer.
 */
static enum segoff_verdict family(struct ref_walk *w, uint32_t af)
{
	w->version = af == 2 ? 4 : 0;
	if (af == 10 || af == 24 || af == 28 || af == 30)
		w->version = 6;
	return w->version ? SEGOFF_V_OK : SEGOFF_V_NOT_IP;
}

static enum segoff_verdict loopback(const struct ref_pkt *p, struct ref_walk *w)
{
	uint32_t af;

	w->net = 4;
	if (p->len < 4)
		return SEGOFF_V_TRUNCATED;
	af = ref_get32(p->at);
	if (family(w, af) != SEGOFF_V_OK)
		af = (uint32_t)p->at[3] << 24 | (uint32_t)p->at[2] << 16 |
		     (uint32_t)p->at[1] << 8 | p->at[0];
	return family(w, af);
}

/* A fixed link header of @size bytes with its EtherType at @type_at. */
static enum segoff_verdict fixed(const struct ref_pkt *p, struct ref_walk *w,
				 size_t size, size_t type_at)
{
	if (p->len < size)
		return SEGOFF_V_TRUNCATED;
	w->net = size;
	return tags(p, w, ref_get16(p->at + type_at));
}

enum segoff_verdict ref_walk_link(const struct ref_pkt *p, struct ref_walk *w)
{
	*w = (struct ref_walk){ .end = SEGOFF_V_LINK };
	switch (p->link) {
	case SEGOFF_LINK_ETHERNET:
		w->end = fixed(p, w, 14, 12);
		break;
	case SEGOFF_LINK_LINUX_SLL:
		w->end = fixed(p, w, 16, 14);
		break;
	case SEGOFF_LINK_LINUX_SLL2:
		w->end = fixed(p, w, 20, 0);
		break;
	case SEGOFF_LINK_RAW:
		w->end = raw(p, w);
		break;
	case SEGOFF_LINK_NULL:
	case SEGOFF_LINK_LOOP:
		w->end = loopback(p, w);
		break;
	}
	return w->end;
}

/*
 * Extension headers that nobody walks: ESP, AH, Mobility, HIP and Shim6
 * (RFC 7045).
 */
bool ref_is_extension(uint8_t proto)
{
	return proto == 50 || proto == 51 || proto == 135 || proto == 139 ||
	       proto == 140;
}

/* IPIP, SIT and GRE have segmenters, which refuse what is no tunnel. */
static enum segoff_verdict transport(uint8_t proto)
{
	if (proto == 4 || proto == 41 || proto == 47)
		return SEGOFF_V_TUNNEL;
	return proto == 6 || proto == 17 || proto == 132 ? SEGOFF_V_OK :
							   SEGOFF_V_TRANSPORT;
}

/*
 * IPv4: the version nibble, total length, checksum and fragment fields are
 * not looked at. A frame of EtherType 0x0800 whose version says 6 is
 * segmented as IPv4 by 6.18.
 */
static enum segoff_verdict ipv4(const struct ref_pkt *p, struct ref_walk *w)
{
	size_t ihl;

	if (p->len - w->net < 20)
		return SEGOFF_V_TRUNCATED;
	ihl = (size_t)(p->at[w->net] & 15) * 4;
	if (ihl < 20)
		return SEGOFF_V_IP_HEADER;
	if (p->len - w->net < ihl)
		return SEGOFF_V_TRUNCATED;
	w->proto = p->at[w->net + 9];
	w->th = w->net + ihl;
	return transport(w->proto);
}

/*
 * IPv6: Hop-by-Hop, Routing and Destination headers in any order and number
 * (R-IP-5).
 */
static enum segoff_verdict ipv6(const struct ref_pkt *p, struct ref_walk *w)
{
	size_t len;

	if (p->len - w->net < 40)
		return SEGOFF_V_TRUNCATED;
	w->proto = p->at[w->net + 6];
	w->th = w->net + 40;
	while (w->proto == 0 || w->proto == 43 || w->proto == 60) {
		if (p->len - w->th < 8)
			return SEGOFF_V_TRUNCATED;
		len = ((size_t)p->at[w->th + 1] + 1) * 8;
		if (p->len - w->th < len)
			return SEGOFF_V_TRUNCATED;
		if (w->th + len > 65535)
			return SEGOFF_V_DEPTH;
		w->proto = p->at[w->th];
		w->th += len;
	}
	if (w->proto == 44)
		return SEGOFF_V_FRAGMENT;
	if (ref_is_extension(w->proto))
		return SEGOFF_V_EXT_HEADER;
	return transport(w->proto);
}

enum segoff_verdict ref_walk_ip(const struct ref_pkt *p, struct ref_walk *w)
{
	w->th = w->net;
	w->end = w->version == 4 ? ipv4(p, w) : ipv6(p, w);
	return w->end;
}

enum segoff_verdict ref_walk(const struct ref_pkt *p, struct ref_walk *w)
{
	if (ref_walk_link(p, w) == SEGOFF_V_OK)
		ref_walk_ip(p, w);
	return w->end;
}

/* An extension header that does not fit the packet has no segmenter. */
int ref_walk_error(const struct ref_walk *w)
{
	if (w->version == 6 && w->th > w->net && w->end == SEGOFF_V_TRUNCATED)
		return -EPROTONOSUPPORT;
	switch (w->end) {
	case SEGOFF_V_OK:
		return 0;
	case SEGOFF_V_LINK:
	case SEGOFF_V_NOT_IP:
	case SEGOFF_V_FRAGMENT:
	case SEGOFF_V_EXT_HEADER:
	case SEGOFF_V_TRANSPORT:
		return -EPROTONOSUPPORT;
	default:
		return -EINVAL;
	}
}

/*
 * The final destination of an IPv6 packet (RFC 8200 8.1): while a Routing
 * header still has segments left, its last element, which for types 0 and 2
 * (RFC 6275) is the last address, and for type 4 (RFC 8754) the first.
 * Decision: of several such headers, which nobody should send, the first.
 */
static const uint8_t *destination(const struct ref_pkt *p,
				  const struct ref_walk *w)
{
	uint8_t proto = p->at[w->net + 6];
	size_t at = w->net + 40, len;

	for (; at < w->th; at += len) {
		const uint8_t *h = p->at + at;

		len = ((size_t)h[1] + 1) * 8;
		if (proto == 43 && h[3] && len >= 24) {
			if (h[2] == 0 || h[2] == 2)
				return h + 8 + (h[1] / 2 - 1) * 16;
			if (h[2] == 4)
				return h + 8;
		}
		proto = h[0];
	}
	return p->at + w->net + 24;
}

uint64_t ref_pseudo(const struct ref_pkt *p, const struct ref_walk *w,
		    bool final, size_t len)
{
	const uint8_t *ip = p->at + w->net;
	uint64_t sum = w->proto + (len & 0xffff) + (len >> 16);

	if (w->version == 4)
		return sum + ref_sum(ip + 12, 8);
	return sum + ref_sum(ip + 8, 16) +
	       ref_sum(final ? destination(p, w) : ip + 24, 16);
}

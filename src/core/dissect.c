/* SPDX-License-Identifier: MIT */
/*
 * dissect.c - one cursor that walks the headers of a packet
 *
 * Each protocol finds the end of its own header and names the next one; the
 * loop here only counts. Headers must lie in the first piece, so a header that
 * crosses into the second counts as truncated.
 */
#include "dissect.h"

/* EtherTypes allow 8 tags (vlan_get_protocol_and_depth). */
#define VLAN_MAX 8

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

/* Take down a header that was walked; false: there is no room. */
static bool push(struct segoff_stack *st, enum segoff_proto proto,
		 const struct segoff__hop *hop)
{
	struct segoff_layer *l = &st->layer[st->nlayer];

	if (st->nlayer == SEGOFF_LAYERS_MAX ||
	    st->payload + hop->len > HEADERS_MAX)
		return false;
	l->proto = (uint16_t)proto;
	l->off = (uint16_t)st->payload;
	l->len = hop->len;
	if (proto == SEGOFF_P_IPV4 || proto == SEGOFF_P_IPV6) {
		st->net = st->nlayer;
		st->ip_version = proto == SEGOFF_P_IPV4 ? 4 : 6;
		st->ip_proto = hop->ip_proto;
		st->fragment = hop->fragment;
	}
	st->nlayer++;
	st->payload += hop->len;
	return true;
}

void segoff__walk(const struct segoff_pkt *pkt, struct segoff_stack *st,
		  bool as_kernel)
{
	const uint8_t *p = segoff__head(pkt);
	size_t avail = pkt->niov ? pkt->iov[0].iov_len : 0;
	enum segoff_proto proto = first_proto(pkt->link, p, avail);
	struct segoff__hop hop;
	unsigned int tags = 0;

	st->nlayer = 0;
	st->ip_proto = 0;
	st->fragment = false;
	st->net = 0;
	st->ip_version = 0;
	st->payload = 0;
	st->len = segoff__bytes(pkt);
	st->end = no_first(pkt->link, avail);
	while (proto != SEGOFF_P_NONE) {
		hop = (struct segoff__hop){ .end = SEGOFF_V_OK };
		if (proto == SEGOFF_P_VLAN && ++tags > VLAN_MAX) {
			st->end = SEGOFF_V_VLAN_DEPTH;
			return;
		}
		segoff__protos[proto]->walk(p + st->payload,
					    avail - st->payload, &hop);
		st->end = hop.end;
		if (hop.contradicts && !as_kernel) {
			st->end = SEGOFF_V_IP_HEADER;
			return;
		}
		if (!hop.len)
			return;
		if (!push(st, proto, &hop)) {
			st->end = SEGOFF_V_DEPTH;
			return;
		}
		if (hop.fragment && !as_kernel) {
			st->end = SEGOFF_V_FRAGMENT;
			return;
		}
		proto = hop.next;
	}
}

enum segoff_verdict segoff_dissect(const struct segoff_pkt *pkt,
				   struct segoff_stack *st)
{
	segoff__walk(pkt, st, false);
	return st->end;
}

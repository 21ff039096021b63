/* SPDX-License-Identifier: MIT */
/* tunnel.c - what the headers of a packet in tunnels mean for its metadata */
#include "tunnel.h"

#include <segoff/remcsum.h>

/* The bits of gso_type that a header in the middle stands for. */
static uint32_t bits_of(const uint8_t *p, const struct segoff_layer *l)
{
	if (l->proto == SEGOFF_P_GRE)
		return load16(p) & GRE_CSUM ? SEGOFF_GSO_GRE_CSUM :
					      SEGOFF_GSO_GRE;
	if (l->proto == SEGOFF_P_UDP)
		return load_word(p + UDP_CHECK_AT) ?
			       SEGOFF_GSO_UDP_TUNNEL_CSUM :
			       SEGOFF_GSO_UDP_TUNNEL;
	if (is_ip(l->proto) && is_ip(l[1].proto))
		return ipxip_of(l->proto);
	return 0;
}

/* The link header in front of the innermost IP header, or 0. */
static uint16_t inner_mac(const struct segoff_stack *st)
{
	for (unsigned int i = st->net; i-- > 1;) {
		if (st->layer[i].proto == SEGOFF_P_ETHERNET)
			return st->layer[i].off;
		if (is_ip(st->layer[i].proto))
			break;
	}
	return 0;
}

bool segoff__is_remote(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st)
{
	const struct segoff_layer *l4 = segoff__last(st);
	struct segoff_remcsum r;

	/* a CRC32c is nothing that the sum outside could finish */
	return segoff__in_tunnel(st) && l4->proto != SEGOFF_P_SCTP &&
	       segoff_remcsum_find(pkt, st, &r) == 1 &&
	       r.base + r.start == l4->off &&
	       r.offset - r.start == l4_check_at(l4->proto);
}

/* The tunnels of a packet: their bits of gso_type. Return: how many. */
static unsigned int tunnels(const uint8_t *head, const struct segoff_stack *st,
			    uint32_t *type)
{
	unsigned int n = 0;

	for (const struct segoff_layer *l = st->layer; l != segoff__last(st);
	     l++) {
		uint32_t bits = bits_of(head + l->off, l);

		*type |= bits;
		n += bits != 0;
	}
	return n;
}

void segoff_meta_describe(const struct segoff_pkt *pkt,
			  const struct segoff_stack *st,
			  struct segoff_meta *meta)
{
	const struct segoff_layer *ip;
	unsigned int n;

	if (!segoff__has_l4(st))
		return;
	ip = segoff__outer_ip(st);
	meta->protocol = ip->proto == SEGOFF_P_IPV4 ? 0x0800 : 0x86dd;
	meta->net_off = ip->off;
	meta->th_off = ip[1].off;
	if (!segoff__in_tunnel(st))
		return;
	n = tunnels(segoff__head(pkt), st, &meta->gso_type);
	if (segoff__is_remote(pkt, st))
		meta->gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
	meta->encapsulation = true;
	meta->inner_th_off = segoff__last(st)->off;
	meta->inner_protocol = st->ip_version == 4 ? 0x0800 : 0x86dd;
	if (n > 1)
		return;
	meta->inner_mac_off = inner_mac(st);
	meta->inner_net_off = st->layer[st->net].off;
}

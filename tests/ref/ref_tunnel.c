/* SPDX-License-Identifier: MIT */
/* ref_tunnel.c - the 24-byte virtio_net_hdr with a tunnel type */
#include "ref.h"

#define V4_BIT SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4
#define V6_BIT SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6

/* What is in the tunnel. */
static unsigned int inner_type(const struct ref_vnet *h)
{
	return h->gso_type & ~(V4_BIT | V6_BIT | SEGOFF_VNET_GSO_ECN);
}

/* R-META-15, but for the order of the offsets */
static enum segoff_verdict admit(const struct ref_vnet *h,
				 const struct segoff_vnet_opts *o)
{
	unsigned int inner = inner_type(h);

	if (!o->tunnel)
		return SEGOFF_V_META_TNL_OFF;
	if (h->gso_type & V4_BIT && h->gso_type & V6_BIT)
		return SEGOFF_V_META_TNL_BOTH;
	if (inner == SEGOFF_VNET_GSO_NONE || inner == SEGOFF_VNET_GSO_UDP)
		return SEGOFF_V_META_TNL_INNER;
	if (!(h->flags & SEGOFF_VNET_NEEDS_CSUM))
		return SEGOFF_V_META_TNL_CSUM;
	return SEGOFF_V_OK;
}

/* The outer IP header lies behind 14 bytes of link header even on TUN. */
static bool in_order(const struct ref_vnet *h)
{
	size_t outer_min = 14 + (h->gso_type & V6_BIT ? 40 : 20);
	size_t inner_min = inner_type(h) == SEGOFF_VNET_GSO_TCPV6 ? 40 : 20;

	return h->outer_th >= outer_min && h->inner_nh >= h->outer_th + 8 &&
	       h->csum_start >= h->inner_nh + inner_min;
}

/* R-META-16: for USO the inner header itself says what it is. */
static bool inner_is_ipv6(const struct ref_vnet *h, const struct ref_pkt *p)
{
	if (inner_type(h) == SEGOFF_VNET_GSO_UDP_L4)
		return p->at[h->inner_nh] >> 4 == 6;
	return inner_type(h) == SEGOFF_VNET_GSO_TCPV6;
}

enum segoff_verdict ref_decode_tunnel(const struct ref_vnet *h,
				      const struct ref_pkt *p,
				      const struct segoff_vnet_opts *o,
				      struct segoff_meta *m)
{
	struct ref_vnet plain = *h;
	enum segoff_verdict v = admit(h, o);
	bool csum = h->flags & SEGOFF_VNET_UDP_TUNNEL_CSUM, ipv6;

	if (v != SEGOFF_V_OK)
		return v;
	if (!in_order(h))
		return SEGOFF_V_META_TNL_ORDER;
	plain.gso_type &= (uint8_t) ~(V4_BIT | V6_BIT);
	v = ref_decode_plain(&plain, p, o, m);
	if (v != SEGOFF_V_OK)
		return v;
	ipv6 = inner_is_ipv6(h, p);
	if (ipv6 && h->csum_start < h->inner_nh + 40)
		return SEGOFF_V_META_TNL_ORDER;
	if (csum && !o->tunnel_csum)
		return SEGOFF_V_META_TNL_OFF;
	m->protocol = h->gso_type & V6_BIT ? 0x86dd : 0x0800;
	m->inner_protocol = ipv6 ? 0x86dd : 0x0800;
	m->gso_type |= csum ? SEGOFF_GSO_UDP_TUNNEL_CSUM :
			      SEGOFF_GSO_UDP_TUNNEL;
	m->encapsulation = true;
	m->inner_net_off = h->inner_nh;
	m->inner_th_off = h->csum_start;
	m->th_off = h->outer_th;
	return SEGOFF_V_OK;
}

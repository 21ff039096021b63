/* SPDX-License-Identifier: MIT */
/* vnet_out.c - a virtio_net_hdr in front of what split writes */
#include "vnet_out.h"

#include <string.h>

#define VNET_TUNNEL 24
#define ETH_LEN	    14
#define CRC32C_AT   8 /* in SCTP; no sum is there */

#define GSO_UDP_TUNNEL (SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_UDP_TUNNEL_CSUM)
#define GSO_UNSAID                                                        \
	(SEGOFF_GSO_GRE | SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_IPXIP4 |       \
	 SEGOFF_GSO_IPXIP6 | SEGOFF_GSO_TUNNEL_REMCSUM | SEGOFF_GSO_UDP | \
	 SEGOFF_GSO_SCTP | SEGOFF_GSO_TCP_FIXEDID |                       \
	 SEGOFF_GSO_TCP_FIXEDID_INNER)

bool vnet_can_say(const struct vnet_out *o, const struct segoff_meta *meta)
{
	uint32_t ip_len = meta->protocol == 0x86dd ? 40 : 20;

	if (meta->gso_type & GSO_UNSAID)
		return false;
	if (!meta->encapsulation)
		return true;
	/* readers want room for an Ethernet header, also where there is none;
	 * inner_net_off is 0 if there is one tunnel in another */
	return meta->gso_type & GSO_UDP_TUNNEL && o->size >= VNET_TUNNEL &&
	       meta->inner_net_off && meta->th_off >= ETH_LEN + ip_len;
}

/*
 * A frame that is no superpacket: only its checksum is spoken of. Of a CRC32c
 * nothing can be said: who reads the header would make a sum there.
 */
static struct segoff_meta only_sum(const struct segoff_meta *meta)
{
	if (meta->csum_offset == CRC32C_AT)
		return (struct segoff_meta){ 0 };
	return (struct segoff_meta){ .ip_summed = meta->ip_summed,
				     .csum_start = meta->csum_start,
				     .csum_offset = meta->csum_offset };
}

static struct segoff_meta describe(const struct vnet_out *o,
				   const struct segoff_pkt *pkt,
				   const struct segoff_meta *meta)
{
	struct segoff_meta m = only_sum(meta);
	struct segoff_stack st;
	uint32_t type = meta->gso_type & ~(SEGOFF_GSO_PARTIAL | GSO_UDP_TUNNEL);

	if (!meta->gso_size)
		return m;
	segoff_dissect_ports(pkt, o->ports, &st);
	segoff_meta_describe(pkt, &st, &m);
	m.gso_type = type;
	if (m.encapsulation)
		m.gso_type |= SEGOFF_GSO_UDP_TUNNEL;
	m.gso_size = meta->gso_size;
	m.hdr_len = (uint16_t)st.payload;
	return m;
}

void vnet_say(const struct vnet_out *o, uint8_t *hdr,
	      const struct segoff_pkt *pkt, const struct segoff_meta *meta)
{
	struct segoff_meta m;

	if (!o->size)
		return;
	m = describe(o, pkt, meta);
	if (segoff_vnet_encode(&m, hdr, o->size, &VNET_SAYS) < 0)
		memset(hdr, 0, o->size);
}

/* SPDX-License-Identifier: MIT */
/*
 * vnet_encode.c - metadata to virtio_net_hdr, and what its users may ask for
 */
#include "vnet.h"

#include <errno.h>

#include "opts.h"

static void put(uint8_t *p, uint16_t v, bool big)
{
	store16(p, big ? v : __builtin_bswap16(v));
}

/* The kernel tests the types in this order; the rest it cannot say. */
static int vnet_type(const struct segoff_meta *m)
{
	int type;

	if (!m->gso_size)
		return SEGOFF_VNET_GSO_NONE;
	if (m->gso_type & SEGOFF_GSO_TCPV4)
		type = SEGOFF_VNET_GSO_TCPV4;
	else if (m->gso_type & SEGOFF_GSO_TCPV6)
		type = SEGOFF_VNET_GSO_TCPV6;
	else if (m->gso_type & SEGOFF_GSO_UDP_L4)
		type = SEGOFF_VNET_GSO_UDP_L4;
	else
		return -EINVAL;
	if (m->gso_type & SEGOFF_GSO_TCP_ECN)
		type |= (int)SEGOFF_VNET_GSO_ECN;
	return type;
}

static void put_csum(const struct segoff_meta *m, uint8_t *h,
		     const struct segoff_vnet_opts *o, bool tunnel, bool big)
{
	if (m->ip_summed == SEGOFF_CHECKSUM_PARTIAL) {
		h[0] = SEGOFF_VNET_NEEDS_CSUM;
		put(h + VNET_AT_CSUM_START,
		    (uint16_t)(m->csum_start + (o->vlan_outside ? 4 : 0)), big);
		put(h + VNET_AT_CSUM_OFFSET, m->csum_offset, big);
	} else if (m->ip_summed == SEGOFF_CHECKSUM_UNNECESSARY &&
		   o->data_valid && !tunnel) {
		h[0] = SEGOFF_VNET_DATA_VALID;
	}
}

/* A VLAN tag to come moves csum_start but not these (quirk). */
static void put_tunnel(const struct segoff_meta *m, uint8_t *h)
{
	h[1] |= m->protocol == 0x86dd ? SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6 :
					SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4;
	if (m->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM)
		h[0] |= SEGOFF_VNET_UDP_TUNNEL_CSUM;
	put(h + VNET_AT_OUTER_TH, m->th_off, false);
	put(h + VNET_AT_INNER_NH, m->inner_net_off, false);
}

int segoff_vnet_encode(const struct segoff_meta *meta, void *hdr, size_t size,
		       const struct segoff_vnet_opts *o)
{
	struct segoff_vnet_opts own;
	bool tunnel = meta->gso_type &
		      (SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_UDP_TUNNEL_CSUM);
	uint8_t *h = hdr;
	int type = vnet_type(meta);
	bool big;

	o = segoff__opts(o, &own, sizeof(own));
	if (!o || type < 0 ||
	    (size != VNET_PLAIN && size != VNET_MRG && size != VNET_HASH &&
	     size != VNET_TUNNEL))
		return -EINVAL;
	if (tunnel &&
	    (!o->tunnel || size < VNET_TUNNEL || !meta->inner_net_off ||
	     (meta->protocol != 0x0800 && meta->protocol != 0x86dd)))
		return -EINVAL;
	big = o->big_endian && !tunnel;
	memset(h, 0, size);
	h[1] = (uint8_t)type;
	put(h + VNET_AT_GSO_SIZE, meta->gso_size, big);
	if (meta->gso_size)
		put(h + VNET_AT_HDR_LEN, meta->hdr_len, big);
	put_csum(meta, h, o, tunnel, big);
	if (tunnel)
		put_tunnel(meta, h);
	return 0;
}

bool segoff_vnet_size_ok(enum segoff_writer writer, size_t size)
{
	if (writer == SEGOFF_WRITER_PACKET)
		return size == 0 || size == VNET_PLAIN || size == VNET_MRG;
	return size >= VNET_PLAIN;
}

bool segoff_tun_offload_ok(uint32_t bits)
{
	const uint32_t tso = SEGOFF_TUN_F_TSO4 | SEGOFF_TUN_F_TSO6;
	const uint32_t uso = SEGOFF_TUN_F_USO4 | SEGOFF_TUN_F_USO6;
	const uint32_t tnl = SEGOFF_TUN_F_UDP_TUNNEL_GSO;
	const uint32_t tnlc = SEGOFF_TUN_F_UDP_TUNNEL_GSO_CSUM;
	uint32_t left = bits;

	if (bits & SEGOFF_TUN_F_CSUM) {
		left &= ~(SEGOFF_TUN_F_CSUM | tso | SEGOFF_TUN_F_UFO);
		if (bits & tso)
			left &= ~SEGOFF_TUN_F_TSO_ECN;
		if ((bits & uso) == uso)
			left &= ~uso;
		if ((bits & tnl) && (bits & tso || (bits & uso) == uso))
			left &= bits & tnlc ? ~(tnl | tnlc) : ~tnl;
	}
	return !left;
}

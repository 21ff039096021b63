/* SPDX-License-Identifier: MIT */
/* ref_encode.c - metadata to virtio_net_hdr; what the kernel negotiates */
#include <errno.h>
#include <string.h>

#include "ref.h"

#define TUNNEL (SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_UDP_TUNNEL_CSUM)

static void put(uint8_t *at, size_t v, bool big)
{
	at[big ? 0 : 1] = (uint8_t)(v >> 8);
	at[big ? 1 : 0] = (uint8_t)v;
}

/* R-META-17 */
static int gso(const struct segoff_meta *m, uint8_t *hdr, bool big)
{
	if (m->gso_size == 0)
		return 0;
	if (m->gso_type & SEGOFF_GSO_TCPV4)
		hdr[1] = SEGOFF_VNET_GSO_TCPV4;
	else if (m->gso_type & SEGOFF_GSO_TCPV6)
		hdr[1] = SEGOFF_VNET_GSO_TCPV6;
	else if (m->gso_type & SEGOFF_GSO_UDP_L4)
		hdr[1] = SEGOFF_VNET_GSO_UDP_L4;
	else
		return -EINVAL;
	if (m->gso_type & SEGOFF_GSO_TCP_ECN)
		hdr[1] |= SEGOFF_VNET_GSO_ECN;
	put(hdr + 2, m->hdr_len, big);
	put(hdr + 4, m->gso_size, big);
	return 0;
}

/* R-META-18 */
static void csum(const struct segoff_meta *m, uint8_t *hdr, bool big,
		 bool data_valid, bool vlan_outside)
{
	if (m->ip_summed == SEGOFF_CHECKSUM_PARTIAL) {
		hdr[0] = SEGOFF_VNET_NEEDS_CSUM;
		put(hdr + 6, m->csum_start + (vlan_outside ? 4u : 0u), big);
		put(hdr + 8, m->csum_offset, big);
	} else if (m->ip_summed == SEGOFF_CHECKSUM_UNNECESSARY && data_valid) {
		hdr[0] = SEGOFF_VNET_DATA_VALID;
	}
}

/* R-META-19 */
static int tunnel(const struct segoff_meta *m, uint8_t *hdr, size_t size,
		  const struct segoff_vnet_opts *o)
{
	if (!o->tunnel || size != 24 || gso(m, hdr, false))
		return -EINVAL;
	if (!m->inner_net_off) /* decision: it would point at the frame */
		return -EINVAL;
	csum(m, hdr, false, false, o->vlan_outside);
	hdr[1] |= m->protocol == 0x86dd ? SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6 :
					  SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4;
	if (m->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM)
		hdr[0] |= SEGOFF_VNET_UDP_TUNNEL_CSUM;
	put(hdr + 20, m->th_off, false);
	put(hdr + 22, m->inner_net_off, false);
	return 0;
}

int ref_encode(const struct segoff_meta *m, uint8_t *hdr, size_t size,
	       const struct segoff_vnet_opts *o)
{
	struct segoff_vnet_opts def = { .sz = sizeof(def) };

	if (!o)
		o = &def;
	if (size != 10 && size != 12 && size != 20 && size != 24)
		return -EINVAL;
	memset(hdr, 0, size);
	if (m->gso_type & TUNNEL)
		return tunnel(m, hdr, size, o);
	if (gso(m, hdr, o->big_endian))
		return -EINVAL;
	csum(m, hdr, o->big_endian, o->data_valid, o->vlan_outside);
	return 0;
}

/* R-META-14 */
bool ref_size_ok(enum segoff_writer writer, size_t size)
{
	if (writer == SEGOFF_WRITER_PACKET)
		return size == 0 || size == 10 || size == 12;
	return size >= 10;
}

/* R-META-20 */
bool ref_offload_ok(uint32_t bits)
{
	bool tso = bits & (SEGOFF_TUN_F_TSO4 | SEGOFF_TUN_F_TSO6);
	bool uso4 = bits & SEGOFF_TUN_F_USO4, uso6 = bits & SEGOFF_TUN_F_USO6;

	if (bits > 0x1ff)
		return false;
	if (bits && !(bits & SEGOFF_TUN_F_CSUM))
		return false;
	if (bits & SEGOFF_TUN_F_TSO_ECN && !tso)
		return false;
	if (uso4 != uso6)
		return false;
	if (bits & SEGOFF_TUN_F_UDP_TUNNEL_GSO && !tso && !uso4)
		return false;
	if (bits & SEGOFF_TUN_F_UDP_TUNNEL_GSO_CSUM &&
	    !(bits & SEGOFF_TUN_F_UDP_TUNNEL_GSO))
		return false;
	return true;
}

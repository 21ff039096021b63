/* SPDX-License-Identifier: MIT */
/* tunnel_super.c - superpackets for tunnel devices, and what these made of them */
#include "tunnel_super.h"

#include <linux/if_tunnel.h>

#include "tunnel_path.h"
#include "wire.h"

#define FRAME_MOST    65000 /* with the tunnel's headers below 64 KB */
#define FRAME_BIG     69000 /* 17 pages, what a packet socket takes */
#define SEGMENTS_MOST 100
#define TCP	      6
#define CWR	      0x80
#define SORT_PART     12 /* of what is cut; there is a seventh, or more */

static const struct kind *pick_kind(const struct tunnel_dev *t, uint64_t number)
{
	static const char *const names[] = { "tcp4", "tcp6", "tcp4", "tcp6",
					     "udp4", "udp6", "big4", "big6" };
	/* tunnel devices make none above 64 KB */
	size_t n = LENGTH(names) - (tunnel_is_none(t) ? 0 : 2);
	const struct kind *k;

	do
		k = kind_find(names[number++ % n]);
	while (t->inner && k->version != t->inner);
	return k;
}

/* What a sender that knows ECN says of a superpacket with CWR. */
static void say_ecn(struct superpacket *sp)
{
	if (sp->proto == TCP && sp->vnet[VNET_TYPE] &&
	    sp->frame[sp->l4 + 13] & CWR)
		sp->vnet[VNET_TYPE] |= SEGOFF_VNET_GSO_ECN;
}

void tunnel_superpacket(struct superpacket *sp, const struct tunnel_dev *t,
			uint64_t seed, uint64_t number)
{
	static const uint8_t vnet_size = BUILT_VNET;
	const struct limits limits = { tunnel_is_none(t) ? FRAME_BIG :
							   FRAME_MOST,
				       SEGMENTS_MOST,
				       &vnet_size,
				       1,
				       0,
				       true };

	if (!tunnel_is_none(t))
		seed += (uint64_t)(t - tunnel_devs) << 32;
	superpacket_make(sp, seed, number, pick_kind(t, number), &limits);
	say_ecn(sp);
	if (!tunnel_is_none(t) && (!t->ethernet || t->by))
		superpacket_strip(sp);
}

void tunnel_sorts_count(struct tunnel_sorts *s, const struct superpacket *sp)
{
	s->n[(sp->proto == TCP ? 0 : 2) + (sp->version == 4 ? 0 : 1)]++;
}

const char *tunnel_sorts_lack(const struct tunnel_sorts *s,
			      const struct tunnel_dev *t, uint64_t count)
{
	static const struct {
		const char *name;
		unsigned int version;
	} sorts[] = { { "TCP over IPv4", 4 },
		      { "TCP over IPv6", 6 },
		      { "UDP over IPv4", 4 },
		      { "UDP over IPv6", 6 } };

	for (size_t i = 0; i < LENGTH(sorts); i++)
		if ((!t->inner || t->inner == sorts[i].version) &&
		    s->n[i] < count / SORT_PART)
			return sorts[i].name;
	return NULL;
}

struct superpacket tunnel_built(const struct superpacket *sp,
				const struct answer *built)
{
	return (struct superpacket){ .frame = built->bytes + BUILT_VNET,
				     .len = built->used - BUILT_VNET,
				     .form = sp->form,
				     .step = sp->step };
}

static uint32_t gso_type(const struct tunnel_dev *t, uint8_t said, bool remote)
{
	static const uint32_t types[] = {
		[SEGOFF_VNET_GSO_TCPV4] = SEGOFF_GSO_TCPV4,
		[SEGOFF_VNET_GSO_TCPV6] = SEGOFF_GSO_TCPV6,
		[SEGOFF_VNET_GSO_UDP_L4] = SEGOFF_GSO_UDP_L4
	};
	uint32_t type = types[said & ~SEGOFF_VNET_GSO_ECN] | t->gso_type;

	if (!remote)
		type &= ~SEGOFF_GSO_TUNNEL_REMCSUM;
	return said & SEGOFF_VNET_GSO_ECN ? type | SEGOFF_GSO_TCP_ECN : type;
}

/* To metadata, labels are part of the link header. */
static void plain_meta(const struct layers *l, struct segoff_meta *m)
{
	m->protocol = l->inner == 4 ? 0x0800 : 0x86dd;
	m->net_off = (uint16_t)l->inner_net;
	m->th_off = (uint16_t)l->inner_th;
}

static void outer_meta(const struct tunnel_dev *t, const struct layers *l,
		       struct segoff_meta *m)
{
	m->protocol = l->outer == 4 ? 0x0800 : 0x86dd;
	m->net_off = (uint16_t)l->net;
	m->th_off = (uint16_t)l->th;
	/* its checksum was complete, and the tunnel's is what is left */
	m->encapsulation = m->gso_size || m->csum_start == l->inner_th;
	m->inner_mac_off = t->ethernet ? (uint16_t)l->inner_mac : 0;
	m->inner_net_off = (uint16_t)l->inner_net;
	m->inner_th_off = (uint16_t)l->inner_th;
	m->inner_protocol = t->ethernet ? TEB : l->inner == 4 ? 0x0800 : 0x86dd;
}

void tunnel_meta(const struct tunnel_dev *t, const uint8_t *vnet,
		 const struct layers *l, struct segoff_meta *m)
{
	*m = (struct segoff_meta){ .gso_size = get_le16(vnet + VNET_GSO_SIZE) };
	if (m->gso_size)
		m->gso_type = gso_type(t, vnet[VNET_TYPE], l->remote);
	if (vnet[VNET_FLAGS] & SEGOFF_VNET_NEEDS_CSUM)
		m->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	m->csum_start = get_le16(vnet + VNET_CSUM_START);
	m->csum_offset = get_le16(vnet + VNET_CSUM_OFFSET);
	if (t->outer)
		outer_meta(t, l, m);
	else
		plain_meta(l, m);
}

/* What libsegoff calls that which is behind the port of FOU and GUE. */
static enum segoff_proto behind_encap(const struct tunnel_dev *t,
				      const struct layers *l)
{
	if (t->encap == TUNNEL_ENCAP_GUE)
		return SEGOFF_P_GUE;
	if (t->gso_type & SEGOFF_GSO_GRE)
		return SEGOFF_P_GRE;
	return l->inner == 4 ? SEGOFF_P_IPV4 : SEGOFF_P_IPV6;
}

const struct segoff_ports *tunnel_ports(const struct tunnel_dev *t,
					const struct layers *l)
{
	static struct segoff_port rows[] = {
		{ VXLAN_PORT, SEGOFF_P_VXLAN },
		{ GPE_PORT, SEGOFF_P_VXLAN_GPE },
		{ GENEVE_PORT, SEGOFF_P_GENEVE },
		{ ENCAP_PORT, SEGOFF_P_GUE },
	};
	static const struct segoff_ports ports = { rows, LENGTH(rows) };

	rows[LENGTH(rows) - 1].kind = (uint16_t)behind_encap(t, l);
	return &ports;
}

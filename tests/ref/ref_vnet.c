/* SPDX-License-Identifier: MIT */
/* ref_vnet.c - virtio_net_hdr to metadata */
#include <errno.h>

#include "ref.h"

#define ECN SEGOFF_VNET_GSO_ECN
#define TUNNEL_BITS \
	(SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4 | SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6)

/* One row of the table in R-META-1: what a gso_type stands for. */
struct kind {
	uint8_t vnet;
	uint8_t proto;
	uint32_t gso_type;
	size_t thlen;
	size_t nh_min;
};

static const struct kind kinds[] = {
	{ 0, 0, 0, 0, 20 },
	{ 1, 6, SEGOFF_GSO_TCPV4, 20, 20 },
	{ 3, 17, SEGOFF_GSO_UDP, 8, 20 },
	{ 4, 6, SEGOFF_GSO_TCPV6, 20, 40 },
	{ 5, 17, SEGOFF_GSO_UDP_L4, 8, 20 },
};

static const struct kind *find_kind(uint8_t gso_type)
{
	size_t n = sizeof(kinds) / sizeof(*kinds);

	for (size_t i = 0; i < n; i++)
		if (gso_type == kinds[i].vnet ||
		    (i && gso_type == (kinds[i].vnet | ECN)))
			return &kinds[i];
	return NULL;
}

static uint16_t field(const uint8_t *hdr, size_t at, bool big)
{
	return (uint16_t)(big ? hdr[at] << 8 | hdr[at + 1] :
				hdr[at + 1] << 8 | hdr[at]);
}

static struct ref_vnet parse(const uint8_t *hdr, size_t size, bool big)
{
	struct ref_vnet h = {
		.flags = hdr[0],
		.gso_type = hdr[1],
		.hdr_len = field(hdr, 2, big),
		.gso_size = field(hdr, 4, big),
		.csum_start = field(hdr, 6, big),
		.csum_offset = field(hdr, 8, big),
	};

	if (size == 24) {
		h.outer_th = field(hdr, 20, false);
		h.inner_nh = field(hdr, 22, false);
	}
	return h;
}

/* R-META-3, R-META-4 */
static enum segoff_verdict needs_csum(const struct ref_vnet *h,
				      const struct kind *k,
				      const struct ref_pkt *p,
				      const struct segoff_vnet_opts *o,
				      struct segoff_meta *m)
{
	size_t cs = h->csum_start, field_end = (size_t)h->csum_offset + 2;

	if (cs + (field_end > k->thlen ? field_end : k->thlen) > p->len)
		return SEGOFF_V_META_CSUM_END;
	if (cs + o->headroom >= 65535)
		return SEGOFF_V_META_CSUM_HIGH;
	if (cs < k->nh_min)
		return SEGOFF_V_META_CSUM_LOW;
	m->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	m->csum_start = h->csum_start;
	m->csum_offset = h->csum_offset;
	m->th_off = h->csum_start;
	return SEGOFF_V_OK;
}

/*
 * R-META-12: an AF_PACKET socket looks for the transport header itself. Its
 * walk steps over the first Fragment header of IPv6, where segmentation will
 * then refuse. Decision: VLAN tags in the frame mislead it (the network
 * header is taken to be behind the tags, the EtherType to be that of the
 * first), so that such frames are refused; seen on 6.18. Tunnels that it
 * looks into are not modelled: such packets are refused here, and lost in
 * the kernel.
 */
static enum segoff_verdict packet_walk(const struct ref_pkt *p,
				       const struct kind *k,
				       struct segoff_meta *m, size_t *p_off)
{
	struct ref_walk w;

	if (ref_walk(p, &w) == SEGOFF_V_FRAGMENT && p->len - w.th >= 8) {
		w.proto = p->at[w.th];
		w.th += 8;
		w.end = SEGOFF_V_OK;
	}
	if (w.end != SEGOFF_V_OK || w.ntag || w.proto != k->proto ||
	    w.th + k->thlen > p->len)
		return SEGOFF_V_META_L4;
	m->th_off = (uint16_t)w.th;
	*p_off = w.th + k->thlen;
	return SEGOFF_V_OK;
}

/* Where the payload begins at the earliest, if no csum_start says so. */
static enum segoff_verdict no_csum(const struct kind *k,
				   const struct ref_pkt *p,
				   const struct segoff_vnet_opts *o,
				   struct segoff_meta *m, size_t *p_off)
{
	if (o->writer == SEGOFF_WRITER_PACKET)
		return packet_walk(p, k, m, p_off);
	*p_off = k->nh_min + k->thlen;
	return *p_off > p->len ? SEGOFF_V_META_FRAME : SEGOFF_V_OK;
}

/* R-META-2, 5, 6, 7 */
static enum segoff_verdict per_type(const struct ref_vnet *h,
				    const struct kind *k, size_t payload)
{
	bool partial = h->flags & SEGOFF_VNET_NEEDS_CSUM;

	if (k->gso_type == SEGOFF_GSO_UDP_L4) {
		if (!partial)
			return SEGOFF_V_META_UDP_CSUM;
		if (h->csum_offset != 6)
			return SEGOFF_V_META_CSUM_OFF;
		if (payload > (size_t)h->gso_size * 128)
			return SEGOFF_V_META_UDP_SEGS;
		if (h->gso_type & ECN)
			return SEGOFF_V_META_UDP_ECN;
	}
	if (k->proto == 6 && partial && h->csum_offset != 16)
		return SEGOFF_V_META_CSUM_OFF;
	return h->gso_size == 0xffff ? SEGOFF_V_META_SIZE : SEGOFF_V_OK;
}

enum segoff_verdict ref_decode_plain(const struct ref_vnet *h,
				     const struct ref_pkt *p,
				     const struct segoff_vnet_opts *o,
				     struct segoff_meta *m)
{
	const struct kind *k = find_kind(h->gso_type);
	size_t p_off = 0, nh_off;
	enum segoff_verdict v;

	if (!k)
		return SEGOFF_V_META_TYPE;
	if (k->vnet && h->gso_size == 0)
		return SEGOFF_V_META_SIZE;
	if (h->flags & SEGOFF_VNET_NEEDS_CSUM) {
		v = needs_csum(h, k, p, o, m);
		p_off = h->csum_start + k->thlen;
	} else {
		v = k->vnet ? no_csum(k, p, o, m, &p_off) : SEGOFF_V_OK;
	}
	if (v != SEGOFF_V_OK || !k->vnet)
		return v;
	v = per_type(h, k, p->len - p_off);
	if (v != SEGOFF_V_OK)
		return v;
	/* R-META-8 */
	nh_off = k->gso_type == SEGOFF_GSO_UDP ? p_off - 8 : p_off;
	if (p->len - nh_off > h->gso_size) {
		m->gso_size = h->gso_size;
		m->gso_type = k->gso_type | SEGOFF_GSO_DODGY;
		if (h->gso_type & ECN)
			m->gso_type |= SEGOFF_GSO_TCP_ECN;
	}
	return SEGOFF_V_OK;
}

/*
 * R-META-9. hdr_len is a 16-bit field also while it is being raised: a sum
 * above 65535 wraps. TUN and TAP compare it with what is left to read, which
 * includes what they do not read of a long header.
 */
static enum segoff_verdict hdr_len(struct ref_vnet *h, size_t size,
				   const struct ref_pkt *p, uint8_t writer)
{
	size_t unread = writer == SEGOFF_WRITER_PACKET ? 0 :
			size < 24		       ? size - 10 :
							 size - 24;
	size_t need = (size_t)h->csum_start + h->csum_offset + 2;
	size_t len = h->hdr_len;

	if (h->flags & SEGOFF_VNET_NEEDS_CSUM && need > len)
		len = h->hdr_len = (uint16_t)need;
	if (len > p->len + unread)
		return SEGOFF_V_META_HDR_LEN;
	if (writer != SEGOFF_WRITER_TAP)
		return SEGOFF_V_OK;
	if (p->len < 14)
		return SEGOFF_V_META_FRAME;
	return len && len < 14 ? SEGOFF_V_META_HDR_LEN : SEGOFF_V_OK;
}

/*
 * R-META-13. The 4 bytes more are for 802.1Q only. Decision: a frame shorter
 * than its link header is as bad as an empty one (6.18).
 */
static enum segoff_verdict packet_frame(const struct ref_vnet *h,
					const struct ref_pkt *p, uint32_t mtu)
{
	size_t l2 = p->link == SEGOFF_LINK_ETHERNET ? 14 : 0,
	       room = (size_t)mtu + l2;

	if (p->len == 0 || p->len < l2)
		return SEGOFF_V_META_FRAME;
	if (p->link == SEGOFF_LINK_ETHERNET && ref_get16(p->at + 12) == 0x8100)
		room += 4;
	if (h->gso_type == 0 && mtu && p->len > room)
		return SEGOFF_V_META_MTU;
	return SEGOFF_V_OK;
}

/* What TUN, TAP and AF_PACKET check before the header's own rules. */
static enum segoff_verdict writer_rules(struct ref_vnet *h, size_t size,
					const struct ref_pkt *p,
					const struct segoff_vnet_opts *o)
{
	enum segoff_verdict v;

	if (o->writer == SEGOFF_WRITER_NONE)
		return SEGOFF_V_OK;
	v = hdr_len(h, size, p, o->writer);
	if (v != SEGOFF_V_OK)
		return v;
	if (o->writer == SEGOFF_WRITER_PACKET)
		return packet_frame(h, p, o->mtu);
	if (o->writer == SEGOFF_WRITER_TUN) {
		/* R-META-10 */
		unsigned int version = p->len ? p->at[0] >> 4 : 0;

		if (version != 4 && version != 6)
			return SEGOFF_V_META_VERSION;
	}
	return SEGOFF_V_OK;
}

int ref_decode(const uint8_t *hdr, size_t size, const struct ref_pkt *p,
	       const struct segoff_vnet_opts *o, struct segoff_meta *m,
	       enum segoff_verdict *why)
{
	struct segoff_vnet_opts def = { .sz = sizeof(def) };
	struct ref_vnet h;
	bool tunnel;

	if (!o)
		o = &def;
	*m = (struct segoff_meta){ 0 };
	*why = SEGOFF_V_META_SHORT;
	if (size < 10)
		return -EINVAL;
	tunnel = size == 24 && hdr[1] & TUNNEL_BITS;
	h = parse(hdr, size, o->big_endian && !tunnel);
	*why = writer_rules(&h, size, p, o);
	m->hdr_len = h.hdr_len;
	if (*why == SEGOFF_V_OK)
		*why = tunnel ? ref_decode_tunnel(&h, p, o, m) :
				ref_decode_plain(&h, p, o, m);
	if (*why == SEGOFF_V_OK)
		return 0;
	*m = (struct segoff_meta){ 0 };
	return *why == SEGOFF_V_META_MTU ? -EMSGSIZE : -EINVAL;
}

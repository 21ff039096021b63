/* SPDX-License-Identifier: MIT */
/*
 * vnet_decode.c - virtio_net_hdr to metadata
 *
 * Theory of operation
 * -------------------
 * The header is written by somebody who is not trusted. Linux admits it by a
 * few cheap comparisons and marks the packet DODGY; segmentation looks at the
 * real headers later. These are those comparisons, in the kernel's order. They
 * count from the start of the frame, so with an Ethernet header they are
 * weaker than they look (csum_start may lie inside the IP header).
 *
 *	decode	 writer's rules	 (TUN, TAP, AF_PACKET: lengths)
 *		 tunnel rules	 (24-byte header with a tunnel type)
 *		 checksum rules	 (NEEDS_CSUM: where the transport header is)
 *		 GSO rules	 (sizes, offsets by type)
 */
#include "vnet.h"

#include <errno.h>

#include "dissect.h"
#include "opts.h"

#define ETH_LEN		 14
#define UDP_MAX_SEGMENTS ((size_t)128)
#define U16_LIMIT	 65535u

/* What a gso_type demands of the headers (virtio_net_hdr_to_skb). */
static const struct kind {
	uint8_t vnet;
	uint8_t proto;
	uint8_t thlen;
	uint8_t nh_min;
	uint32_t gso_type;
} kinds[] = {
	{ SEGOFF_VNET_GSO_NONE, 0, 0, 20, 0 },
	{ SEGOFF_VNET_GSO_TCPV4, 6, 20, 20, SEGOFF_GSO_TCPV4 },
	{ SEGOFF_VNET_GSO_TCPV6, 6, 20, 40, SEGOFF_GSO_TCPV6 },
	{ SEGOFF_VNET_GSO_UDP, 17, 8, 20, SEGOFF_GSO_UDP },
	{ SEGOFF_VNET_GSO_UDP_L4, 17, 8, 20, SEGOFF_GSO_UDP_L4 },
};

/* A header in host order, and what is being made of it. */
struct decode {
	const struct segoff_pkt *pkt;
	const struct segoff_vnet_opts *o;
	struct segoff_meta *meta;
	const struct kind *kind;
	enum segoff_verdict why;
	size_t frame;
	size_t unread; /* TUN, TAP: bytes of the header not yet skipped */
	size_t p_off;
	uint8_t flags;
	uint8_t gso_type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t outer_th;
	uint16_t inner_nh;
};

static uint16_t get(const uint8_t *p, bool big)
{
	uint16_t v = load16(p);

	return big ? v : __builtin_bswap16(v);
}

static bool refuse(struct decode *d, enum segoff_verdict why)
{
	d->why = why;
	return false;
}

static void read_header(struct decode *d, const uint8_t *h, size_t size)
{
	bool tunnel = size >= VNET_TUNNEL && (h[1] & VNET_GSO_TUNNEL);
	bool big = d->o->big_endian && !tunnel;

	d->flags = h[0];
	d->gso_type = h[1];
	d->hdr_len = get(h + VNET_AT_HDR_LEN, big);
	d->gso_size = get(h + VNET_AT_GSO_SIZE, big);
	d->csum_start = get(h + VNET_AT_CSUM_START, big);
	d->csum_offset = get(h + VNET_AT_CSUM_OFFSET, big);
	if (tunnel) {
		d->outer_th = get(h + VNET_AT_OUTER_TH, false);
		d->inner_nh = get(h + VNET_AT_INNER_NH, false);
	}
}

/* The device's link header, of which nothing may be missing. */
static size_t link_len(const struct decode *d)
{
	return d->pkt->link == SEGOFF_LINK_ETHERNET ? ETH_LEN : 0;
}

/* tun_get_user, packet_snd: before the header is interpreted. */
static bool writer_rules(struct decode *d)
{
	uint16_t need = (uint16_t)(d->csum_start + d->csum_offset + 2);
	const uint8_t *p = segoff__head(d->pkt);

	if (d->o->writer == SEGOFF_WRITER_NONE)
		return true;
	if ((d->flags & SEGOFF_VNET_NEEDS_CSUM) &&
	    d->csum_start + d->csum_offset + 2 > d->hdr_len)
		d->hdr_len = need;
	if (d->hdr_len > d->frame + d->unread)
		return refuse(d, SEGOFF_V_META_HDR_LEN);
	if (d->o->writer == SEGOFF_WRITER_TAP && d->frame < ETH_LEN)
		return refuse(d, SEGOFF_V_META_FRAME);
	if (d->o->writer == SEGOFF_WRITER_TAP && d->hdr_len &&
	    d->hdr_len < ETH_LEN)
		return refuse(d, SEGOFF_V_META_HDR_LEN);
	if (d->o->writer == SEGOFF_WRITER_PACKET &&
	    d->frame < (link_len(d) ? link_len(d) : 1))
		return refuse(d, SEGOFF_V_META_FRAME);
	if (d->o->writer == SEGOFF_WRITER_TUN &&
	    (!d->frame || !d->pkt->iov[0].iov_len ||
	     (p[0] >> 4 != 4 && p[0] >> 4 != 6)))
		return refuse(d, SEGOFF_V_META_VERSION);
	return true;
}

/* packet_snd: an ordinary frame must fit the device. */
static bool mtu_rule(struct decode *d)
{
	const uint8_t *p = segoff__head(d->pkt);
	size_t limit = (size_t)d->o->mtu + link_len(d);

	if (d->o->writer != SEGOFF_WRITER_PACKET || !d->o->mtu || d->gso_type)
		return true;
	if (link_len(d) && d->pkt->iov[0].iov_len >= ETH_LEN &&
	    load16(p + 12) == 0x8100)
		limit += 4;
	return d->frame <= limit || refuse(d, SEGOFF_V_META_MTU);
}

static const struct kind *find_kind(uint8_t vnet_type)
{
	for (size_t i = 0; i < SEGOFF__LENGTH(kinds); i++)
		if (kinds[i].vnet == vnet_type)
			return &kinds[i];
	return NULL;
}

static bool type_rules(struct decode *d, uint8_t type)
{
	d->kind = find_kind(type & (uint8_t)~SEGOFF_VNET_GSO_ECN);
	if (!d->kind || type == SEGOFF_VNET_GSO_ECN)
		return refuse(d, SEGOFF_V_META_TYPE);
	if (type && !d->gso_size)
		return refuse(d, SEGOFF_V_META_SIZE);
	return true;
}

/* Where the payload starts, by csum_start. */
static bool csum_rules(struct decode *d)
{
	size_t need = d->csum_offset + 2u;

	if (need < d->kind->thlen)
		need = d->kind->thlen;
	if (d->csum_start + need > d->frame)
		return refuse(d, SEGOFF_V_META_CSUM_END);
	if (d->o->headroom + d->csum_start >= U16_LIMIT)
		return refuse(d, SEGOFF_V_META_CSUM_HIGH);
	if (d->csum_start < d->kind->nh_min)
		return refuse(d, SEGOFF_V_META_CSUM_LOW);
	d->p_off = (size_t)d->csum_start + d->kind->thlen;
	d->meta->ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	d->meta->csum_start = d->csum_start;
	d->meta->csum_offset = d->csum_offset;
	d->meta->th_off = d->csum_start;
	return true;
}

/*
 * AF_PACKET knows where the IP header is, and looks; but if there are VLAN
 * tags it takes the IP header for one of them, and finds nothing. It steps
 * over the Fragment header of IPv6. What is in tunnels is refused here: Linux
 * admits some of it, to lose it later.
 */
static bool dissect_rules(struct decode *d)
{
	struct segoff_stack st;
	uint8_t proto;

	segoff__walk_plain(d->pkt, true, &st);
	if (!st.ip_version || st.net > (d->pkt->link != SEGOFF_LINK_RAW))
		return refuse(d, SEGOFF_V_META_L4);
	d->p_off = st.layer[st.net].off + (size_t)st.layer[st.net].len;
	proto = st.ip_proto;
	if (st.end == SEGOFF_V_FRAGMENT && d->frame - d->p_off >= FRAG_LEN &&
	    d->pkt->iov[0].iov_len > d->p_off) {
		proto = segoff__head(d->pkt)[d->p_off];
		d->p_off += FRAG_LEN;
	}
	if (proto != d->kind->proto)
		return refuse(d, SEGOFF_V_META_L4);
	d->meta->th_off = (uint16_t)d->p_off;
	d->p_off += d->kind->thlen;
	return d->p_off <= d->frame || refuse(d, SEGOFF_V_META_L4);
}

static bool where_rules(struct decode *d)
{
	if (d->flags & SEGOFF_VNET_NEEDS_CSUM)
		return csum_rules(d);
	if (!d->kind->gso_type)
		return true;
	if (d->o->writer == SEGOFF_WRITER_PACKET)
		return dissect_rules(d);
	d->p_off = (size_t)d->kind->nh_min + d->kind->thlen;
	return d->p_off <= d->frame || refuse(d, SEGOFF_V_META_FRAME);
}

static bool udp_rules(struct decode *d, uint8_t type)
{
	if (!(d->flags & SEGOFF_VNET_NEEDS_CSUM))
		return refuse(d, SEGOFF_V_META_UDP_CSUM);
	if (d->csum_offset != UDP_CHECK_AT)
		return refuse(d, SEGOFF_V_META_CSUM_OFF);
	if (d->frame - d->p_off > d->gso_size * UDP_MAX_SEGMENTS)
		return refuse(d, SEGOFF_V_META_UDP_SEGS);
	if (type & SEGOFF_VNET_GSO_ECN)
		return refuse(d, SEGOFF_V_META_UDP_ECN);
	return true;
}

static bool gso_rules(struct decode *d, uint8_t type)
{
	size_t counted = d->frame - d->p_off;

	if (d->kind->gso_type == SEGOFF_GSO_UDP_L4 && !udp_rules(d, type))
		return false;
	if (d->kind->proto == IPPROTO_NR_TCP &&
	    (d->flags & SEGOFF_VNET_NEEDS_CSUM) &&
	    d->csum_offset != TCP_CHECK_AT)
		return refuse(d, SEGOFF_V_META_CSUM_OFF);
	if (d->gso_size == SEGOFF_GSO_BY_FRAGS)
		return refuse(d, SEGOFF_V_META_SIZE);
	if (d->kind->gso_type == SEGOFF_GSO_UDP)
		counted += d->kind->thlen;
	if (counted <= d->gso_size)
		return true;
	d->meta->gso_size = d->gso_size;
	d->meta->gso_type = d->kind->gso_type | SEGOFF_GSO_DODGY;
	if (type & SEGOFF_VNET_GSO_ECN)
		d->meta->gso_type |= SEGOFF_GSO_TCP_ECN;
	return true;
}

/* virtio_net_hdr_to_skb */
static bool plain_rules(struct decode *d, uint8_t type)
{
	if (!type_rules(d, type) || !where_rules(d))
		return false;
	d->meta->hdr_len = d->hdr_len;
	return !type || gso_rules(d, type);
}

static bool tunnel_offsets(struct decode *d, uint8_t inner)
{
	unsigned int outer_ip =
		d->gso_type & SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6 ? 40 : 20;
	unsigned int inner_ip = inner == SEGOFF_VNET_GSO_TCPV6 ? 40 : 20;

	/* 14 also on TUN, which has no Ethernet header */
	return d->outer_th >= ETH_LEN + outer_ip &&
	       d->inner_nh >= d->outer_th + UDP_LEN &&
	       d->csum_start >= d->inner_nh + inner_ip;
}

/* The inner version, which a USO type does not say. */
static bool inner_version(struct decode *d, uint8_t inner, bool *v6)
{
	*v6 = inner == SEGOFF_VNET_GSO_TCPV6;
	if (inner != SEGOFF_VNET_GSO_UDP_L4)
		return true;
	if (d->inner_nh >= d->pkt->iov[0].iov_len)
		return refuse(d, SEGOFF_V_META_TNL_ORDER);
	*v6 = segoff__head(d->pkt)[d->inner_nh] >> 4 == 6;
	if (*v6 && d->csum_start < d->inner_nh + IPV6_LEN)
		return refuse(d, SEGOFF_V_META_TNL_ORDER);
	return true;
}

/* virtio_net_hdr_tnl_to_skb */
static bool tunnel_rules(struct decode *d)
{
	uint8_t inner = d->gso_type &
			(uint8_t) ~(VNET_GSO_TUNNEL | SEGOFF_VNET_GSO_ECN);
	bool v6;

	if (!d->o->tunnel)
		return refuse(d, SEGOFF_V_META_TNL_OFF);
	if ((d->gso_type & VNET_GSO_TUNNEL) == VNET_GSO_TUNNEL)
		return refuse(d, SEGOFF_V_META_TNL_BOTH);
	if (!inner || inner == SEGOFF_VNET_GSO_UDP)
		return refuse(d, SEGOFF_V_META_TNL_INNER);
	if (!(d->flags & SEGOFF_VNET_NEEDS_CSUM))
		return refuse(d, SEGOFF_V_META_TNL_CSUM);
	if (!tunnel_offsets(d, inner))
		return refuse(d, SEGOFF_V_META_TNL_ORDER);
	if (!plain_rules(d, d->gso_type & (uint8_t)~VNET_GSO_TUNNEL) ||
	    !inner_version(d, inner, &v6))
		return false;
	if ((d->flags & SEGOFF_VNET_UDP_TUNNEL_CSUM) && !d->o->tunnel_csum)
		return refuse(d, SEGOFF_V_META_TNL_OFF);
	d->meta->gso_type |= d->flags & SEGOFF_VNET_UDP_TUNNEL_CSUM ?
				     SEGOFF_GSO_UDP_TUNNEL_CSUM :
				     SEGOFF_GSO_UDP_TUNNEL;
	d->meta->protocol =
		d->gso_type & SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6 ? 0x86dd : 0x0800;
	d->meta->encapsulation = true;
	d->meta->inner_protocol = v6 ? 0x86dd : 0x0800;
	d->meta->inner_net_off = d->inner_nh;
	d->meta->inner_th_off = d->csum_start;
	d->meta->th_off = d->outer_th;
	return true;
}

static bool decode(struct decode *d, const uint8_t *h, size_t size)
{
	if (size < VNET_PLAIN)
		return refuse(d, SEGOFF_V_META_SHORT);
	read_header(d, h, size);
	if (d->o->writer == SEGOFF_WRITER_TUN ||
	    d->o->writer == SEGOFF_WRITER_TAP)
		d->unread =
			size - (size < VNET_TUNNEL ? VNET_PLAIN : VNET_TUNNEL);
	if (!writer_rules(d) || !mtu_rule(d))
		return false;
	if (size >= VNET_TUNNEL && (d->gso_type & VNET_GSO_TUNNEL))
		return tunnel_rules(d);
	return plain_rules(d, d->gso_type);
}

int segoff_vnet_decode(const void *hdr, size_t size,
		       const struct segoff_pkt *pkt,
		       const struct segoff_vnet_opts *o,
		       struct segoff_meta *meta, enum segoff_verdict *why)
{
	struct segoff_vnet_opts own;
	struct decode d = { .pkt = pkt,
			    .o = segoff__opts(o, &own, sizeof(own)),
			    .meta = meta };
	bool ok;

	*meta = (struct segoff_meta){ 0 };
	d.frame = segoff__bytes(pkt);
	ok = d.o ? decode(&d, hdr, size) : refuse(&d, SEGOFF_V_OPTS);
	if (why)
		*why = d.why;
	if (ok)
		return 0;
	*meta = (struct segoff_meta){ 0 };
	return d.why == SEGOFF_V_META_MTU ? -EMSGSIZE : -EINVAL;
}

/* SPDX-License-Identifier: MIT */
/* known.c - where the answers may differ, and why */
#include "known.h"
#include "known_tunnel.h"

#include <errno.h>
#include <stdio.h>

#include "wire.h"

#define VLAN_LEN  4
#define PPPOE_LEN 8
#define TAGS_MOST 7

#define ALL_KERNELS UINT32_MAX
#define KERNEL_6_2  0x060200u
#define KERNEL_6_12 0x060c00u
#define KERNEL_6_15 0x060f00u
#define TAP	    (1u << SEGOFF_WRITER_TAP)
#define PACKET	    (1u << SEGOFF_WRITER_PACKET)
#define TUN	    (1u << SEGOFF_WRITER_TUN)
#define ANY	    (TAP | PACKET | TUN)

static bool tagged(const struct superpacket *sp)
{
	uint16_t type = sp->len < ETH_LEN ? 0 : get16(sp->frame + 12);

	return type == 0x8100 || type == 0x88a8;
}

/*
 * An ordinary frame must fit the port that it leaves by; the outermost tag is
 * not in the frame then.
 */
static bool above_bridge_mtu(const struct asked *q)
{
	size_t len = q->sp->len - (tagged(q->sp) ? VLAN_LEN : 0);

	return !q->meta->gso_size && len > q->p->mtu + ETH_LEN + VLAN_LEN;
}

/*
 * Who receives takes the outermost tag out of the frame, so it must be whole,
 * and before anything is put before the packet.
 */
static bool tag_cut_short(const struct asked *q)
{
	size_t put = q->p->encap ? q->sp->l3 - q->sp->outer_l3 : 0;

	return tagged(q->sp) && q->sp->len - put < ETH_LEN + VLAN_LEN + 2;
}

/*
 * The bridge's netfilter hooks pull a tag or a PPPoE header that may not be
 * there, even if they are switched off; not every kernel has them.
 */
static bool netfilter_short(const struct asked *q)
{
	uint16_t type = q->sp->len < ETH_LEN ? 0 : get16(q->sp->frame + 12);

	return (tagged(q->sp) || type == 0x8864) &&
	       q->sp->len < ETH_LEN + VLAN_LEN + PPPOE_LEN;
}

/*
 * The tags of a frame; one that is not whole, or names no protocol, counts as
 * too many, but not the outermost: that one leaves the frame unseen.
 */
static unsigned int tags(const struct asked *q)
{
	const struct superpacket *sp = q->sp;
	bool outside = q->p->writer == SEGOFF_WRITER_TAP;
	unsigned int n = 0;
	size_t at = ETH_LEN - 2;
	uint16_t type = sp->len < ETH_LEN ? 0 : get16(sp->frame + at);

	while (type == 0x8100 || type == 0x88a8) {
		at += VLAN_LEN;
		type = at + 2 > sp->len ? 0 : get16(sp->frame + at);
		if (++n > TAGS_MOST || (!type && (n > 1 || !outside)))
			return TAGS_MOST + 1;
	}
	return n;
}

/*
 * Linux walks 7 tags, not 8: the loop that counts down from VLAN_MAX_DEPTH
 * gives up one too early. The bridge does this to every packet with a partial
 * checksum.
 */
static bool bridge_tags(const struct asked *q)
{
	return (q->meta->gso_size ||
		q->meta->ip_summed == SEGOFF_CHECKSUM_PARTIAL) &&
	       tags(q) > TAGS_MOST;
}

static bool packet_tags(const struct asked *q)
{
	return q->meta->gso_size && tags(q) > TAGS_MOST;
}

/* Where the IP header is; 0: there is none. */
static size_t ip_at(const struct asked *q)
{
	size_t at = ETH_LEN + VLAN_LEN * tags(q);
	uint16_t type;

	if (tags(q) > TAGS_MOST || at >= q->sp->len)
		return 0;
	type = get16(q->sp->frame + at - 2);
	return type == 0x0800 || type == 0x86dd ? at : 0;
}

static bool known_type(uint16_t type)
{
	return type == 0x0800 || type == 0x86dd || type == 0x8100 ||
	       type == 0x88a8;
}

/* The protocol behind IPv4, or behind IPv6 and extension headers; or 255. */
static uint8_t last_protocol(const struct asked *q)
{
	const uint8_t *f = q->sp->frame;
	size_t at = ip_at(q);
	uint8_t nr;

	if (!at || get16(f + at - 2) == 0x0800)
		return at ? f[at + 9] : 255;
	nr = f[at + 6];
	for (at += 40; nr == 0 || nr == 43 || nr == 60;
	     at += (f[at + 1] + 1u) * 8) {
		if (at + 2 > q->sp->len)
			return 255;
		nr = f[at];
	}
	return nr;
}

/* Does a packet socket have to look for the transport header itself? */
static bool dissected(const struct asked *q)
{
	return q->p->writer == SEGOFF_WRITER_PACKET && q->sp->vnet[VNET_TYPE] &&
	       !(q->sp->vnet[VNET_FLAGS] & SEGOFF_VNET_NEEDS_CSUM);
}

/* Has it the Hop-by-Hop header of BIG TCP? */
static bool jumbo(const struct asked *q)
{
	const uint8_t *p = q->sp->frame + ip_at(q);

	return q->meta->gso_size && ip_at(q) && q->sp->len - ip_at(q) > 65536 &&
	       p[6] == 0 && p[40] == 6 && p[41] == 0 && p[42] == 0xc2;
}

/*
 * Linux removes the Hop-by-Hop header of BIG TCP if the packet's protocol is
 * IPv6, which it is not if a VLAN tag is in the frame; then the artefact goes
 * out on the wire. Whether a tag is in the frame or beside it is the kernel's
 * own affair, so segoff removes it always.
 */
static bool jumbo_behind_tags(const struct asked *q)
{
	bool outside = q->p->writer == SEGOFF_WRITER_TAP;

	return jumbo(q) && tags(q) > (outside ? 1 : 0);
}

/*
 * And it reads that header without asking whether it is in the linear part,
 * which a writer's hdr_len decides: what it then sees is left to chance.
 */
static bool jumbo_not_linear(const struct asked *q)
{
	uint16_t hdr_len = get_le16(q->sp->vnet + VNET_HDR_LEN);

	return jumbo(q) && hdr_len && hdr_len < ip_at(q) + 48 &&
	       q->meta->ip_summed != SEGOFF_CHECKSUM_PARTIAL;
}

/* Is there a Home Address option (RFC 6275 6.3) in this header? */
static bool home_address(const uint8_t *p, size_t len)
{
	for (size_t i = 2; i < len;
	     i += p[i] && i + 1 < len ? p[i + 1] + 2u : 1)
		if (p[i] == 0xc9)
			return true;
	return false;
}

/*
 * A Destination header with a Home Address belongs before the Fragment header
 * even behind a Routing header, says a kernel that was built with Mobile IPv6.
 * Debian's are, and segoff does the same.
 */
static bool no_mobile_ipv6(const struct asked *q)
{
	const struct superpacket *sp = q->sp;
	size_t at = ip_at(q), len;
	uint8_t nr;

	if (q->p->mobile_ipv6 || !(q->meta->gso_type & SEGOFF_GSO_UDP) || !at)
		return false;
	nr = sp->frame[at + 6];
	for (at += 40; nr == 0 || nr == 43 || nr == 60; at += len) {
		len = at + 8 > sp->len ? 8 : (sp->frame[at + 1] + 1u) * 8;
		if (at + len > sp->len)
			return false;
		if (nr == 60 && home_address(sp->frame + at, len))
			return true;
		nr = sp->frame[at];
	}
	return false;
}

/*
 * If a frame has tags, a packet socket that looks for the transport header
 * begins with the tags but at the IP header, where it has already put the
 * network header, and so finds nothing, as segoff knows; unless what it takes
 * for a tag leads on.
 */
static bool packet_tag_leads_on(const struct asked *q)
{
	const uint8_t *ip = q->sp->frame + ip_at(q);

	return dissected(q) && tags(q) &&
	       (!ip_at(q) || known_type(get16(ip + 2)));
}

/*
 * It looks through headers that cannot be segmented through: tunnels and
 * fragments. The superpacket is then dropped, or passes if it is not one.
 * segoff refuses it at once.
 */
static bool packet_looks_further(const struct asked *q)
{
	uint8_t nr = last_protocol(q);

	return dissected(q) && (nr == 4 || nr == 41 || nr == 44 || nr == 47);
}

/* If the frame names no protocol, gso_type decides. */
static bool packet_no_type(const struct asked *q)
{
	return q->sp->len >= ETH_LEN && !get16(q->sp->frame + ETH_LEN - 2);
}

/*
 * It takes the smaller of the offset and the frame's length modulo 65536 for
 * where the transport header is.
 */
static bool packet_offset_cut(const struct asked *q)
{
	return dissected(q) && q->sp->len > 65535 &&
	       (q->sp->len & 0xffff) < q->sp->payload;
}

static uint8_t gso_type(const struct asked *q)
{
	return q->sp->vnet[VNET_TYPE] & (uint8_t)~SEGOFF_VNET_GSO_ECN;
}

/* UDP GSO can be said since 6.2. */
static bool udp_l4(const struct asked *q)
{
	return gso_type(q) == SEGOFF_VNET_GSO_UDP_L4;
}

static bool needs_csum(const struct asked *q)
{
	return q->sp->vnet[VNET_FLAGS] & SEGOFF_VNET_NEEDS_CSUM;
}

/* Since 6.12 csum_start may not lie in the IP header (R-META-4). */
static bool csum_start_low(const struct asked *q)
{
	uint16_t least = gso_type(q) == SEGOFF_VNET_GSO_TCPV6 ? 40 : 20;

	return needs_csum(q) && get_le16(q->sp->vnet + VNET_CSUM_START) < least;
}

/*
 * Until then, without NEEDS_CSUM, headers did not count: a frame above gso_size
 * was a superpacket, if one without enough payload, and so was dropped.
 */
static bool headers_counted(const struct asked *q)
{
	uint8_t type = gso_type(q);
	size_t len = q->sp->len + (type == SEGOFF_VNET_GSO_UDP ? 8 : 0);

	return !needs_csum(q) && type && !q->meta->gso_size &&
	       len > get_le16(q->sp->vnet + VNET_GSO_SIZE);
}

/* Nor had they to be there. */
static bool headers_missing(const struct asked *q)
{
	return !needs_csum(q) && q->sp->vnet[VNET_TYPE] && q->sp->len < 60;
}

/* hdr_len is compared with what follows the first 10 bytes; once, exactly. */
static bool hdr_len_beyond(const struct asked *q)
{
	const uint8_t *h = q->sp->vnet;
	uint32_t n = get_le16(h + VNET_HDR_LEN);
	uint32_t csum = get_le16(h + VNET_CSUM_START) + 2u +
			get_le16(h + VNET_CSUM_OFFSET);

	return n > q->sp->len || (needs_csum(q) && csum > q->sp->len);
}

/* What then becomes of the superpacket. */
enum outcome {
	REFUSED,  /* the write fails with EINVAL */
	DROPPED,  /* the kernel takes it, and nothing comes out */
	ADMITTED, /* the errno alone is judged */
	EXEMPT,	  /* nothing is */
};

static const struct known {
	const char *what;
	uint32_t before; /* kernels older than this */
	unsigned int writers;
	enum outcome outcome;
	bool (*applies)(const struct asked *q);
} knowns[] = {
	/* of the path, not of segmentation */
	{ "frame above the MTU of the bridge", ALL_KERNELS, TAP, DROPPED,
	  above_bridge_mtu },
	{ "outermost VLAN tag cut short", ALL_KERNELS, TAP, DROPPED,
	  tag_cut_short },
	{ "frame too short for netfilter", ALL_KERNELS, TAP, EXEMPT,
	  netfilter_short },
	{ "more than 7 VLAN tags", ALL_KERNELS, TAP, DROPPED, bridge_tags },
	{ "more than 7 VLAN tags", ALL_KERNELS, PACKET, DROPPED, packet_tags },
	{ "tunnel mark that the reader cannot read", ALL_KERNELS, TAP, DROPPED,
	  known_tunnel_unreadable },
	{ "GRE with sequence numbers", ALL_KERNELS, TAP, EXEMPT,
	  known_gre_seq },
	{ "tunnel that is not what its metadata says", ALL_KERNELS, TAP, EXEMPT,
	  known_tunnel_contradicts },
	{ "tunnel header of an odd length", ALL_KERNELS, TAP, EXEMPT,
	  known_tunnel_odd_length },
	/* older kernels */
	{ "no UDP GSO before 6.2", KERNEL_6_2, ANY, REFUSED, udp_l4 },
	{ "csum_start unchecked before 6.12", KERNEL_6_12, ANY, EXEMPT,
	  csum_start_low },
	{ "short headers unchecked before 6.12", KERNEL_6_12, TAP | TUN, EXEMPT,
	  headers_missing },
	{ "headers not counted before 6.12", KERNEL_6_12, TAP | TUN, DROPPED,
	  headers_counted },
	{ "hdr_len checked exactly before 6.15", KERNEL_6_15, TAP | TUN,
	  REFUSED, hdr_len_beyond },
	/* decisions */
	{ "BIG TCP header behind a VLAN tag", ALL_KERNELS, TAP | PACKET, EXEMPT,
	  jumbo_behind_tags },
	{ "BIG TCP header beyond hdr_len", ALL_KERNELS, TAP | PACKET, EXEMPT,
	  jumbo_not_linear },
	{ "kernel without Mobile IPv6", ALL_KERNELS, TAP | PACKET, EXEMPT,
	  no_mobile_ipv6 },
	{ "packet socket finds it by chance", ALL_KERNELS, PACKET, EXEMPT,
	  packet_tag_leads_on },
	{ "packet socket looks into tunnels", ALL_KERNELS, PACKET, EXEMPT,
	  packet_looks_further },
	{ "packet socket takes length modulo 65536", ALL_KERNELS, PACKET,
	  EXEMPT, packet_offset_cut },
	{ "EtherType 0", ALL_KERNELS, PACKET, EXEMPT, packet_no_type },
};

static uint64_t hits[LENGTH(knowns)];

/* A superpacket that is refused already cannot be dropped. */
static bool to_apply(const struct known *k, const struct asked *q)
{
	return q->p->kernel < k->before && k->writers & 1u << q->p->writer &&
	       (k->outcome == EXEMPT || !q->a->err) && k->applies(q);
}

enum judged known_apply(const struct path *p, const struct superpacket *sp,
			const struct segoff_meta *meta, struct answer *a)
{
	struct asked q = { p, sp, meta, a };

	for (size_t i = 0; i < LENGTH(knowns); i++) {
		if (!to_apply(&knowns[i], &q))
			continue;
		hits[i]++;
		if (knowns[i].outcome == EXEMPT)
			return JUDGED_NOT;
		if (knowns[i].outcome == ADMITTED)
			return JUDGED_ERRNO;
		answer_clear(a);
		a->err = knowns[i].outcome == REFUSED ? EINVAL : 0;
	}
	return p->out < 0 ? JUDGED_ERRNO : JUDGED_ALL;
}

void known_print(void)
{
	static const char *const outcomes[] = { "refused", "dropped",
						"errno only", "not judged" };

	for (size_t i = 0; i < LENGTH(knowns); i++)
		if (hits[i])
			printf("%8llu %-10s %s\n", (unsigned long long)hits[i],
			       outcomes[knowns[i].outcome], knowns[i].what);
}

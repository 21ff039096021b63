/* SPDX-License-Identifier: MIT */
/* dissect.h - the walk over the headers, for the core's own use */
#ifndef SEGOFF_CORE_DISSECT_H
#define SEGOFF_CORE_DISSECT_H

#include <segoff/meta.h>
#include <segoff/packet.h>

#include "proto/proto.h"

/**
 * struct segoff__route - how to walk
 * @ports: which UDP ports are tunnels; NULL: the well-known ones
 * @meta: of a superpacket, which knows whether it is in a tunnel, and where
 *	that ends; NULL: go by the ports
 * @as_kernel: go by what the header before announces, as the kernel does: what
 *	follows the IP header of a fragment is its transport header, and the IP
 *	version is what the link says. Segmentation must
 */
struct segoff__route {
	const struct segoff_ports *ports;
	const struct segoff_meta *meta;
	bool as_kernel;
};

/**
 * struct segoff__ips - the IP headers of a stack
 * @count: how many
 * @types: bits of gso_type that those want which are right in front of another
 */
struct segoff__ips {
	unsigned int count;
	uint32_t types;
};

/**
 * segoff__walk() - walk the headers of a packet
 * @pkt: the packet
 * @r: how
 * @st: receives the headers
 *
 * Return: the IP headers among them.
 */
struct segoff__ips segoff__walk(const struct segoff_pkt *pkt,
				const struct segoff__route *r,
				struct segoff_stack *st);

/**
 * segoff__walk_plain() - the same where no UDP header is of a tunnel
 * @pkt: the packet
 * @as_kernel: as in struct segoff__route
 * @st: receives the headers
 */
void segoff__walk_plain(const struct segoff_pkt *pkt, bool as_kernel,
			struct segoff_stack *st);

/* Offsets are 16 bits wide, as in the kernel. */
#define HEADERS_MAX 65535u

/* All bytes of a packet; SIZE_MAX if that is more than can be counted. */
SEGOFF__INLINE size_t segoff__bytes(const struct segoff_pkt *pkt)
{
	size_t n = 0;

	if (likely(pkt->niov == 1))
		return pkt->iov[0].iov_len;
	for (unsigned int i = 0; i < pkt->niov; i++)
		if (__builtin_add_overflow(n, pkt->iov[i].iov_len, &n))
			return SIZE_MAX;
	return n;
}

/* The first piece, where all headers are; never NULL. */
SEGOFF__INLINE const uint8_t *segoff__head(const struct segoff_pkt *pkt)
{
	static const uint8_t nothing;

	if (!pkt->niov || !pkt->iov[0].iov_base)
		return &nothing;
	return pkt->iov[0].iov_base;
}

/* The innermost header of a walk; the packet is not empty. */
SEGOFF__INLINE const struct segoff_layer *
segoff__last(const struct segoff_stack *st)
{
	return &st->layer[st->nlayer - 1];
}

/* Has the walk ended behind a transport header: TCP, UDP or SCTP? */
SEGOFF__INLINE bool segoff__has_l4(const struct segoff_stack *st)
{
	return st->nlayer && st->end == SEGOFF_V_OK;
}

SEGOFF__INLINE bool is_ip(unsigned int proto)
{
	return proto == SEGOFF_P_IPV4 || proto == SEGOFF_P_IPV6;
}

/* The bit of gso_type that an IP header wants if another one follows. */
SEGOFF__INLINE uint32_t ipxip_of(unsigned int proto)
{
	return proto == SEGOFF_P_IPV4 ? SEGOFF_GSO_IPXIP4 : SEGOFF_GSO_IPXIP6;
}

/* The outermost IP header; there is one. */
SEGOFF__INLINE const struct segoff_layer *
segoff__outer_ip(const struct segoff_stack *st)
{
	const struct segoff_layer *l = st->layer;

	while (!is_ip(l->proto))
		l++;
	return l;
}

/* Is there an IP header in front of the innermost one? */
SEGOFF__INLINE bool segoff__in_tunnel(const struct segoff_stack *st)
{
	return segoff__outer_ip(st) != &st->layer[st->net];
}

/* The IP header that a header is behind; there is one. */
SEGOFF__INLINE const struct segoff_layer *
segoff__ip_of(const struct segoff_layer *l)
{
	while (!is_ip(l->proto))
		l--;
	return l;
}

SEGOFF__INLINE unsigned int ip_version(const struct segoff_layer *ip)
{
	return ip->proto == SEGOFF_P_IPV4 ? 4 : 6;
}

/* Has the walk ended behind an SCTP header? */
SEGOFF__INLINE bool segoff__has_sctp(const struct segoff_stack *st)
{
	return segoff__has_l4(st) && segoff__last(st)->proto == SEGOFF_P_SCTP;
}

/* The caller's headers if there are any, else our own walk into @own. */
SEGOFF__INLINE const struct segoff_stack *
segoff__stack(const struct segoff_pkt *pkt, const struct segoff_stack *st,
	      struct segoff_stack *own)
{
	if (st)
		return st;
	segoff_dissect(pkt, own);
	return own;
}

#endif

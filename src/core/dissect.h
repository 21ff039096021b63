/* SPDX-License-Identifier: MIT */
/* dissect.h - the walk over the headers, for the core's own use */
#ifndef SEGOFF_CORE_DISSECT_H
#define SEGOFF_CORE_DISSECT_H

#include <segoff/packet.h>

#include "proto/proto.h"

/**
 * segoff__walk() - walk the headers of a packet
 * @pkt: the packet
 * @st: receives the headers
 * @as_kernel: go by what the header before announces, as the kernel does: what
 *	follows the IP header of a fragment is its transport header, and the IP
 *	version is what the link says. Segmentation must
 */
void segoff__walk(const struct segoff_pkt *pkt, struct segoff_stack *st,
		  bool as_kernel);

/* Offsets are 16 bits wide, as in the kernel. */
#define HEADERS_MAX 65535u

/* All bytes of a packet; SIZE_MAX if that is more than can be counted. */
SEGOFF__INLINE size_t segoff__bytes(const struct segoff_pkt *pkt)
{
	size_t n = 0;

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

/* Has the walk ended behind a TCP or UDP header? */
SEGOFF__INLINE bool segoff__has_l4(const struct segoff_stack *st)
{
	return st->nlayer && st->end == SEGOFF_V_OK;
}

/* The caller's headers if there are any, else our own walk into @own. */
SEGOFF__INLINE const struct segoff_stack *
segoff__stack(const struct segoff_pkt *pkt, const struct segoff_stack *st,
	      struct segoff_stack *own)
{
	if (st)
		return st;
	segoff__walk(pkt, own, false);
	return own;
}

#endif

/* SPDX-License-Identifier: MIT */
/* emit.h - segments by a plan */
#ifndef SEGOFF_CORE_EMIT_H
#define SEGOFF_CORE_EMIT_H

#include <segoff/gso.h>

#include "plan.h"

/* Scatter: every header starts on this many bytes. */
#define HDR_ALIGN ((size_t)16)

/* Flat: every payload starts on a cache line. */
#define FLAT_ALIGN ((size_t)64)

SEGOFF__INLINE size_t hdr_stride(size_t hlen)
{
	return (hlen + HDR_ALIGN - 1) & ~(HDR_ALIGN - 1);
}

/* Flat: bytes to leave free before a header of @hlen bytes. */
SEGOFF__INLINE size_t flat_gap(const uint8_t *at, size_t hlen)
{
	return -((uintptr_t)at + hlen) & (FLAT_ALIGN - 1);
}

/**
 * segoff__bound() - how much memory segments need (segment.c)
 * @nseg: how many
 * @hlen: bytes of their headers
 * @payload: of all
 * @size: of the largest
 * @niov: pieces that it lies in
 * @b: receives it
 */
void segoff__bound(size_t nseg, size_t hlen, size_t payload, size_t size,
		   size_t niov, struct segoff_bound *b);

/* segoff_gso_next() and its like for lists (fraglist.c). */
ssize_t segoff__list_next(struct segoff_gso *g, void *buf, size_t size);
ssize_t segoff__list_flat(struct segoff_gso *g, void *buf, size_t size,
			  struct iovec *seg, size_t nseg);
ssize_t segoff__list_scatter(struct segoff_gso *g,
			     const struct segoff_scatter *out);

#endif

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

#endif

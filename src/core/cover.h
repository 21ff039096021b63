/* SPDX-License-Identifier: MIT */
/* cover.h - the checksums of tunnels, planned and written */
#ifndef SEGOFF_CORE_COVER_H
#define SEGOFF_CORE_COVER_H

#include "plan.h"

/* Only these headers have a checksum over what is behind them. */
SEGOFF__INLINE bool may_cover(const struct segoff_layer *l)
{
	return l->proto == SEGOFF_P_UDP || l->proto == SEGOFF_P_GRE;
}

/**
 * segoff__has_cover() - has this tunnel header a checksum that is to be made?
 * @c: the packet
 * @l: one of its headers
 */
bool segoff__has_cover(const struct segoff__cut *c,
		       const struct segoff_layer *l);

/**
 * segoff__plan_cover() - begin with a checksum
 * @g: the plan
 * @c: the packet
 * @l: the header that has it
 * @out: where that is in a segment
 */
void segoff__plan_cover(struct segoff_gso *g, const struct segoff__cut *c,
			const struct segoff_layer *l, uint32_t out);

/**
 * segoff__by_bytes() - do these checksums depend on the bytes of a segment?
 * @c: the packet
 */
bool segoff__by_bytes(const struct segoff__cut *c);

/* What the sum of the bytes from @at on adds to the checksum around them. */
SEGOFF__INLINE uint16_t in_cover(const struct segoff__cover *cover, uint32_t at,
				 uint16_t sum)
{
	return (at - cover->start) & 1 ? swapped(sum) : sum;
}

/**
 * segoff__close_covers() - write the checksums that a run has in common
 * @g: the plan
 * @h: header of a segment
 * @sum: what the run's words add to each
 * @size: payload that the headers speak of
 */
void segoff__close_covers(const struct segoff_gso *g, uint8_t *h,
			  const uint32_t *sum, uint32_t size);

/**
 * segoff__sum_covers() - write the checksums of one segment, from its bytes
 * @g: the plan
 * @h: header of the segment, complete but for them
 * @size: bytes of payload
 * @payload: their sum
 */
void segoff__sum_covers(const struct segoff_gso *g, uint8_t *h, uint32_t size,
			uint16_t payload);

#endif

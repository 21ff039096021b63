/* SPDX-License-Identifier: MIT */
/* cover.h - the checksums of tunnels */
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

/* Do these checksums depend on the bytes of a segment? */
SEGOFF__INLINE bool by_bytes(const struct segoff__cut *c)
{
	return c->fragments || c->by_frags ||
	       c->meta->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM;
}

/* What the sum of the bytes from @at on adds to the checksum around them. */
SEGOFF__INLINE uint16_t in_cover(const struct segoff__cover *cover, uint32_t at,
				 uint16_t sum)
{
	return (at - cover->start) & 1 ? swapped(sum) : sum;
}

#endif

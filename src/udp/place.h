/* SPDX-License-Identifier: MIT */
/* place.h - arrays in one piece of the caller's memory */
#ifndef SEGOFF_UDP_PLACE_H
#define SEGOFF_UDP_PLACE_H

#include "../core/bytes.h"

/* One array behind the other, each aligned for anything that is in them. */
SEGOFF__INLINE size_t segoff__udp_place(size_t *end, size_t n, size_t each)
{
	size_t at = *end;

	*end = at + (n * each + 15) / 16 * 16;
	return at;
}

#endif

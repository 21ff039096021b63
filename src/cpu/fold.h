/* SPDX-License-Identifier: MIT */
/* fold.h - the end of every checksum kernel */
#ifndef SEGOFF_CPU_FOLD_H
#define SEGOFF_CPU_FOLD_H

#include <stdint.h>

/* Fold to 16 bits by end-around carry; 0 only if the sum is. */
static inline uint32_t fold64(uint64_t s)
{
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffffffff) + (s >> 32);
	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return (uint32_t)s;
}

#endif

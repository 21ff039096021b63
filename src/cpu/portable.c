/* SPDX-License-Identifier: MIT */
/*
 * portable.c - the Internet checksum in plain C
 *
 * Eight bytes at a time into 64 bits: 32-bit halves are added, so the upper
 * half collects carries and cannot overflow below 2^32 words.
 */
#include "csum.h"

#include <string.h>

#include "crc32c.h"
#include "fold.h"

/* The last n < 8 bytes, padded with zeros. */
static inline uint64_t tail(const uint8_t *p, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, p, n);
	return (w & 0xffffffff) + (w >> 32);
}

uint32_t segoff__sum_portable(const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint64_t s = 0, w;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&w, p, 8);
		s += (w & 0xffffffff) + (w >> 32);
	}
	return fold64(s + (n ? tail(p, n) : 0));
}

uint32_t segoff__copy_portable(void *to, const void *from, size_t n)
{
	if (n)
		memcpy(to, from, n);
	return segoff__sum_portable(to, n);
}

const struct segoff__cpu segoff__cpu_portable = {
	.name = "portable",
	.sum = segoff__sum_portable,
	.copy = segoff__copy_portable,
	.crc = segoff__crc_portable,
};

/* SPDX-License-Identifier: MIT */
/*
 * pattern.c - what is sent: bytes that both ends know
 *
 * Random bytes, repeated after a prime number of them, so that no piece can be
 * mistaken for one that is some packets away.
 */
#include "pattern.h"

#include <string.h>

#define PERIOD 1048573

static uint8_t pattern[PERIOD];

void pattern_make(void)
{
	uint32_t x = 2463534242;

	for (size_t i = 0; i < PERIOD; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		pattern[i] = (uint8_t)(x >> 24);
	}
}

uint8_t *pattern_at(uint64_t offset, uint64_t max, size_t *len)
{
	size_t at = offset % PERIOD;

	*len = max < PERIOD - at ? (size_t)max : PERIOD - at;
	return pattern + at;
}

bool pattern_is(uint64_t offset, const uint8_t *bytes, size_t len)
{
	while (len) {
		size_t n;
		const uint8_t *want = pattern_at(offset, len, &n);

		if (memcmp(bytes, want, n))
			return false;
		offset += n;
		bytes += n;
		len -= n;
	}
	return true;
}

/* SPDX-License-Identifier: MIT */
/* ref_sum.c - the Internet checksum as RFC 1071 words it, and CRC32c */
#include "ref.h"

/* Sum of big-endian words; an odd last byte is followed by a zero. */
uint64_t ref_sum(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += ref_get16(p + i);
	if (n % 2)
		sum += (uint64_t)p[n - 1] << 8;
	return sum;
}

/* End-around carry. Only zero folds to zero. */
uint16_t ref_fold(uint64_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

uint16_t ref_not(uint16_t v)
{
	return (uint16_t)~v;
}

/* One bit after the other: the polynomial 1EDC6F41, its bits in reverse. */
uint32_t ref_crc32c(uint32_t crc, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < 8 * n; i++) {
		uint32_t bit = (uint32_t)p[i / 8] >> i % 8 & 1;

		crc = crc >> 1 ^ ((crc ^ bit) & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

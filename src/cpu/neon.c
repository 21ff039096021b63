/* SPDX-License-Identifier: MIT */
/*
 * neon.c - the Internet checksum, 16 bytes at a time
 *
 * vpadal adds neighbouring 16-bit words into 32-bit lanes, unsigned. A lane
 * gains less than 2^17 per 16 bytes, so four accumulators of four lanes are
 * emptied every 64 KB at the latest. Bytes behind the last full vector are
 * collected in a small buffer: nothing outside the run is read or written.
 */
#include "csum.h"

#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <arm_neon.h>
#include <string.h>

#include "crc32c.h"
#include "fold.h"

#define RUN ((size_t)65536)

static inline uint32x4_t add(uint32x4_t a, uint8x16_t v)
{
	return vpadalq_u16(a, vreinterpretq_u16_u8(v));
}

static inline uint64_t total(uint32x4_t a, uint32x4_t b, uint32x4_t c,
			     uint32x4_t d)
{
	return vaddlvq_u32(a) + vaddlvq_u32(b) + vaddlvq_u32(c) +
	       vaddlvq_u32(d);
}

/* The last n < 16 bytes, padded with zeros. */
static inline uint8x16_t tail(const uint8_t *p, size_t n)
{
	uint8_t last[16] = { 0 };

	memcpy(last, p, n);
	return vld1q_u8(last);
}

static uint64_t sum_run(const uint8_t *p, size_t n)
{
	uint32x4_t a = vdupq_n_u32(0), b = a, c = a, d = a;

	for (; n >= 64; n -= 64, p += 64) {
		a = add(a, vld1q_u8(p));
		b = add(b, vld1q_u8(p + 16));
		c = add(c, vld1q_u8(p + 32));
		d = add(d, vld1q_u8(p + 48));
	}
	for (; n >= 16; n -= 16, p += 16)
		a = add(a, vld1q_u8(p));
	if (n)
		b = add(b, tail(p, n));
	return total(a, b, c, d);
}

static uint32_t sum_neon(const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint64_t s = 0;

	for (; __builtin_expect(n > RUN, 0); n -= RUN, p += RUN)
		s += sum_run(p, RUN);
	return fold64(s + sum_run(p, n));
}

static uint64_t copy_run(uint8_t *q, const uint8_t *p, size_t n)
{
	uint32x4_t a = vdupq_n_u32(0), b = a, c = a, d = a;

	for (; n >= 64; n -= 64, p += 64, q += 64) {
		uint8x16_t v0 = vld1q_u8(p), v1 = vld1q_u8(p + 16);
		uint8x16_t v2 = vld1q_u8(p + 32), v3 = vld1q_u8(p + 48);

		vst1q_u8(q, v0);
		vst1q_u8(q + 16, v1);
		vst1q_u8(q + 32, v2);
		vst1q_u8(q + 48, v3);
		a = add(a, v0);
		b = add(b, v1);
		c = add(c, v2);
		d = add(d, v3);
	}
	for (; n >= 16; n -= 16, p += 16, q += 16) {
		uint8x16_t v = vld1q_u8(p);

		vst1q_u8(q, v);
		a = add(a, v);
	}
	if (n) {
		b = add(b, tail(p, n));
		memcpy(q, p, n);
	}
	return total(a, b, c, d);
}

static uint32_t copy_neon(void *to, const void *from, size_t n)
{
	const uint8_t *p = from;
	uint8_t *q = to;
	uint64_t s = 0;

	for (; __builtin_expect(n > RUN, 0); n -= RUN, p += RUN, q += RUN)
		s += copy_run(q, p, RUN);
	return fold64(s + copy_run(q, p, n));
}

const struct segoff__cpu segoff__cpu_neon_crc = {
	.name = "neon-crc",
	.sum = sum_neon,
	.copy = copy_neon,
	.crc = segoff__crc_armv8,
};

const struct segoff__cpu segoff__cpu_neon = {
	.name = "neon",
	.sum = sum_neon,
	.copy = copy_neon,
	.crc = segoff__crc_portable,
};

#endif

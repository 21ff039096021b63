/* SPDX-License-Identifier: MIT */
/*
 * avx512.c - the Internet checksum, 64 bytes at a time
 *
 * As avx2.c, with wider vectors; the end of a run comes in by one load under a
 * byte mask, odd last byte included, which does not touch memory outside it.
 * Copying gains nothing from wider vectors (measured), so it is avx2.c's.
 */
#include "csum.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "crc32c.h"
#include "fold.h"

#define AVX512                                      \
	static inline __attribute__((always_inline, \
				     target("avx512f,avx512bw,bmi2")))
#define KERNEL static __attribute__((target("avx512f,avx512bw,bmi2")))

/* Bytes after which lanes are emptied; a multiple of every stride below. */
#define RUN ((size_t)65536)

/* Add the 32 words of v to the 16 lanes of a. */
AVX512 __m512i add(__m512i a, __m512i v)
{
	const __m512i one = _mm512_set1_epi16(1);
	const __m512i top = _mm512_set1_epi16((short)0x8000);

	v = _mm512_madd_epi16(_mm512_xor_si512(v, top), one);
	return _mm512_add_epi32(a, v);
}

/* All lanes, plus the bias of n words; each lane is below 2^26 in size. */
AVX512 uint64_t total(__m512i a, size_t words)
{
	__m256i y = _mm256_add_epi32(_mm512_castsi512_si256(a),
				     _mm512_extracti64x4_epi64(a, 1));
	__m128i x = _mm_add_epi32(_mm256_castsi256_si128(y),
				  _mm256_extracti128_si256(y, 1));

	x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0x4e));
	x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0xb1));
	return (uint64_t)(_mm_cvtsi128_si32(x) + (int64_t)words * 32768);
}

/* The mask of the first n < 64 bytes. */
AVX512 __mmask64 first(size_t n)
{
	return _bzhi_u64(~UINT64_C(0), (unsigned int)n);
}

/* The first n <= RUN bytes. Words of a masked vector count as bias too. */
AVX512 uint64_t sum_run(const uint8_t *p, size_t n)
{
	const uint8_t *end = p + (n & ~(size_t)127);
	__m512i a = _mm512_setzero_si512(), b = a;
	size_t words = (n & ~(size_t)63) / 2;

	for (; p != end; p += 128) {
		a = add(a, _mm512_loadu_si512(p));
		b = add(b, _mm512_loadu_si512(p + 64));
	}
	if (n & 64) {
		a = add(a, _mm512_loadu_si512(p));
		p += 64;
	}
	if (n & 63) {
		b = add(b, _mm512_maskz_loadu_epi8(first(n & 63), p));
		words += 32;
	}
	return total(_mm512_add_epi32(a, b), words);
}

KERNEL uint32_t sum_avx512(const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint64_t s = 0;

	for (; __builtin_expect(n > RUN, 0); n -= RUN, p += RUN)
		s += sum_run(p, RUN);
	return fold64(s + sum_run(p, n));
}

const struct segoff__cpu segoff__cpu_avx512 = {
	.name = "avx512",
	.sum = sum_avx512,
	.copy = segoff__copy_avx2,
	.crc = segoff__crc_sse42,
};

#endif

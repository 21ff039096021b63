/* SPDX-License-Identifier: MIT */
/*
 * avx2.c - the Internet checksum, 32 bytes at a time
 *
 * Theory of operation
 * -------------------
 * vpmaddwd with ones adds neighbouring 16-bit words into 32-bit lanes, but it
 * takes words as signed. Flipping the top bit of a word u gives the signed
 * word u - 32768; the 32768 per word are given back at the end. A lane gains
 * less than 2^16 in magnitude per 32 bytes, so lanes are emptied every 64 KB
 * at the latest.
 *
 *	16 words   | u0 u1 | u2 u3 | ...          ^ 0x8000 each
 *	 8 lanes   | u0+u1 | u2+u3 | ...  - 65536, vpmaddwd by 1
 *
 * The last 4 to 28 bytes of a run come in by a masked load, which does not
 * touch memory outside the mask (no fault behind the end of a buffer); the
 * last 0 to 3 bytes are added by hand.
 */
#include "csum.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "crc32c.h"
#include "fold.h"

#define AVX2   static inline __attribute__((always_inline, target("avx2")))
#define KERNEL static __attribute__((target("avx2")))

/* Bytes after which lanes are emptied; a multiple of every stride below. */
#define RUN ((size_t)65536)

static const int32_t mask_row[16] = { -1, -1, -1, -1, -1, -1, -1, -1 };

AVX2 __m256i load(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

AVX2 void store(uint8_t *p, __m256i v)
{
	_mm256_storeu_si256((__m256i *)(void *)p, v);
}

/* Add the 16 words of v to the 8 lanes of a. */
AVX2 __m256i add(__m256i a, __m256i v)
{
	const __m256i one = _mm256_set1_epi16(1);
	const __m256i top = _mm256_set1_epi16((short)0x8000);

	v = _mm256_madd_epi16(_mm256_xor_si256(v, top), one);
	return _mm256_add_epi32(a, v);
}

/* The mask of the first n bytes of a vector; n a multiple of 4 below 32. */
AVX2 __m256i first(size_t n)
{
	return load((const uint8_t *)(mask_row + 8 - n / 4));
}

/* Masked: only words under the mask carry a bias that is given back. */
AVX2 __m256i add_masked(__m256i a, __m256i v, __m256i mask)
{
	const __m256i one = _mm256_set1_epi16(1);
	const __m256i top = _mm256_set1_epi16((short)0x8000);

	v = _mm256_xor_si256(v, _mm256_and_si256(top, mask));
	return _mm256_add_epi32(a, _mm256_madd_epi16(v, one));
}

/*
 * All lanes, plus the bias of n bytes. For n <= RUN no lane exceeds 2^27, so
 * the eight of them fit 32 bits.
 */
AVX2 uint64_t total(__m256i a, size_t n)
{
	__m128i x = _mm_add_epi32(_mm256_castsi256_si128(a),
				  _mm256_extracti128_si256(a, 1));

	x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0x4e));
	x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0xb1));
	return (uint64_t)(_mm_cvtsi128_si32(x) + (int64_t)(n / 2) * 32768);
}

/* The last n < 4 bytes. */
AVX2 uint64_t few(const uint8_t *p, size_t n)
{
	uint32_t w = 0;

	if (n & 2) {
		uint16_t v;

		memcpy(&v, p, 2);
		w = v;
		p += 2;
	}
	return w + (n & 1 ? *p : 0u);
}

/* Sum of n <= RUN bytes without the last n % 4. */
AVX2 uint64_t sum_run(const uint8_t *p, size_t n)
{
	const uint8_t *end = p + (n & ~(size_t)63);
	__m256i a = _mm256_setzero_si256(), b = a;

	for (; p != end; p += 64) {
		a = add(a, load(p));
		b = add(b, load(p + 32));
	}
	if (n & 32) {
		a = add(a, load(p));
		p += 32;
	}
	if (n & 28) {
		__m256i m = first(n & 28);

		b = add_masked(b, _mm256_maskload_epi32((const int *)p, m), m);
	}
	return total(_mm256_add_epi32(a, b), n & ~(size_t)3);
}

KERNEL uint32_t sum_avx2(const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint64_t s = 0;

	for (; __builtin_expect(n > RUN, 0); n -= RUN, p += RUN)
		s += sum_run(p, RUN);
	s += sum_run(p, n);
	return fold64(s + few(p + (n & ~(size_t)3), n & 3));
}

/* The same while copying. */
AVX2 uint64_t copy_run(uint8_t *q, const uint8_t *p, size_t n)
{
	const uint8_t *end = p + (n & ~(size_t)127);
	__m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;

	for (; p != end; p += 128, q += 128) {
		__m256i v0 = load(p), v1 = load(p + 32);
		__m256i v2 = load(p + 64), v3 = load(p + 96);

		store(q, v0);
		store(q + 32, v1);
		store(q + 64, v2);
		store(q + 96, v3);
		a = add(a, v0);
		b = add(b, v1);
		c = add(c, v2);
		d = add(d, v3);
	}
	for (size_t k = (n & 127) / 32; k; k--, p += 32, q += 32) {
		__m256i v = load(p);

		store(q, v);
		a = add(a, v);
	}
	if (n & 28) {
		__m256i m = first(n & 28);
		__m256i v = _mm256_maskload_epi32((const int *)p, m);

		_mm256_maskstore_epi32((int *)q, m, v);
		b = add_masked(b, v, m);
	}
	a = _mm256_add_epi32(_mm256_add_epi32(a, b), _mm256_add_epi32(c, d));
	return total(a, n & ~(size_t)3);
}

__attribute__((target("avx2"))) uint32_t
segoff__copy_avx2(void *to, const void *from, size_t n)
{
	const uint8_t *p = from;
	uint8_t *q = to;
	uint64_t s = 0;
	size_t done;

	for (; __builtin_expect(n > RUN, 0); n -= RUN, p += RUN, q += RUN)
		s += copy_run(q, p, RUN);
	s += copy_run(q, p, n);
	done = n & ~(size_t)3;
	for (size_t i = done; i < n; i++)
		q[i] = p[i];
	return fold64(s + few(p + done, n & 3));
}

const struct segoff__cpu segoff__cpu_avx2 = {
	.name = "avx2",
	.sum = sum_avx2,
	.copy = segoff__copy_avx2,
	.crc = segoff__crc_sse42,
};

#endif

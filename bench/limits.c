/* SPDX-License-Identifier: MIT */
/*
 * limits.c - how fast this machine can do it at all
 *
 * What a segmenter that knows everything when it is compiled would do: fixed
 * headers (Ethernet, IPv4, TCP with timestamps: 66 bytes), fixed sizes, AVX2
 * checksums. The library, which knows nothing beforehand, is measured against
 * these.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <immintrin.h>
#include <string.h>

#define HDR 66u

#define TARGET __attribute__((noinline, target("avx2")))
#define INLINE static inline __attribute__((always_inline, target("avx2")))

static volatile uint32_t sink;

/* Headers of all segments, with what changes left zero, and their sums. */
static uint8_t template[HDR] __attribute__((aligned(64))) = {
	2,    2,  2,  2, 2,    2,    2,	   2,	 2,    2,    2, 2, 8,  0,
	0x45, 0,  0,  0, 0,    0,    0x40, 0,	 64,   6,    0, 0, 10, 0,
	0,    1,  10, 0, 0,    2,    0x30, 0x39, 0x14, 0x51, 0, 0, 0,  0,
	0,    0,  0,  0, 0x80, 0x10, 1,	   0,	 0,    0,    0, 0, 1,  1,
	8,    10, 0,  1, 2,    3,    0,	   4,	 5,    6,
};
static uint32_t template_ip, template_tcp;

static uint32_t fold(uint64_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint32_t)s;
}

static uint32_t words(const uint8_t *p, size_t n)
{
	uint64_t s = 0;
	uint16_t w;

	for (; n >= 2; n -= 2, p += 2) {
		memcpy(&w, p, 2);
		s += w;
	}
	return fold(s + (n ? *p : 0));
}

INLINE __m256i load(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE __m256i lanes(__m256i a, __m256i v)
{
	const __m256i top = _mm256_set1_epi16((short)0x8000);
	const __m256i one = _mm256_set1_epi16(1);

	v = _mm256_madd_epi16(_mm256_xor_si256(v, top), one);
	return _mm256_add_epi32(a, v);
}

INLINE uint32_t total(__m256i a, size_t n)
{
	__m128i x = _mm_add_epi32(_mm256_castsi256_si128(a),
				  _mm256_extracti128_si256(a, 1));
	uint64_t s;

	x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0x4e));
	x = _mm_add_epi32(x, _mm_shuffle_epi32(x, 0xb1));
	s = (uint64_t)(_mm_cvtsi128_si32(x) + (int64_t)(n / 2) * 32768);
	s = (s & 0xffff) + (s >> 16);
	return (uint32_t)((s & 0xffff) + (s >> 16));
}

/* The sum of MSS bytes: 45 vectors and 8 bytes. */
TARGET static uint32_t sum_mss(const uint8_t *p)
{
	__m256i a = _mm256_setzero_si256(), b = a;
	uint64_t w;

	for (unsigned int i = 0; i < MSS / 64; i++, p += 64) {
		a = lanes(a, load(p));
		b = lanes(b, load(p + 32));
	}
	a = lanes(a, load(p));
	memcpy(&w, p + 32, 8);
	w = (w & 0xffffffff) + (w >> 32);
	return fold(total(_mm256_add_epi32(a, b), MSS - 8) + w);
}

/* The same while copying. */
TARGET static uint32_t copy_mss(uint8_t *q, const uint8_t *p)
{
	__m256i a = _mm256_setzero_si256(), b = a;
	uint64_t w;

	for (unsigned int i = 0; i < MSS / 64; i++, p += 64, q += 64) {
		__m256i v = load(p), u = load(p + 32);

		_mm256_storeu_si256((__m256i *)(void *)q, v);
		_mm256_storeu_si256((__m256i *)(void *)(q + 32), u);
		a = lanes(a, v);
		b = lanes(b, u);
	}
	a = lanes(a, load(p));
	_mm256_storeu_si256((__m256i *)(void *)q, load(p));
	memcpy(&w, p + 32, 8);
	memcpy(q + 32, &w, 8);
	w = (w & 0xffffffff) + (w >> 32);
	return fold(total(_mm256_add_epi32(a, b), MSS - 8) + w);
}

static void make_template(void)
{
	if (template_ip)
		return;
	template_ip = words(template + 14, 20);
	template_tcp = fold(words(template + 34, 32) + words(template + 26, 8) +
			    htons(6));
}

/* One segment's headers, its payload's sum being known. */
static inline void put_headers(uint8_t *h, uint16_t id, uint32_t seq,
			       uint32_t sum, int last)
{
	uint16_t len = htons(52 + MSS), flags = htons(last ? 8 : 0), check;
	uint32_t s;

	memcpy(h, template, HDR);
	id = htons(id);
	seq = htonl(seq);
	s = template_ip + len + id;
	s = (s & 0xffff) + (s >> 16);
	check = (uint16_t) ~((s & 0xffff) + (s >> 16));
	memcpy(h + 16, &len, 2);
	memcpy(h + 18, &id, 2);
	memcpy(h + 24, &check, 2);
	memcpy(h + 38, &seq, 4);
	h[47] = (uint8_t)(h[47] | (last ? 8 : 0));
	s = template_tcp + htons(32 + MSS) + (seq & 0xffff) + (seq >> 16) +
	    sum + flags;
	s = (s & 0xffff) + (s >> 16);
	check = (uint16_t) ~((s & 0xffff) + (s >> 16));
	memcpy(h + 50, &check, 2);
}

static inline void put_iov(struct limits *l, unsigned int i)
{
	l->iov[2 * i].p = l->hdr + i * 128;
	l->iov[2 * i].n = HDR;
	l->iov[2 * i + 1].p = l->src + i * MSS;
	l->iov[2 * i + 1].n = MSS;
}

void limit_headers(void *arg)
{
	struct limits *l = arg;

	for (unsigned int i = 0; i < NSEG; i++) {
		put_headers(l->hdr + i * 128, (uint16_t)i, 1000 + i * MSS, 0,
			    i == NSEG - 1);
		put_iov(l, i);
	}
}

void limit_headers_sum(void *arg)
{
	struct limits *l = arg;

	for (unsigned int i = 0; i < NSEG; i++) {
		put_headers(l->hdr + i * 128, (uint16_t)i, 1000 + i * MSS,
			    sum_mss(l->src + i * MSS), i == NSEG - 1);
		put_iov(l, i);
	}
}

void limit_headers_copy(void *arg)
{
	struct limits *l = arg;

	for (unsigned int i = 0; i < NSEG; i++) {
		uint8_t *q = l->dst + i * SEG_ROOM + HDR_ROOM;
		uint32_t s = copy_mss(q, l->src + i * MSS);

		put_headers(q - HDR, (uint16_t)i, 1000 + i * MSS, s,
			    i == NSEG - 1);
	}
}

void limit_memcpy(void *arg)
{
	struct limits *l = arg;

	for (unsigned int i = 0; i < NSEG; i++)
		memcpy(l->dst + i * SEG_ROOM + HDR_ROOM, l->src + i * MSS, MSS);
}

void limit_sum(void *arg)
{
	struct limits *l = arg;
	uint32_t s = 0;

	for (unsigned int i = 0; i < NSEG; i++)
		s += sum_mss(l->src + i * MSS);
	sink = s;
}

/* Both checksums of a segment, read as a receiver would. */
static int wrong(const uint8_t *h, const uint8_t *payload)
{
	return words(h + 14, 20) != 0xffff ||
	       fold(words(h + 34, 32) + words(payload, MSS) + words(h + 26, 8) +
		    htons(6) + htons(32 + MSS)) != 0xffff;
}

int limits_check(struct limits *l)
{
	make_template();
	limit_headers_sum(l);
	limit_headers_copy(l);
	for (unsigned int i = 0; i < NSEG; i++) {
		uint8_t *q = l->dst + i * SEG_ROOM + HDR_ROOM;

		if (wrong(l->hdr + i * 128, l->src + i * MSS) ||
		    wrong(q - HDR, q) || memcmp(q, l->src + i * MSS, MSS) != 0)
			return 1;
	}
	return 0;
}

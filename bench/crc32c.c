/* SPDX-License-Identifier: MIT */
/*
 * crc32c.c - CRC32c beside what the crc32 instruction can do at all
 *
 * The limit is three streams that are never joined, eight bytes per
 * instruction and nothing else: what it computes is no use to anybody.
 */
#include "bench.h"

#include <immintrin.h>
#include <stdio.h>
#include <string.h>

#include "../src/cpu/csum.h"

#define ROUNDS 400
#define CALLS  32

static volatile uint64_t sink;

/* NSEG members of a size, as many bytes as a superpacket has. */
struct members {
	const uint8_t *at;
	size_t size;
	const struct segoff__cpu *cpu;
};

static inline uint64_t load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

__attribute__((noinline, target("sse4.2"))) static uint64_t
three_streams(const uint8_t *p, size_t n)
{
	uint64_t a = 0, b = 0, c = 0;

	for (const uint8_t *end = p + n / 24 * 24; p != end; p += 24) {
		a = _mm_crc32_u64(a, load(p));
		b = _mm_crc32_u64(b, load(p + 8));
		c = _mm_crc32_u64(c, load(p + 16));
	}
	return a ^ b ^ c;
}

static void limit(void *arg)
{
	const struct members *m = arg;
	uint64_t s = 0;

	for (unsigned int i = 0; i < NSEG; i++)
		s ^= three_streams(m->at + i * m->size, m->size);
	sink = s;
}

static void ours(void *arg)
{
	const struct members *m = arg;
	uint64_t s = 0;

	for (unsigned int i = 0; i < NSEG; i++)
		s ^= m->cpu->crc(~0u, m->at + i * m->size, m->size);
	sink = s;
}

static void row(const uint8_t *at, size_t size)
{
	struct members best = { at, size, segoff__cpu() };
	struct members plain = { at, size, &segoff__cpu_portable };
	struct subject s[] = {
		{ "limit", limit, &best, 0 },
		{ "ours", ours, &best, 0 },
		{ "portable", ours, &plain, 0 },
	};

	bench_run(s, 3, ROUNDS, CALLS);
	printf("  %6zu %9.2f %9.2f %9.2f %11.2f\n", size, s[0].best / NSEG,
	       s[1].best / NSEG, s[2].best / NSEG, s[0].best / s[1].best);
}

int main(void)
{
	static const size_t sizes[] = { 100, 256, 536, 1020, 1448, 4096, 8948 };
	uint8_t *p = malloc(8948 * NSEG);

	if (!__builtin_cpu_supports("sse4.2")) {
		fprintf(stderr,
			"no crc32 instruction: no limit to compare with\n");
		return 77;
	}
	for (size_t i = 0; i < 8948 * (size_t)NSEG; i++)
		p[i] = (uint8_t)rand();
	printf("CRC32c (%s), ns per member\n"
	       "   bytes     limit      ours  portable   of the limit\n",
	       segoff__cpu()->name);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		row(p, sizes[i]);
	free(p);
	return 0;
}

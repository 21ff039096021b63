/* SPDX-License-Identifier: MIT */
/*
 * random.h - repeatable random numbers
 *
 * Every superpacket has a generator of its own, seeded with the run's seed and
 * the superpacket's number; so one of them can be made again without those
 * before it.
 */
#ifndef SEGOFF_ORACLE_RANDOM_H
#define SEGOFF_ORACLE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LENGTH(a) (sizeof(a) / sizeof(*(a)))

struct rnd {
	uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014) */
static inline uint64_t rnd_next(struct rnd *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline void rnd_seed(struct rnd *r, uint64_t seed, uint64_t number)
{
	r->state = seed;
	r->state = rnd_next(r) ^ number;
	r->state = rnd_next(r);
}

/* 0 .. n - 1 */
static inline uint32_t rnd_below(struct rnd *r, uint32_t n)
{
	return (uint32_t)((rnd_next(r) >> 32) * n >> 32);
}

/* lo .. hi */
static inline uint32_t rnd_between(struct rnd *r, uint32_t lo, uint32_t hi)
{
	return lo + rnd_below(r, hi - lo + 1);
}

static inline bool rnd_chance(struct rnd *r, uint32_t percent)
{
	return rnd_below(r, 100) < percent;
}

static inline void rnd_bytes(struct rnd *r, uint8_t *p, size_t n)
{
	while (n--)
		*p++ = (uint8_t)rnd_next(r);
}

#endif

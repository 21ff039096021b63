/* SPDX-License-Identifier: MIT */
/* rnd.h - numbers that look random and repeat for the same seed */
#ifndef SEGOFF_TESTS_RND_H
#define SEGOFF_TESTS_RND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rnd {
	uint64_t state;
};

/* One of many independent sequences. */
static inline struct rnd rnd_seed(uint64_t seed, uint64_t number)
{
	return (struct rnd){ seed * UINT64_C(0x9e3779b97f4a7c15) ^
			     (number + 1) * UINT64_C(0xd1342543de82ef95) };
}

/* splitmix64 */
static inline uint64_t rnd64(struct rnd *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 to @n - 1; 0 for @n = 0 */
static inline size_t rnd_below(struct rnd *r, size_t n)
{
	return n ? (size_t)(rnd64(r) % n) : 0;
}

/* @low to @high, both included */
static inline size_t rnd_in(struct rnd *r, size_t low, size_t high)
{
	return low + rnd_below(r, high - low + 1);
}

static inline bool rnd_percent(struct rnd *r, unsigned int percent)
{
	return rnd_below(r, 100) < percent;
}

static inline uint8_t rnd8(struct rnd *r)
{
	return (uint8_t)rnd64(r);
}

static inline uint16_t rnd16(struct rnd *r)
{
	return (uint16_t)rnd64(r);
}

static inline uint32_t rnd32(struct rnd *r)
{
	return (uint32_t)rnd64(r);
}

static inline void rnd_fill(struct rnd *r, uint8_t *p, size_t n)
{
	for (; n >= 8; p += 8, n -= 8) {
		uint64_t v = rnd64(r);

		for (size_t i = 0; i < 8; i++)
			p[i] = (uint8_t)(v >> (8 * i));
	}
	while (n--)
		*p++ = rnd8(r);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * hash.h - SipHash-1-3, a hash whose collisions nobody can choose without
 * knowing the seed (Aumasson, Bernstein: SipHash, 2012); and a quicker one for
 * tables where a collision costs little
 */
#ifndef SEGOFF_CORE_HASH_H
#define SEGOFF_CORE_HASH_H

#include "bytes.h"

struct segoff__sip {
	uint64_t v0, v1, v2, v3;
};

SEGOFF__INLINE uint64_t sip_rotl(uint64_t x, unsigned int b)
{
	return x << b | x >> (64 - b);
}

SEGOFF__INLINE void sip_round(struct segoff__sip *s)
{
	s->v0 += s->v1;
	s->v1 = sip_rotl(s->v1, 13) ^ s->v0;
	s->v0 = sip_rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = sip_rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = sip_rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = sip_rotl(s->v1, 17) ^ s->v2;
	s->v2 = sip_rotl(s->v2, 32);
}

/* Hash of @n 64-bit words. */
SEGOFF__INLINE uint64_t segoff__hash(const uint64_t *w, size_t n, uint64_t seed)
{
	struct segoff__sip s = { seed ^ 0x736f6d6570736575,
				 0x646f72616e646f6d ^ ~seed,
				 seed ^ 0x6c7967656e657261,
				 0x7465646279746573 ^ ~seed };

	for (size_t i = 0; i < n; i++) {
		s.v3 ^= w[i];
		sip_round(&s);
		s.v0 ^= w[i];
	}
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/* Both halves of a product of 128 bits, with secrets in its factors. */
SEGOFF__INLINE uint64_t segoff__mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 p = a;

	p *= b;
	return (uint64_t)p ^ (uint64_t)(p >> 64);
#else
	return segoff__hash((uint64_t[]){ a }, 1, b);
#endif
}

#endif

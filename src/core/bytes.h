/* SPDX-License-Identifier: MIT */
/*
 * bytes.h - reading and writing packet bytes, and ones-complement arithmetic
 *
 * Packet bytes have no alignment and no type: every access is a memcpy(),
 * which compilers turn into one instruction. Sums are kept in the order of
 * words in memory (RFC 1071, 2B): a sum of words read natively and stored
 * natively is right on either kind of machine.
 */
#ifndef SEGOFF_CORE_BYTES_H
#define SEGOFF_CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define SEGOFF__BIG 1
#else
#define SEGOFF__BIG 0
#endif

#define likely(x)	  __builtin_expect(!!(x), 1)
#define unlikely(x)	  __builtin_expect(!!(x), 0)
#define SEGOFF__INLINE	  static inline __attribute__((always_inline))
#define SEGOFF__LENGTH(a) (sizeof(a) / sizeof(*(a)))

SEGOFF__INLINE uint16_t be16(uint16_t v)
{
	return SEGOFF__BIG ? v : __builtin_bswap16(v);
}

SEGOFF__INLINE uint32_t be32(uint32_t v)
{
	return SEGOFF__BIG ? v : __builtin_bswap32(v);
}

/* One word as it lies in memory: what sums are made of. */
SEGOFF__INLINE uint16_t load_word(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

SEGOFF__INLINE void store_word(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v));
}

SEGOFF__INLINE uint16_t load16(const uint8_t *p)
{
	return be16(load_word(p));
}

SEGOFF__INLINE void store16(uint8_t *p, uint16_t v)
{
	store_word(p, be16(v));
}

SEGOFF__INLINE uint32_t load32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return be32(v);
}

SEGOFF__INLINE void store32(uint8_t *p, uint32_t v)
{
	v = be32(v);
	memcpy(p, &v, sizeof(v));
}

/* The two words of a number as it lies in memory, added. */
SEGOFF__INLINE uint32_t words32(uint32_t v)
{
	v = be32(v);
	return (v & 0xffff) + (v >> 16);
}

/*
 * Fold to 16 bits. A sum above zero never becomes zero: 0xffff stands for it.
 * The halves are added twice, crosswise; the carry of the lower sum goes into
 * the upper one.
 */
SEGOFF__INLINE uint16_t fold32(uint32_t s)
{
	return (uint16_t)((s + (s << 16 | s >> 16)) >> 16);
}

/* Two such sums, added; compilers make an addition and its carry of it. */
SEGOFF__INLINE uint16_t add16(uint16_t a, uint16_t b)
{
	uint16_t s;
	bool carry = __builtin_add_overflow(a, b, &s);

	return (uint16_t)(s + carry);
}

/* What to add to take a word out of a sum again. */
SEGOFF__INLINE uint32_t minus(uint16_t word)
{
	return (uint16_t)~word;
}

/* The sum of bytes that begin at an odd place of what is summed. */
SEGOFF__INLINE uint16_t swapped(uint16_t sum)
{
	return __builtin_bswap16(sum);
}

#endif

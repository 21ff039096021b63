/* SPDX-License-Identifier: MIT */
/*
 * crc32c.c - CRC32c in plain C
 *
 * Theory of operation
 * -------------------
 * The state is a polynomial of degree 31, its bit 0 being x^31 (RFC 9260,
 * appendix A). Eight bytes are taken at once: what each of them becomes after
 * those behind it is looked up, and the eight answers are added (Kounavis and
 * Berry, 2005). As everything is linear, a table is the sums of what its eight
 * single bits become, which is all that stands below.
 */
#include "crc32c.h"

#include <string.h>

#define BIT(b, i, v)  ((b) >> (i)&1u ? (v) : 0u)
#define ENTRY(b, ...) ENTRY_(b, __VA_ARGS__)
#define ENTRY_(b, v0, v1, v2, v3, v4, v5, v6, v7)                        \
	(BIT(b, 0, v0) ^ BIT(b, 1, v1) ^ BIT(b, 2, v2) ^ BIT(b, 3, v3) ^ \
	 BIT(b, 4, v4) ^ BIT(b, 5, v5) ^ BIT(b, 6, v6) ^ BIT(b, 7, v7))
#define FOUR(b, ...)                                         \
	ENTRY(b, __VA_ARGS__), ENTRY((b) + 1u, __VA_ARGS__), \
		ENTRY((b) + 2u, __VA_ARGS__), ENTRY((b) + 3u, __VA_ARGS__)
#define SIXTEEN(b, ...)                                    \
	FOUR(b, __VA_ARGS__), FOUR((b) + 4u, __VA_ARGS__), \
		FOUR((b) + 8u, __VA_ARGS__), FOUR((b) + 12u, __VA_ARGS__)
#define SIXTY_FOUR(b, ...)                                        \
	SIXTEEN(b, __VA_ARGS__), SIXTEEN((b) + 16u, __VA_ARGS__), \
		SIXTEEN((b) + 32u, __VA_ARGS__),                  \
		SIXTEEN((b) + 48u, __VA_ARGS__)

/* A table of what a byte becomes, from what its bits become. */
#define SLICE(...)                                                         \
	{                                                                  \
		SIXTY_FOUR(0u, __VA_ARGS__), SIXTY_FOUR(64u, __VA_ARGS__), \
			SIXTY_FOUR(128u, __VA_ARGS__),                     \
			SIXTY_FOUR(192u, __VA_ARGS__)                      \
	}

/* slice[k]: a byte with k bytes behind it. */
static const uint32_t slice[8][256] = {
	SLICE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf, 0x105ec76f,
	      0x20bd8ede, 0x417b1dbc, 0x82f63b78),
	SLICE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8, 0x3fc5f181,
	      0x7f8be302, 0xff17c604, 0xfbc3faf9),
	SLICE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5, 0x70a27d8a,
	      0xe144fb14, 0xc76580d9, 0x8b277743),
	SLICE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6, 0xe964b13d,
	      0xd725148b, 0xaba65fe7, 0x52a0c93f),
	SLICE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91, 0x8f2261d3,
	      0x1ba8b557, 0x37516aae, 0x6ea2d55c),
	SLICE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f, 0xc00c303e,
	      0x85f4168d, 0x0e045beb, 0x1c08b7d6),
	SLICE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53, 0x9c5bfaa6,
	      0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4),
	SLICE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da, 0x847609b4,
	      0x0d006599, 0x1a00cb32, 0x34019664),
};

static inline uint32_t one(uint32_t crc, uint8_t byte)
{
	return crc >> 8 ^ slice[0][(crc ^ byte) & 0xff];
}

uint32_t segoff__crc_portable(uint32_t crc, const void *buf, size_t n)
{
	const uint8_t *p = buf;

	for (; n >= 8; n -= 8, p += 8)
		crc = slice[7][(crc ^ p[0]) & 0xff] ^
		      slice[6][(crc >> 8 ^ p[1]) & 0xff] ^
		      slice[5][(crc >> 16 ^ p[2]) & 0xff] ^
		      slice[4][crc >> 24 ^ p[3]] ^ slice[3][p[4]] ^
		      slice[2][p[5]] ^ slice[1][p[6]] ^ slice[0][p[7]];
	for (; n; n--)
		crc = one(crc, *p++);
	return crc;
}

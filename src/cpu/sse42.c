/* SPDX-License-Identifier: MIT */
/*
 * sse42.c - CRC32c with the crc32 instruction
 *
 * Theory of operation
 * -------------------
 * The instruction takes 8 bytes per cycle, but its result three cycles later,
 * so three streams are kept going side by side. They are joined at the end
 * (Gopal and others, Intel, 2011):
 *
 *	| A: l words | B: l words | C: l words |
 *
 * A state a with n words behind it is a * x^(64n). The instruction itself
 * multiplies a word that it takes by x^32 and reduces it, and a carry-less
 * product of two reflected numbers is short of one x. So if the products
 * a * x^(128l - 33) and b * x^(64l - 33) are added to the last word of C, its
 * crc32 does all the rest. The powers of x, reduced, stand in a table.
 */
#include "csum.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "crc32c.h"

#define SSE42 static inline __attribute__((always_inline, target("sse4.2")))
#define CRC   __attribute__((target("sse4.2,pclmul")))

#define STREAM_MAX ((size_t)128) /* words */

/* Less than this is not worth three streams. */
#define THREE_MIN 96u

/* power[n - 1] = x^(64n - 33) modulo the polynomial, reflected */
static const uint32_t power[2 * STREAM_MAX] = {
	0x00000001, 0x493c7d27, 0xf20c0dfe, 0xba4fc28e, 0x3da6d0cb, 0xddc0152b,
	0x1c291d04, 0x9e4addf8, 0x740eef02, 0x39d3b296, 0x083a6eec, 0x0715ce53,
	0xc49f4f67, 0x47db8317, 0x2ad91c30, 0x0d3b6092, 0x6992cea2, 0xc96cfdc0,
	0x7e908048, 0x878a92a7, 0x1b3d8f29, 0xdaece73e, 0xf1d0f55e, 0xab7aff2a,
	0xa87ab8a8, 0x2162d385, 0x8462d800, 0x83348832, 0x71d111a8, 0x299847d5,
	0xffd852c6, 0xb9e02b86, 0xdcb17aa4, 0x18b33a4e, 0xf37c5aee, 0xb6dd949b,
	0x6051d5a2, 0x78d9ccb7, 0x18b0d4ff, 0xbac2fd7b, 0x21f3d99c, 0xa60ce07b,
	0x8f158014, 0xce7f39f4, 0xa00457f7, 0x61d82e56, 0x8d6d2c43, 0xd270f1a2,
	0x00ac29cf, 0xc619809d, 0xe9adf796, 0x2b3cac5d, 0x96638b34, 0x65863b64,
	0xe0e9f351, 0x1b03397f, 0x9af01f2d, 0xebb883bd, 0x2cff42cf, 0xb3e32c28,
	0x88f25a3a, 0x064f7f26, 0x4e36f0b0, 0xdd7e3b0c, 0xbd6f81f8, 0xf285651c,
	0x91c9bd4b, 0x10746f3c, 0x885f087b, 0xc7a68855, 0x4c144932, 0x271d9844,
	0x52148f02, 0x8e766a0c, 0xa3c6f37a, 0x93a5f730, 0xd7c0557f, 0x6cb08e5c,
	0x63ded06a, 0x6b749fb2, 0x4d56973c, 0x1393e203, 0x9669c9df, 0xcec3662e,
	0xe417f38a, 0x96c515bb, 0x4b9e0f71, 0xe6fc4e6a, 0xd104b8fc, 0x8227bb8a,
	0x5b397730, 0xb0cd4768, 0xe78eb416, 0x39c7ff35, 0x61ff0e01, 0xd7a4825c,
	0x8d96551c, 0x0ab3844b, 0x0bf80dd2, 0x0167d312, 0x8821abed, 0xf6076544,
	0x6a45d2b2, 0x26f6a60a, 0xd8d26619, 0xa741c1bf, 0xde87806c, 0x98d8d9cb,
	0x14338754, 0x49c3cc9c, 0x5bd2011f, 0x68bce87a, 0xdd07448e, 0x57a3d037,
	0xdde8f5b9, 0x6956fc3b, 0xa3e3e02c, 0x42d98888, 0xd73c7bea, 0x3771e98f,
	0x80ff0093, 0xb42ae3d9, 0x8fe4c34d, 0x2178513a, 0xdf99fc11, 0xe0ac139e,
	0x6c23e841, 0x170076fa, 0xfe314258, 0x444dd413, 0x0d8373a0, 0x6f345e45,
	0x19e3635e, 0x41d17b64, 0x29f268b4, 0xff0dba97, 0x1dc0632a, 0xa2b73df1,
	0x1614f396, 0xf872e54c, 0x9e2993d3, 0x1e41e9fc, 0x6bebd73c, 0x86d8e4d2,
	0x63ae91e6, 0x651bd98b, 0xf8c9da7a, 0x5bb8f1bc, 0x945a19c1, 0xa90fd27a,
	0xee8213b7, 0xb3af077a, 0x93781dc7, 0x4984d782, 0xccc4a1b9, 0xca6ef3ac,
	0xa2c2d971, 0x234e0b26, 0x1cad4452, 0xdd66cbbb, 0x74922601, 0x4597456a,
	0xc55f7eab, 0xe9e28eb4, 0xa1962329, 0x7b3ff57a, 0x2d370749, 0xc9c8b782,
	0x397d84a1, 0x3f70cc6f, 0x79113270, 0x93e106a4, 0xbc817803, 0x62ec6c6d,
	0x88eb3c07, 0xd813b325, 0x6e4cb630, 0x0df04680, 0x71971d5c, 0x2342001e,
	0xf33b8bc6, 0x0a2a8d7e, 0x9fb3bbc0, 0x6d9a4957, 0x6ef22b23, 0xe8b6368b,
	0xce2df768, 0xd2c3ed1a, 0xe53a4fc7, 0x995a5724, 0xbe60a91a, 0x9ef68d35,
	0x1dfa0a15, 0x0c139b31, 0x8ec52396, 0xf2271e60, 0x0e766b11, 0x0b0bf8ca,
	0x475846a4, 0x2664fd8b, 0xb2a3dfa6, 0xed64812d, 0xdc1a160c, 0x02ee03b2,
	0x79afdf1c, 0x8604ae0f, 0x07ac6e46, 0x363bd6b3, 0x15f85253, 0x135c83fd,
	0x1bec24dd, 0x5fabe670, 0x4c36cd5b, 0x35ec3279, 0xe0a22e29, 0x00bcf5f6,
	0x7c2b6ed9, 0x8ae00689, 0x06ff88fd, 0x17f27698, 0xf7317cf0, 0x58ca5f00,
	0x61b6e40b, 0xaa7c7ad5, 0xde8a97f8, 0xb5cfca28, 0x88f61445, 0xded288f8,
	0xd4520e9e, 0x59f229bc, 0x0c592bd5, 0x6d390dec, 0x38edfaf3, 0x37170390,
	0x72cbfcdb, 0x6353c1cc, 0x348331a5, 0xc4584f5c, 0xc3977c19, 0xf48642e9,
	0xdafaea7c, 0x531377e2, 0x73db4c04, 0xdd35bc8d, 0x72675ce8, 0xb25b29f2,
	0x3ec2ff83, 0x9a5ede41, 0xe8c7a017, 0xa563905d, 0xcf4bfaef, 0x45cddf4e,
	0x6bde1ac7, 0xacfa3103, 0xae1175c2, 0xa51b6135,
};

SSE42 uint64_t load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* The product of a state and the power that passes over @n words. */
static inline CRC uint64_t over(uint64_t crc, size_t n)
{
	__m128i a = _mm_cvtsi64_si128((long long)crc);
	__m128i b = _mm_cvtsi32_si128((int)power[n - 1]);

	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(a, b, 0));
}

/* Three streams of @l words each. */
static inline CRC uint64_t three(uint64_t a, const uint8_t *p, size_t l)
{
	const uint8_t *last = p + 8 * (l - 1);
	uint64_t b = 0, c = 0;

	for (; p != last; p += 8) {
		a = _mm_crc32_u64(a, load(p));
		b = _mm_crc32_u64(b, load(p + 8 * l));
		c = _mm_crc32_u64(c, load(p + 16 * l));
	}
	a = _mm_crc32_u64(a, load(p));
	b = _mm_crc32_u64(b, load(p + 8 * l));
	return _mm_crc32_u64(c, load(p + 16 * l) ^ over(a, 2 * l) ^ over(b, l));
}

/* The last n < 8 bytes. */
SSE42 uint32_t few(uint32_t crc, const uint8_t *p, size_t n)
{
	uint32_t w;
	uint16_t v;

	if (n & 4) {
		memcpy(&w, p, 4);
		crc = _mm_crc32_u32(crc, w);
		p += 4;
	}
	if (n & 2) {
		memcpy(&v, p, 2);
		crc = _mm_crc32_u16(crc, v);
		p += 2;
	}
	return n & 1 ? _mm_crc32_u8(crc, *p) : crc;
}

CRC uint32_t segoff__crc_sse42(uint32_t crc, const void *buf, size_t n)
{
	const uint8_t *p = buf;
	uint64_t s = crc;

	while (n >= THREE_MIN) {
		size_t l = n < 24 * STREAM_MAX ? n / 24 : STREAM_MAX;

		s = three(s, p, l);
		p += 24 * l;
		n -= 24 * l;
	}
	for (; n >= 8; n -= 8, p += 8)
		s = _mm_crc32_u64(s, load(p));
	return few((uint32_t)s, p, n);
}

/* Machines without AVX2: sums in plain C. */
const struct segoff__cpu segoff__cpu_sse42 = {
	.name = "sse42",
	.sum = segoff__sum_portable,
	.copy = segoff__copy_portable,
	.crc = segoff__crc_sse42,
};

#endif

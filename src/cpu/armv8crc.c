/* SPDX-License-Identifier: MIT */
/*
 * armv8crc.c - CRC32c with the instructions that ARMv8 may have
 *
 * One stream: joining several would take the polynomial multiplication of yet
 * another extension.
 */
#include "csum.h"

#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <string.h>

#include "crc32c.h"

/* Named here because arm_acle.h hides them unless the whole file may. */
#define STEP(name, type, insn, reg)                                           \
	static inline uint32_t name(uint32_t crc, const uint8_t *p)           \
	{                                                                     \
		type v;                                                       \
                                                                              \
		memcpy(&v, p, sizeof(v));                                     \
		__asm__(".arch_extension crc\n\t" insn " %w0, %w0, %" reg "1" \
			: "+r"(crc)                                           \
			: "r"(v));                                            \
		return crc;                                                   \
	}

STEP(step8, uint64_t, "crc32cx", "x")
STEP(step4, uint32_t, "crc32cw", "w")
STEP(step2, uint16_t, "crc32ch", "w")
STEP(step1, uint8_t, "crc32cb", "w")

uint32_t segoff__crc_armv8(uint32_t crc, const void *buf, size_t n)
{
	const uint8_t *p = buf;

	for (; n >= 8; n -= 8, p += 8)
		crc = step8(crc, p);
	if (n & 4) {
		crc = step4(crc, p);
		p += 4;
	}
	if (n & 2) {
		crc = step2(crc, p);
		p += 2;
	}
	return n & 1 ? step1(crc, p) : crc;
}

#endif

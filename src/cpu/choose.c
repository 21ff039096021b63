/* SPDX-License-Identifier: MIT */
/*
 * choose.c - which checksum kernels to use
 *
 * Asking the processor costs a microsecond in a virtual machine, so the answer
 * is kept. It is the same for every thread, whoever finds it first: the one
 * word of state in the library below its callers.
 */
#include "csum.h"

#include <stdatomic.h>
#include <stdbool.h>

#if defined(__x86_64__)
#include <cpuid.h>

#define XCR0_AVX    0x06u /* SSE and AVX state */
#define XCR0_AVX512 0xe6u /* and the mask and wide registers */

/* Which registers the operating system saves. */
static bool saves(unsigned int state)
{
	unsigned int a, b, c, d, lo, hi;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return false;
	__asm__("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (lo & state) == state;
}

static bool has(unsigned int ebx_bits)
{
	unsigned int a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	       (b & ebx_bits) == ebx_bits;
}

/* Whatever has AVX2 has these, too, but nobody promised it. */
static bool can_sse42(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && c & bit_SSE4_2 &&
	       c & bit_PCLMUL;
}

static bool can_avx2(void)
{
	return can_sse42() && saves(XCR0_AVX) && has(bit_AVX2);
}

static bool can_avx512(void)
{
	return can_sse42() && saves(XCR0_AVX512) &&
	       has(bit_AVX512F | bit_AVX512BW | bit_BMI2);
}
#endif

#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/*
 * ID_AA64ISAR0_EL1, bits 16 to 19. Linux answers for the register since 4.11;
 * elsewhere only what the compiler was told is known.
 */
static bool can_crc(void)
{
#if defined(__ARM_FEATURE_CRC32)
	return true;
#elif defined(__linux__)
	uint64_t isar0;

	__asm__("mrs %0, ID_AA64ISAR0_EL1" : "=r"(isar0));
	return isar0 >> 16 & 15;
#else
	return false;
#endif
}
#endif

static bool always(void)
{
	return true;
}

/* Best first. */
static const struct {
	const struct segoff__cpu *cpu;
	bool (*can)(void);
} kernels[] = {
#if defined(__x86_64__)
	{ &segoff__cpu_avx512, can_avx512 },
	{ &segoff__cpu_avx2, can_avx2 },
	{ &segoff__cpu_sse42, can_sse42 },
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	{ &segoff__cpu_neon_crc, can_crc },
	{ &segoff__cpu_neon, always },
#endif
	{ &segoff__cpu_portable, always },
};

#define KERNELS (sizeof(kernels) / sizeof(*kernels))

static _Atomic(const struct segoff__cpu *) chosen;

const struct segoff__cpu *segoff__cpu(void)
{
	const struct segoff__cpu *c =
		atomic_load_explicit(&chosen, memory_order_relaxed);

	if (__builtin_expect(!c, 0)) {
		c = segoff__cpu_list(0);
		atomic_store_explicit(&chosen, c, memory_order_relaxed);
	}
	return c;
}

const struct segoff__cpu *segoff__cpu_list(unsigned int n)
{
	for (unsigned int i = 0; i < KERNELS; i++)
		if (kernels[i].can() && !n--)
			return kernels[i].cpu;
	return NULL;
}

void segoff__cpu_force(const struct segoff__cpu *cpu)
{
	atomic_store_explicit(&chosen, cpu, memory_order_relaxed);
}

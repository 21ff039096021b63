/* SPDX-License-Identifier: MIT */
/*
 * csum.h - the checksum kernels and how one is chosen
 *
 * Three operations earn a version per instruction set: summing bytes, copying
 * and summing them in one pass, and CRC32c. Every variant is held against a
 * textbook loop by tests/unit/cpu.c and tests/unit/crc32c.c.
 */
#ifndef SEGOFF_CPU_CSUM_H
#define SEGOFF_CPU_CSUM_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct segoff__cpu - one set of kernels
 * @name: "portable", "sse42", "avx2", "avx512", "neon", "neon-crc"
 * @sum: ones-complement sum of bytes, words in memory order, an odd last byte
 *	padded with zero; folded to 16 bits (0 only for bytes that are all 0)
 * @copy: the same while copying; source and destination do not overlap
 * @crc: CRC32c from state to state, without the inversions at either end
 */
struct segoff__cpu {
	const char *name;
	uint32_t (*sum)(const void *p, size_t n);
	uint32_t (*copy)(void *to, const void *from, size_t n);
	uint32_t (*crc)(uint32_t crc, const void *p, size_t n);
};

extern const struct segoff__cpu segoff__cpu_portable;
extern const struct segoff__cpu segoff__cpu_sse42;
extern const struct segoff__cpu segoff__cpu_avx2;
extern const struct segoff__cpu segoff__cpu_avx512;
extern const struct segoff__cpu segoff__cpu_neon;
extern const struct segoff__cpu segoff__cpu_neon_crc;

/* Sums in plain C, which machines with nothing but a crc32 instruction share. */
uint32_t segoff__sum_portable(const void *buf, size_t n);
uint32_t segoff__copy_portable(void *to, const void *from, size_t n);

/* Copying with AVX2, which the AVX-512 kernels share. */
uint32_t segoff__copy_avx2(void *to, const void *from, size_t n);

/**
 * segoff__cpu() - the best kernels that this machine can run
 *
 * Return: static; never NULL.
 */
const struct segoff__cpu *segoff__cpu(void);

/**
 * segoff__cpu_list() - all kernels that this machine can run, best first
 * @n: which
 *
 * Return: NULL past the end.
 */
const struct segoff__cpu *segoff__cpu_list(unsigned int n);

/**
 * segoff__cpu_force() - use these kernels from now on; for tests and bench
 * @cpu: kernels; NULL: choose again
 */
void segoff__cpu_force(const struct segoff__cpu *cpu);

#endif

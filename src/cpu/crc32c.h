/* SPDX-License-Identifier: MIT */
/*
 * crc32c.h - CRC32c, the kernels
 *
 * All of them work on the bare state: the inversions at the beginning and at
 * the end are the caller's. So bytes may come in any number of runs.
 */
#ifndef SEGOFF_CPU_CRC32C_H
#define SEGOFF_CPU_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Eight bytes at a time by tables. */
uint32_t segoff__crc_portable(uint32_t crc, const void *buf, size_t n);

/* The crc32 instruction of SSE4.2, three streams joined by PCLMULQDQ. */
uint32_t segoff__crc_sse42(uint32_t crc, const void *buf, size_t n);

/* The crc32c instructions of ARMv8. */
uint32_t segoff__crc_armv8(uint32_t crc, const void *buf, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * order.h - numbers in the byte order of a file
 *
 * Both formats are written in the order of the machine that captured.
 */
#ifndef SEGOFF_PORT_ORDER_H
#define SEGOFF_PORT_ORDER_H

#include <stdbool.h>
#include <stdint.h>

static inline uint16_t get16(const uint8_t *p, bool big)
{
	return (uint16_t)(big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static inline uint32_t get32(const uint8_t *p, bool big)
{
	return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
			       (uint32_t)p[2] << 8 | p[3] :
		     (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
			       (uint32_t)p[1] << 8 | p[0];
}

static inline void put16(uint8_t *p, uint16_t v, bool big)
{
	p[big] = (uint8_t)v;
	p[!big] = (uint8_t)(v >> 8);
}

static inline void put32(uint8_t *p, uint32_t v, bool big)
{
	put16(p + (big ? 2 : 0), (uint16_t)v, big);
	put16(p + (big ? 0 : 2), (uint16_t)(v >> 16), big);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * wire.h - numbers in packets, and the Internet checksum
 *
 * Not the library's own: a judge must not lean on the accused.
 */
#ifndef SEGOFF_ORACLE_WIRE_H
#define SEGOFF_ORACLE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define ETH_LEN	    14
#define TEB	    0x6558 /* EtherType of an Ethernet frame */
#define VXLAN_PORT  4789
#define GPE_PORT    4790
#define GENEVE_PORT 6081

/* GUE: the fields behind its header are private; a remote checksum is there. */
#define GUE_PRIVATE 1u
#define GUE_REMCSUM 0x80000000u

static inline void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* virtio_net_hdr: little endian */
static inline void put_le16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline uint16_t get_le16(const uint8_t *p)
{
	return (uint16_t)(p[1] << 8 | p[0]);
}

/* An offset in a packet that lost @by bytes before it. */
static inline void move_le16(uint8_t *p, uint32_t by)
{
	if (get_le16(p) >= by)
		put_le16(p, get_le16(p) - by);
}

/* RFC 1071, from the book: sum of big-endian words, an odd end padded */
static inline uint64_t wire_sum(const uint8_t *p, size_t n)
{
	uint64_t s = 0;

	for (; n > 1; n -= 2, p += 2)
		s += get16(p);
	return n ? s + (uint64_t)p[0] * 256 : s;
}

static inline uint16_t wire_fold(uint64_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)s;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * shape.h - what the tables of proto/ demand of a packet that follows another
 *
 * Theory of operation
 * -------------------
 * Two packets have the same shape if their headers are the same protocols at
 * the same places (TCP options aside). For a shape the tables are worked out
 * once into masks over the header bytes:
 *
 *	same	bits that a packet must share with the one it follows: every row
 *		that is SAME in all segments, or may only differ at the ends;
 *		behind the fixed part of TCP all of them, for its options
 *	like	the same for a packet that is as long as the one it follows: its
 *		lengths, FIN and PSH, too, and the checksums of tunnels, which do
 *		not depend on the bytes if what is inside is right (cover.c)
 *	key	LINUX: bits by which Linux takes two packets for one flow;
 *		LOSSLESS: what in headers of tunnels tells flows apart
 *
 * and into the places of what moves: lengths, identification, sequence number,
 * checksums. A packet whose bits agree with those of a held one under `same`
 * has its shape, too, without being walked: all that the walk looked at is
 * under the mask.
 */
#ifndef SEGOFF_CORE_GRO_SHAPE_H
#define SEGOFF_CORE_GRO_SHAPE_H

#include <segoff/gso.h>

#include "../dissect.h"

/* Longer headers are not merged. */
#define SHAPE_MAX 512u

/**
 * struct segoff__shape - one arrangement of headers
 * @layer: its headers; of the last one only where it is counts
 * @nlayer: how many
 * @version: IP version
 * @proto: protocol number of the transport header
 * @l3: where the IP header is
 * @l4: where the transport header is
 * @fixed: where its fixed part ends
 * @users: how many held packets have it
 * @outer: tunnels: where the outermost IP header is; else that of @l3
 * @nlength: tunnels: how many length fields there are
 * @nv4: tunnels: how many IPv4 headers there are but the innermost
 * @ncover: tunnels: how many checksums of UDP and GRE are around that of @l4
 * @nip: how many IP headers there are
 * @nident: tunnels, LOSSLESS: how many words of @key there are in front of @l3
 * @inner_below: the innermost IP header is directly behind another one
 * @gre_sums: GRE headers with a checksum, a bit for each layer
 * @length: where they are, and the place that they count from
 * @ident: where they are, 8 bytes each
 * @v4: where they are, and whether directly behind another IP header
 * @cover: where they and their headers are; the IP header is GRE's 0
 * @same: see above
 * @like: see above
 * @key: see above
 */
struct segoff__shape {
	struct segoff_layer layer[SEGOFF_LAYERS_MAX];
	uint8_t nlayer;
	uint8_t version;
	uint8_t proto;
	uint16_t l3;
	uint16_t l4;
	uint16_t fixed;
	uint32_t users;
	uint16_t outer;
	uint8_t nlength;
	uint8_t nv4;
	uint8_t ncover;
	uint8_t nip;
	uint8_t nident;
	bool inner_below;
	uint32_t gre_sums;
	struct segoff__shape_length {
		uint16_t at;
		uint16_t from;
	} length[SEGOFF_LAYERS_MAX];
	uint16_t ident[4 * SEGOFF_IP_MAX + SEGOFF_LAYERS_MAX];
	struct segoff__shape_v4 {
		uint16_t at;
		bool below;
	} v4[SEGOFF_IP_MAX];
	struct segoff__shape_cover {
		uint16_t start;
		uint16_t check;
		uint16_t ip;
		uint16_t ip_len;
	} cover[SEGOFF_LAYERS_MAX];
	uint8_t same[SHAPE_MAX];
	uint8_t like[SHAPE_MAX];
	uint8_t key[SHAPE_MAX];
};

/**
 * segoff__shape_is() - have these headers this shape?
 * @s: shape
 * @st: headers
 * @gre_sums: from segoff__gre_sums()
 */
bool segoff__shape_is(const struct segoff__shape *s,
		      const struct segoff_stack *st, uint32_t gre_sums);

/**
 * segoff__gre_sums() - which GRE headers have a checksum?
 * @st: headers
 * @h: the packet's first piece
 *
 * Return: a bit for each layer.
 */
uint32_t segoff__gre_sums(const struct segoff_stack *st, const uint8_t *h);

/**
 * segoff__shape_make() - work out the tables for a header stack
 * @s: receives the shape
 * @st: headers, TCP or UDP last, not longer than SHAPE_MAX, SEGOFF_IP_MAX of
 *	IP at most
 * @gre_sums: from segoff__gre_sums()
 * @as_linux: by Linux's rules, which do not compare the urgent pointer
 */
void segoff__shape_make(struct segoff__shape *s, const struct segoff_stack *st,
			uint32_t gre_sums, bool as_linux);

/* Is there a tunnel in it? */
SEGOFF__INLINE bool is_tunnel(const struct segoff__shape *s)
{
	return s->outer != s->l3;
}

/**
 * segoff__shape_differs() - which field is it that differs?
 * @s: shape
 * @a: a packet
 * @b: another of that shape
 *
 * Return: what the tables say of it; SEGOFF_V_GRO_OPTIONS if nothing before
 * the TCP options differs.
 */
enum segoff_verdict segoff__shape_differs(const struct segoff__shape *s,
					  const uint8_t *a, const uint8_t *b);

/* 16 bytes at once, on machines that can. */
typedef uint64_t segoff__lanes __attribute__((vector_size(16)));

SEGOFF__INLINE segoff__lanes differ(const uint8_t *a, const uint8_t *b,
				    const uint8_t *mask)
{
	segoff__lanes x, y, m;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	memcpy(&m, mask, sizeof(m));
	return (x ^ y) & m;
}

SEGOFF__INLINE segoff__lanes differ3(const uint8_t *a, const uint8_t *b,
				     const uint8_t *mask)
{
	const size_t w = sizeof(segoff__lanes);

	return differ(a, b, mask) | differ(a + w, b + w, mask + w) |
	       differ(a + 2 * w, b + 2 * w, mask + 2 * w);
}

/* Do @n bytes agree under a mask? At least 16 of them. */
SEGOFF__INLINE bool agree(const uint8_t *a, const uint8_t *b,
			  const uint8_t *mask, size_t n)
{
	const size_t w = sizeof(segoff__lanes);
	segoff__lanes d = differ(a + n - w, b + n - w, mask + n - w);
	size_t i = 0;

	for (; i + 3 * w < n && i < 6 * w; i += 3 * w)
		d |= differ3(a + i, b + i, mask + i);
	for (; i < n - w; i += w)
		d |= differ(a + i, b + i, mask + i);
	return !(d[0] | d[1]);
}

#endif

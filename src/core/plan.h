/* SPDX-License-Identifier: MIT */
/*
 * plan.h - how the headers of one superpacket follow from each other
 *
 * A plan is the tables of proto/ worked out for one header stack, kept in
 * struct segoff_gso:
 *
 *	head, hlen	the header bytes that every segment starts from
 *	splice		bytes put into them or taken out (IPv6 Fragment header,
 *			BIG TCP Hop-by-Hop header)
 *	word[]		16-bit fields that are the same for segments of one
 *			length: lengths, flags
 *	pair[]		a 16-bit field that moves on with every segment (IPv4
 *			identification, fragment offset) and the header
 *			checksum that covers it
 *	l4		sequence number and transport checksum
 *	cover[]		checksums of tunnels, UDP's and GRE's, outermost first
 *
 * Sums of what never changes are kept ready in pair[].base, l4.base and
 * cover[].base, so a checksum costs what the changing words add.
 *
 * What is inside a tunnel has a checksum of its own, which closes: whatever the
 * bytes under it are, their sum is that of the pseudo header, inverted. An IPv4
 * header's is zero. So a tunnel's checksum is the same for all segments of one
 * length, and payload is summed once for any number of tunnels. Only if the
 * inner checksum is not closed (remote checksum offload leaves the seed,
 * fragments have none, a CRC32c is no sum) does it depend on the bytes
 * (by_bytes).
 */
#ifndef SEGOFF_CORE_PLAN_H
#define SEGOFF_CORE_PLAN_H

#include <segoff/gso.h>

#include "dissect.h"

/* segoff__word.sum: the checksum that covers it: a pair's, or */
#define SUM_COVER 64 /* this and on: a tunnel's */
#define SUM_L4	  254
#define SUM_NONE  255

/* segoff__l4.mode: what happens to the transport checksum */
enum {
	L4_NONE = 0,
	L4_SEED,
	L4_FULL,
	L4_CRC, /* l4.base is the state before the payload */
};

/* What segoff__plan() needs to know. */
struct segoff__cut {
	const struct segoff_pkt *pkt;
	struct segoff_stack *st;
	const struct segoff_meta *meta;
	const struct segoff_gso_opts *o;
	bool fragments; /* UFO: the cut is behind IP */
	bool by_frags;	/* SCTP: a segment for every member */
	bool trust;	/* the checksum is PARTIAL, and its seed is trusted */
	bool partial;	/* it is cut into partial frames */
	struct segoff__ips ips; /* its IP headers */
	struct segoff_meta own; /* of a list without its members */
	bool outer_waits; /* no superpacket, but tunnels wait for checksums */
};

/* What becomes of a packet. */
enum segoff__fate {
	FATE_REFUSED = 0,
	FATE_WHOLE, /* it stays as it is */
	FATE_ONE,   /* a superpacket of one segment */
	FATE_CUT,
};

/**
 * segoff__admit() - may this packet be cut? (segment.c)
 * @c: packet, metadata, options and room for the headers, which are walked
 *	here; c->fragments is set
 * @err: receives the errno of a refusal
 * @why: receives its reason
 *
 * Return: what becomes of it.
 */
enum segoff__fate segoff__admit(struct segoff__cut *c, int *err,
				enum segoff_verdict *why);

/**
 * segoff__plan() - work out the plan for a superpacket
 * @g: receives it
 * @c: a packet whose headers and metadata were found right
 */
void segoff__plan(struct segoff_gso *g, const struct segoff__cut *c);

/**
 * segoff__plan_single() - the plan of a packet that stays in one piece
 * @g: receives it
 * @c: the packet
 *
 * Return: 0; -EINVAL if its checksum field is not in the first piece.
 */
int segoff__plan_single(struct segoff_gso *g, const struct segoff__cut *c);

/**
 * segoff__members() - the members of a GSO_BY_FRAGS superpacket
 * @pkt: the packet
 * @from: where its headers end
 * @largest: receives the bytes of the largest member
 *
 * Every piece of the packet is one, and what the first one has behind the
 * headers; a piece of no bytes is none.
 *
 * Return: how many.
 */
size_t segoff__members(const struct segoff_pkt *pkt, size_t from,
		       size_t *largest);

/**
 * segoff__jumbo() - is there a BIG TCP artefact?
 * @pkt: the packet
 * @st: its headers
 *
 * Linux before 7.0 marks IPv6 superpackets above 64 KB with a Hop-by-Hop
 * header that never goes on a wire (ipv6_has_hopopt_jumbo).
 *
 * Return: its bytes (8) or 0.
 */
uint32_t segoff__jumbo(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st);

#endif

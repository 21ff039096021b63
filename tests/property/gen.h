/* SPDX-License-Identifier: MIT */
/*
 * gen.h - superpackets and metadata, from right to hostile
 *
 * Theory of operation
 * -------------------
 * A case is a packet, what is said of it, and how it is to be dealt with.
 * Most cases are superpackets that are right or odd in one place; some are
 * contradictory, cut short or plain noise. Sizes are mostly small so that
 * many cases fit a second, but every limit (128 datagrams, 65,535 bytes, a
 * payload of exactly gso_size) is met often.
 */
#ifndef SEGOFF_TESTS_GEN_H
#define SEGOFF_TESTS_GEN_H

#include <segoff.h>

#include "rnd.h"

#define GEN_MAX	   200000
#define GEN_PIECES 32

#define GEN_LAYERS 40

/**
 * struct gen_layer - a header that the generator wrote
 * @proto: enum segoff_proto
 * @off: where
 */
struct gen_layer {
	unsigned int proto;
	size_t off;
};

/**
 * struct gen_case - one case
 * @at: the packet, contiguous
 * @len: its bytes
 * @link: enum segoff_link, or worse
 * @net: where the generator put the (innermost) IP header
 * @th: where it put the (innermost) transport header
 * @data: and where the payload
 * @version: 4 or 6
 * @proto: protocol number
 * @layer: all headers, if gen_tunnel() made it; else none
 * @nlayer: how many
 * @meta: metadata
 * @opts: options of segmentation
 * @no_opts: none are given
 * @piece: the pieces that it lies in, if that means something (SCTP)
 * @npiece: how many; 0: any
 * @vnet: header for the same packet
 * @vnet_size: bytes of it
 * @vopts: how it is to be read
 */
struct gen_case {
	uint8_t at[GEN_MAX];
	size_t len;
	unsigned int link;
	size_t net;
	size_t th;
	size_t data;
	int version;
	uint8_t proto;
	struct gen_layer layer[GEN_LAYERS];
	size_t nlayer;
	struct segoff_meta meta;
	struct segoff_gso_opts opts;
	bool no_opts;
	size_t piece[GEN_PIECES];
	size_t npiece;
	uint8_t vnet[24];
	size_t vnet_size;
	struct segoff_vnet_opts vopts;
};

/* gen_packet.c: fills the packet */
void gen_packet(struct rnd *r, struct gen_case *c);

/* gen_payload.c */
size_t gen_payload_size(struct rnd *r);
void gen_payload(struct rnd *r, uint8_t *p, size_t n);

/* Change a word of the payload so that a checksum comes out as zero. */
void gen_zero_checksum(struct rnd *r, struct gen_case *c);

/* gen_meta.c: metadata and options for it */
void gen_meta(struct rnd *r, struct gen_case *c);

/*
 * gen_tunnel.c, gen_stack.c: a superpacket with tunnels, metadata and options,
 * in place of gen_packet() and gen_meta(). Its seeds are right. @tame: nothing
 * in it would surprise anybody; members of SCTP are chunks then, else
 * gen_members() is still to say which they are.
 */
void gen_tunnel(struct rnd *r, struct gen_case *c, bool tame);

/* What it says of UDP ports: the well-known ones, and some for Foo over UDP. */
extern const struct segoff_ports gen_ports;

/* gen_members.c: if it is a superpacket by members, which these are */
void gen_members(struct rnd *r, struct gen_case *c);

/* gen_vnet.c: a virtio_net_hdr for it, and how that is to be read */
void gen_vnet(struct rnd *r, struct gen_case *c);

/* gen_damage.c: sometimes cut it, break bytes of it, or replace it */
void gen_damage(struct rnd *r, struct gen_case *c);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * superpacket.h - random superpackets, mostly right, often odd
 *
 * Theory of operation
 * -------------------
 * A superpacket is built in two steps. First one that a careful sender could
 * have made: a kind (TCP over IPv6, say), random VLAN tags, IP options or
 * extension headers, TCP options and flags, a payload whose size lies near the
 * places where something changes (multiples of gso_size, 128 segments, 65536),
 * a right seed, a right virtio_net_hdr. Then, to one in three, something odd is
 * done: a row of the table in odd.c.
 */
#ifndef SEGOFF_ORACLE_SUPERPACKET_H
#define SEGOFF_ORACLE_SUPERPACKET_H

#include "random.h"

#define FRAME_MAX 560000
#define VNET_MAX  128
#define NEXT_MAX  32
#define ODD_MAX	  3

/* What virtio_net_hdr says, for short; see linux/virtio_net.h. */
enum {
	VNET_FLAGS = 0,
	VNET_TYPE = 1,
	VNET_HDR_LEN = 2,
	VNET_GSO_SIZE = 4,
	VNET_CSUM_START = 6,
	VNET_CSUM_OFFSET = 8,
	VNET_OUTER_TH = 20,
	VNET_INNER_NH = 22,
};

/* How it comes that a superpacket is inside a tunnel. */
enum tunnel {
	TUNNEL_NONE = 0,
	TUNNEL_VNET, /* in UDP, and the virtio_net_hdr says so */
	TUNNEL_IP,   /* in IP; this and the rest: see encap.h */
	TUNNEL_GRE,
	TUNNEL_UDP,
};

/* kind.type: TCP or UDP GSO, by version and protocol */
#define TYPE_BY_L4 255

/**
 * struct kind - one sort of superpacket
 * @name: for -k and for reports
 * @weight: how often
 * @version: 4, 6, 0: either; of the outer header
 * @inner: the same of a tunnel's inner header
 * @proto: 6, 17, 0: either
 * @type: gso_type of the virtio_net_hdr, or TYPE_BY_L4
 * @big: above 64 KB
 * @tunnel: enum tunnel
 */
struct kind {
	const char *name;
	unsigned int weight;
	uint8_t version;
	uint8_t inner;
	uint8_t proto;
	uint8_t type;
	bool big;
	uint8_t tunnel;
};

/* All kinds, ended by one without a name. */
extern const struct kind kinds[];

/**
 * struct limits - what the path of this run can take
 * @frame: bytes of a frame at most
 * @segments: segments at most
 * @vnet_sizes: sizes of virtio_net_hdr that may be chosen
 * @nvnet: how many
 * @tunnels: bits of enum tunnel: kinds to be made
 * @even: nothing odd is done
 */
struct limits {
	size_t frame;
	size_t segments;
	const uint8_t *vnet_sizes;
	unsigned int nvnet;
	unsigned int tunnels;
	bool even;
};

/**
 * struct superpacket - one question to both sides
 * @kind: what it was meant to be
 * @number: which of the run
 * @vnet: its virtio_net_hdr
 * @vnet_size: bytes of that
 * @frame: its bytes, FRAME_MAX of room
 * @len: how many
 * @outer_l3: tunnel: the outer IP header
 * @outer_l4: tunnel: the outer UDP or GRE header
 * @inner_l2: tunnel: the inner link header; @l3 if there is none
 * @teb: and that is an Ethernet header
 * @outer_final_at: as @final_at, of the outer header
 * @outer_csum: the outer UDP checksum is to be made
 * @outer_gso: TUNNEL_IP and later: the bit of gso_type, SEGOFF_GSO_*
 * @shrink: and gso_size gets smaller by what is put before the packet
 * @l3: IP header (inner one of a tunnel)
 * @l4: transport header
 * @payload: behind that
 * @next_at: bytes that hold a protocol number
 * @nnext: how many
 * @version: 4 or 6
 * @proto: 6 or 17
 * @type: of the virtio_net_hdr, without the tunnel's bits
 * @gso_size: what it was built for
 * @final_at: IPv6 Routing header: where the last address is, or 0
 * @sound: seed and lengths are right, so that nothing need be trusted
 * @odd: what was done to it
 * @nodd: how many
 * @form: which form of output the engine uses
 * @step: bytes of a piece in which the engine gets it; 0: in one piece
 * @mtu_slack: packet sockets: the frame is as many bytes, less 2, above the
 *	device's MTU; negative: no limit
 */
struct superpacket {
	const struct kind *kind;
	uint64_t number;
	uint8_t vnet[VNET_MAX];
	size_t vnet_size;
	uint8_t *frame;
	size_t len;
	uint32_t outer_l3;
	uint32_t outer_l4;
	uint32_t inner_l2;
	bool teb;
	uint32_t outer_final_at;
	bool outer_csum;
	uint32_t outer_gso;
	bool shrink;
	uint32_t l3;
	uint32_t l4;
	uint32_t payload;
	uint32_t next_at[NEXT_MAX];
	unsigned int nnext;
	uint8_t version;
	uint8_t proto;
	uint8_t type;
	uint16_t gso_size;
	uint32_t final_at;
	bool sound;
	const char *odd[ODD_MAX];
	unsigned int nodd;
	unsigned int form;
	size_t step;
	int mtu_slack;
};

/**
 * superpacket_make() - make one
 * @sp: receives it; @sp->frame is the caller's
 * @seed: of the run
 * @number: which
 * @kind: of this kind; NULL: any, by weight
 * @limits: of the path
 */
void superpacket_make(struct superpacket *sp, uint64_t seed, uint64_t number,
		      const struct kind *kind, const struct limits *limits);

/**
 * superpacket_strip() - take the link header away, as for a TUN device
 * @sp: superpacket; the offsets in its virtio_net_hdr follow
 */
void superpacket_strip(struct superpacket *sp);

/**
 * kind_find() - a kind by its name
 * @name: as in the table
 *
 * Return: NULL if there is none.
 */
const struct kind *kind_find(const char *name);

/* ------------------------------------ the steps, one file each */

/* Headers up to the payload (build.c). */
void build_headers(struct superpacket *sp, struct rnd *r);

/* A header of @n zeroes at the end of the frame. */
uint8_t *build_grow(struct superpacket *sp, size_t n);

/* Addresses, VLAN tags, EtherType; the IP header; of sp->version. */
void build_link(struct superpacket *sp, struct rnd *r, unsigned int tags);
void build_ip(struct superpacket *sp, struct rnd *r, uint8_t proto);

/* What is around the inner packet of a tunnel, and what it says of it (tunnel.c). */
void build_tunnel(struct superpacket *sp, struct rnd *r);
void build_tunnel_finish(struct superpacket *sp, struct rnd *r);

/* Sum over the pseudo header; an IPv6 destination is at @dst (finish.c). */
uint64_t build_pseudo(const uint8_t *ip, const uint8_t *dst, uint8_t proto,
		      size_t len);

/* gso_size and payload (size.c). */
void build_payload(struct superpacket *sp, struct rnd *r,
		   const struct limits *limits);

/* Lengths, seeds, checksums, virtio_net_hdr (finish.c). */
void build_finish(struct superpacket *sp, struct rnd *r);

/* Something odd (odd.c). */
void build_odd(struct superpacket *sp, struct rnd *r);

/* The checksum a receiver would expect; the field itself is not counted. */
uint16_t build_full_checksum(const struct superpacket *sp);

/* Where the transport checksum is, from the transport header. */
static inline uint32_t check_offset(const struct superpacket *sp)
{
	return sp->proto == 6 ? 16 : 6;
}

#endif

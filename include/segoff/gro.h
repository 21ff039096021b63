/* SPDX-License-Identifier: MIT */
/*
 * segoff/gro.h - coalescing: packets of the wire into superpackets
 *
 * Push packets in the order of their arrival, pop what is finished, flush when
 * nothing more comes:
 *
 *	mem = malloc(segoff_gro_size(&opts));
 *	gro = segoff_gro_init(mem, size, &opts);
 *	for each packet of a batch {
 *		segoff_gro_push(gro, &packet);
 *		while (segoff_gro_pop(gro, &super))
 *			send(&super);
 *	}
 *	segoff_gro_flush(gro, UINT64_MAX);
 *	while (segoff_gro_pop(gro, &super))
 *		send(&super);
 *
 * Packets are referred to, not copied: their bytes must stay until the
 * superpacket that they went into was popped and done with.
 */
#ifndef SEGOFF_GRO_H
#define SEGOFF_GRO_H

#include <segoff/base.h>
#include <segoff/meta.h>
#include <segoff/packet.h>

#ifdef __cplusplus
extern "C" {
#endif

/* enum segoff_gro_profile - by whose rules */
enum segoff_gro_profile {
	/*
	 * The order within a flow never changes, and segmentation gives every
	 * packet back bit by bit.
	 */
	SEGOFF_GRO_LOSSLESS = 0,
	/*
	 * As Linux 6.18 does it: 8 buckets of 8 packets by the caller's hash,
	 * and its quirks.
	 */
	SEGOFF_GRO_LINUX,
};

/* segoff_gro_opts.flags */
#define SEGOFF_GRO_UDP	    1u /* datagrams, too: breaks tunnels inside */
#define SEGOFF_GRO_VOUCHED  2u /* transport checksums are known to be right */
#define SEGOFF_GRO_COUNT_ID 4u /* LOSSLESS: no equal IPv4 identifications */
#define SEGOFF_GRO_FRAGLIST 8u /* packets are kept as members of a list */

/**
 * struct segoff_gro_opts - how to coalesce
 * @sz: sizeof(struct segoff_gro_opts), always to be set
 * @flags: SEGOFF_GRO_*, no others. Equal IPv4 identifications need TCP_FIXEDID, which a
 *	virtio_net_hdr cannot say; who hands superpackets on that way and wants
 *	every bit back sets COUNT_ID. With FRAGLIST the transport header stays
 *	that of the first packet, checksum included, and segmentation gives the
 *	packets themselves back: see segoff_super_members()
 * @profile: enum segoff_gro_profile
 * @max_size: a superpacket stays below this many bytes from the IP header on;
 *	0: 65536. Above that (BIG TCP, up to 524280) only TCP
 * @flows: superpackets held at once, rounded up; 0: 64. LINUX: 64 always
 * @packets: packets referred to at once, held or waiting to be popped; 0: 4096
 * @seed: unpredictable, if packets may be hostile
 * @ports: UDP ports of tunnels; NULL: the well-known ones. LINUX: those that
 *	have a tunnel socket
 *
 * What is in tunnels is coalesced, to any depth up to SEGOFF_IP_MAX IP headers;
 * LINUX: one tunnel. There is no BIG TCP in tunnels and no FRAGLIST.
 */
struct segoff_gro_opts {
	uint32_t sz;
	uint32_t flags;
	uint32_t profile;
	uint32_t max_size;
	uint32_t flows;
	uint32_t packets;
	uint64_t seed;
	const struct segoff_ports *ports;
};

/**
 * struct segoff_gro - what is held
 *
 * Lives in the caller's memory; needs no clean-up.
 */
struct segoff_gro;

/**
 * segoff_gro_size() - how much memory this takes
 * @o: options; NULL: defaults
 *
 * Return: bytes; 0 if the options make no sense.
 */
SEGOFF_API size_t segoff_gro_size(const struct segoff_gro_opts *o);

/**
 * segoff_gro_init() - begin with nothing held
 * @mem: memory, aligned for uint64_t
 * @size: its bytes
 * @o: options; NULL: defaults
 *
 * Return: the state, which is @mem; NULL if @size is below
 * segoff_gro_size(@o), or the options make no sense.
 */
SEGOFF_API struct segoff_gro *segoff_gro_init(void *mem, size_t size,
					      const struct segoff_gro_opts *o);

/**
 * struct segoff_gro_pkt - a packet that arrives
 * @pkt: its bytes, which stay until it was popped; with more than one piece
 *	the array @pkt.iov stays, too
 * @meta: its metadata, if any (NULL: checksum not known, no superpacket). Read
 *	at once, not kept
 * @cookie: the caller's, handed back
 * @time: the caller's clock, for segoff_gro_flush(); never goes back
 * @hash: LINUX: its flow hash, 0 if none is known
 * @why: receives why it was not merged; SEGOFF_V_OK if it was
 */
struct segoff_gro_pkt {
	struct segoff_pkt pkt;
	const struct segoff_meta *meta;
	uint64_t cookie;
	uint64_t time;
	uint32_t hash;
	enum segoff_verdict why;
};

/**
 * segoff_gro_push() - a packet arrives
 * @g: state
 * @p: the packet; @p->why is set
 *
 * It is merged into a superpacket that is held, held itself, or passed on; all
 * but the second may finish something for segoff_gro_pop(). Work is bounded,
 * whatever arrives.
 *
 * Return: 0; -ENOBUFS if there is no room: pop first (or flush and pop), then
 * push it again; -EMSGSIZE for a packet of 4 GiB or more, which is not taken.
 */
SEGOFF_API int segoff_gro_push(struct segoff_gro *g, struct segoff_gro_pkt *p);

/**
 * segoff_gro_push_batch() - packets arrive
 * @g: state
 * @p: the packets, in order
 * @n: how many
 *
 * As segoff_gro_push() for each, but quicker.
 *
 * Return: how many were taken: less than @n if segoff_gro_push() does not take
 * the next one.
 */
SEGOFF_API size_t segoff_gro_push_batch(struct segoff_gro *g,
					struct segoff_gro_pkt *p, size_t n);

/**
 * segoff_gro_flush() - finish what is held
 * @g: state
 * @until: what arrived at this time or before it; UINT64_MAX: all
 */
SEGOFF_API void segoff_gro_flush(struct segoff_gro *g, uint64_t until);

/**
 * segoff_gro_flush_flow() - finish what is held of one flow
 * @g: state
 * @p: a packet of the flow, TCP or UDP and no fragment; LINUX: without IP
 *	options
 */
SEGOFF_API void segoff_gro_flush_flow(struct segoff_gro *g,
				      const struct segoff_gro_pkt *p);

/**
 * struct segoff_super - what segoff_gro_pop() gives
 * @meta: its metadata; of a packet that was not merged, as it came
 * @npkt: how many packets are in it
 * @hlen: bytes of header that segoff_super_scatter() writes; 0: none
 * @niov: pieces that segoff_super_scatter() gives at most
 * @len: all its bytes
 * @link: what it begins with, enum segoff_link
 * @cookie: of its first packet
 * @time: of its first packet
 */
struct segoff_super {
	struct segoff_meta meta;
	uint32_t npkt;
	uint32_t hlen;
	size_t niov;
	size_t len;
	uint64_t cookie;
	uint64_t time;
	uint32_t link;
	/* @private */
	const struct segoff_gro *gro;
	uint32_t at;
};

/**
 * segoff_gro_pop() - the next one that is finished
 * @g: state
 * @s: receives it; good until the next call of this function
 *
 * Return: true, or false if nothing is finished.
 */
SEGOFF_API bool segoff_gro_pop(struct segoff_gro *g, struct segoff_super *s);

/**
 * segoff_super_scatter() - a superpacket without copying payload
 * @s: from segoff_gro_pop()
 * @hdr: receives the header
 * @size: room there
 * @iov: receives the pieces: the header, then references into the packets
 * @niov: room there
 *
 * Return: number of pieces; -ENOSPC if @size is below @s->hlen or @niov below
 * @s->niov.
 */
SEGOFF_API ssize_t segoff_super_scatter(const struct segoff_super *s, void *hdr,
					size_t size, struct iovec *iov,
					size_t niov);

/**
 * segoff_super_flat() - a superpacket, contiguous
 * @s: from segoff_gro_pop()
 * @buf: receives it
 * @size: room there
 *
 * Return: @s->len; -ENOSPC if @size is below it.
 */
SEGOFF_API ssize_t segoff_super_flat(const struct segoff_super *s, void *buf,
				     size_t size);

/**
 * segoff_super_members() - the packets that it was made of, as they came
 * @s: from segoff_gro_pop()
 * @pkt: receives the packets, in order
 * @n: room there
 * @iov: receives their pieces, which @pkt refers to
 * @niov: room there
 *
 * Of a SEGOFF_GRO_FRAGLIST superpacket those behind the first are the members
 * that segoff_gso_init_list() wants; it may be asked of any other, too. The
 * bytes are the caller's own.
 *
 * Return: number of packets, @s->npkt; -ENOSPC if @n is below that or @niov
 * below @s->niov.
 */
SEGOFF_API ssize_t segoff_super_members(const struct segoff_super *s,
					struct segoff_pkt *pkt, size_t n,
					struct iovec *iov, size_t niov);

/**
 * segoff_super_cookies() - whose packets are in it?
 * @s: from segoff_gro_pop()
 * @cookie: receives the cookies, in order
 * @n: room there
 *
 * Return: how many were written, up to @s->npkt (a packet that came as a
 * superpacket has one).
 */
SEGOFF_API size_t segoff_super_cookies(const struct segoff_super *s,
				       uint64_t *cookie, size_t n);

#ifdef __cplusplus
}
#endif

#endif

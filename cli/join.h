/* SPDX-License-Identifier: MIT */
/*
 * join.h - which packets of a batch become superpackets
 *
 * Theory of operation
 * -------------------
 * A batch is pushed into the library's coalescing lane by lane, and all that
 * is held is finished at the end of each. Segmentation cannot give back what
 * a superpacket does not hold, so these packets stay apart, and what is held of
 * their flow is finished before them:
 *
 *  - those that the capture cut short, or of which more is said than time,
 *    length and flags (comments, hashes, custom options);
 *  - those whose epb_flags speak of offload, or are there but 0: merge and split
 *    set, clear and remove flags;
 *  - those of which the output could not say how to cut them (pcapng Simple
 *    Packets have no room for a comment, a virtio_net_hdr knows one UDP tunnel).
 *
 * Packets of a flow whose flags differ from each other are not merged either:
 * where a lane is mixed, the flow of each packet is looked up, and what is held
 * of it is finished when its flags change.
 *
 * What comes out is sorted by first packets, as time stamps are: a superpacket
 * stands where its first packet stood, so the order within a flow stays.
 */
#ifndef SEGOFF_CLI_JOIN_H
#define SEGOFF_CLI_JOIN_H

#include <segoff.h>

#include "lanes.h"

/* Why a packet was not merged: a verdict of the library, or this. */
#define WHY_OPTIONS SEGOFF_V_COUNT
#define WHYS	    (SEGOFF_V_COUNT + 1)

/**
 * struct join_opts - how to merge
 * @gro: options of coalescing: flags, profile, ports, and max_size, which is
 *	not 0
 * @vnet: bytes of virtio_net_hdr that will stand in front of frames, or 0
 * @commented: superpackets will be described by a comment
 * @timeout: nanoseconds from the first packet of a superpacket to its last at
 *	most; UINT64_MAX: no limit
 */
struct join_opts {
	struct segoff_gro_opts gro;
	uint32_t vnet;
	bool commented;
	uint64_t timeout;
};

/**
 * struct joined - a superpacket
 * @meta: its metadata
 * @iov: its pieces
 * @niov: how many
 * @len: all its bytes
 * @npkt: packets that it stands for
 * @member: which, by their place in the batch
 */
struct joined {
	struct segoff_meta meta;
	const struct iovec *iov;
	size_t niov;
	size_t len;
	uint32_t npkt;
	const uint64_t *member;
};

/* As segoff merge does it without options. */
#define JOIN_DEFAULT                                                 \
	(struct join_opts)                                           \
	{                                                            \
		.gro.max_size = JOIN_SIZE + 1, .timeout = UINT64_MAX \
	}

/* The largest IP packet that is made if nobody says more. */
#define JOIN_SIZE 65535u

struct join;

/**
 * join_settle() - set what depends on the kind of file
 * @o: options, to be completed: without a virtio_net_hdr, pcapng describes
 *	superpackets by comments; equal identifications are merged only where
 *	the output can say so
 * @reader: the capture
 */
void join_settle(struct join_opts *o, const struct capture_reader *reader);

/**
 * join_open() - get ready
 * @j: receives the state
 * @o: options
 * @most: packets of a batch
 *
 * Return: 0 or -ENOMEM.
 */
int join_open(struct join **j, const struct join_opts *o, size_t most);

/**
 * join_batch() - work through a batch
 * @j: state
 * @b: batch; must stay while the answers are used
 */
void join_batch(struct join *j, const struct batch *b);

/* Was this packet of the batch merged into one before it? */
bool join_merged(const struct join *j, size_t i);

/* The superpacket that begins with this packet of the batch, or NULL. */
const struct joined *join_super(const struct join *j, size_t i);

/* Why it was not merged into one before it: WHY_OPTIONS or a verdict. */
unsigned int join_why(const struct join *j, size_t i);

void join_close(struct join *j);

#endif

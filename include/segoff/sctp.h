/* SPDX-License-Identifier: MIT */
/* segoff/sctp.h - chunks into members of superpackets, and found again */
#ifndef SEGOFF_SCTP_H
#define SEGOFF_SCTP_H

#include <segoff/base.h>
#include <segoff/packet.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * SCTP is cut between chunks, so a superpacket of SCTP has no gso_size: it is a
 * list of members, each the chunks of one segment (segoff_gso_init()).
 */

/* Total size of a superpacket, headers of one segment included, at most. */
#define SEGOFF_SCTP_MAX 65536u

/**
 * typedef segoff_sctp_hmac - fill in the HMAC of an AUTH chunk (RFC 4895 6.2)
 * @arg: from struct segoff_sctp_path
 * @auth: the AUTH chunk in its member; its HMAC is all zero, and is to be set
 * @len: bytes that the HMAC covers: the chunk and all behind it, padding
 *	included
 */
typedef void segoff_sctp_hmac(void *arg, uint8_t *auth, size_t len);

/**
 * struct segoff_sctp_path - what packets may be like
 * @sz: sizeof(struct segoff_sctp_path), always to be set
 * @pathmtu: bytes that the network layer may have
 * @overhead: how many of them are in front of chunks: IP header, the 12 bytes
 *	of SCTP, 8 more if it is encapsulated in UDP
 * @max_size: bytes of a superpacket at most, @overhead counted once; 0 or too
 *	much: SEGOFF_SCTP_MAX
 * @window: the same for what congestion allows, half of the window or of the
 *	burst limit; 0: no limit
 * @hmac: for queues with an AUTH chunk
 * @arg: for @hmac
 */
struct segoff_sctp_path {
	uint32_t sz;
	uint32_t pathmtu;
	uint32_t overhead;
	uint32_t max_size;
	uint32_t window;
	segoff_sctp_hmac *hmac;
	void *arg;
};

/**
 * struct segoff_sctp_packed - what became of a queue of chunks
 * @chunks: how many were taken from its head; the others are for the next call
 * @members: how many members they make. One is an ordinary packet
 * @fragment: the only member is larger than the path takes: it is to be sent
 *	alone, with IP fragmentation allowed, and in no superpacket
 */
struct segoff_sctp_packed {
	size_t chunks;
	size_t members;
	bool fragment;
};

/**
 * segoff_sctp_pack() - a queue of chunks into the members of one superpacket
 * @path: what they may be like
 * @chunk: the chunks, each from its type on, as long as its length field says,
 *	without padding
 * @nchunk: how many
 * @buf: receives the members
 * @size: room there
 * @member: receives where each is, ready to be pieces of a struct segoff_pkt
 *	behind a piece of headers
 * @nmember: room there
 * @out: receives how far it went
 *
 * The order is kept. A member is filled while @path->overhead and its padded
 * chunks keep within @path->pathmtu; padding is zero. An AUTH chunk is repeated
 * as the first chunk of every member behind its own, and @path->hmac is called
 * for each (R-SCTP-3, R-SCTP-4). A queue is taken no further than
 * @path->max_size and @path->window allow, and ends before a second AUTH
 * chunk, before a chunk too large for a member, and, once it is above the path
 * MTU and carries data, before a control chunk.
 * Source: sctp_packet_will_fit, sctp_packet_pack.
 *
 * Return: 0, or
 *  -EINVAL: a chunk's length field is not its length, an AUTH chunk is shorter
 *  than 8 bytes or there is no @path->hmac for it, or @path does not say its
 *  size;
 *  -EMSGSIZE: the AUTH chunk and one more do not fit one packet;
 *  -ENOSPC: no room for the members. The chunks, padded, need it, and for every
 *  member the AUTH chunk.
 */
SEGOFF_API int segoff_sctp_pack(const struct segoff_sctp_path *path,
				const struct iovec *chunk, size_t nchunk,
				void *buf, size_t size, struct iovec *member,
				size_t nmember, struct segoff_sctp_packed *out);

/**
 * segoff_sctp_members() - the members of a superpacket that lies flat
 * @pkt: the packet, in one piece
 * @st: its headers, from segoff_dissect()
 * @mtu: bytes that a segment may have, from its outermost IP header on
 * @iov: receives its pieces: the headers, then each member; may be NULL if
 *	@niov is 0
 * @niov: room there
 * @why: receives the reason of a failure, else SEGOFF_V_OK; may be NULL
 *
 * A superpacket seen above a device has lost its borders. They are where the
 * rule of segoff_sctp_pack() sets them, and before every AUTH chunk but the
 * first of a member, since no packet has two (RFC 4895 4.1). If the sender's
 * path MTU was smaller than @mtu they may have been elsewhere. The pieces are
 * references into @pkt.
 *
 * Return: the number of pieces, of which as many as there is room for were
 * written; -EINVAL if the packet cannot be cut so, for the reason @why:
 * SEGOFF_V_TRANSPORT or the end of the walk: no SCTP;
 * SEGOFF_V_TRUNCATED: not in one piece; SEGOFF_V_TRAILER;
 * SEGOFF_V_SCTP_CHUNK; SEGOFF_V_MTU_LIMIT: a chunk is too large for @mtu.
 */
SEGOFF_API ssize_t segoff_sctp_members(const struct segoff_pkt *pkt,
				       const struct segoff_stack *st,
				       uint32_t mtu, struct iovec *iov,
				       size_t niov, enum segoff_verdict *why);

#ifdef __cplusplus
}
#endif

#endif

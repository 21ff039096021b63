/* SPDX-License-Identifier: MIT */
/* run.h - which datagrams may leave as one train */
#ifndef SEGOFF_UDP_RUN_H
#define SEGOFF_UDP_RUN_H

#include <netinet/in.h>

#include <segoff/udp_send.h>

#include "../core/bytes.h"

/**
 * struct segoff__udp_limit - how large a train may be
 * @segs: datagrams
 * @bytes: bytes of all
 * @size: bytes of one
 */
struct segoff__udp_limit {
	uint32_t segs;
	uint32_t bytes;
	uint32_t size;
};

/**
 * struct segoff__udp_run - datagrams that may leave as one train
 * @n: how many; 1: it leaves by itself
 * @size: bytes of each but the last
 * @bytes: bytes of all
 * @niov: pieces that were written
 * @full: there was no room for more pieces
 */
struct segoff__udp_run {
	size_t n;
	size_t size;
	size_t bytes;
	size_t niov;
	bool full;
};

/**
 * struct segoff__udp_pieces - where the pieces of a run go
 * @v: room
 * @max: how many
 */
struct segoff__udp_pieces {
	struct iovec *v;
	size_t max;
};

/* Bytes of a datagram; what is too much for any stays so. */
SEGOFF__INLINE size_t segoff__udp_len(const struct segoff_udp_dgram *d)
{
	size_t len = 0, i;

	if (likely(d->niov == 1))
		return d->iov->iov_len;
	for (i = 0; i < d->niov; i++) {
		if (d->iov[i].iov_len > UINT32_MAX || len > UINT32_MAX)
			return SIZE_MAX;
		len += d->iov[i].iov_len;
	}
	return len;
}

/* May both be in one train, as far as path and attributes go? */
bool segoff__udp_same(const struct segoff_udp_dgram *a,
		      const struct segoff_udp_dgram *b);

/**
 * segoff__udp_run() - the run that begins here
 * @d: datagrams, the first of the run and those behind it
 * @n: how many; at least 1
 * @l: limits
 * @to: receives its pieces, those that adjoin in memory as one
 *
 * All of one size, only the last may be shorter. An empty datagram is never in
 * a train: it would vanish. A run of 1 need not have pieces.
 */
struct segoff__udp_run segoff__udp_run(const struct segoff_udp_dgram *d,
				       size_t n,
				       const struct segoff__udp_limit *l,
				       const struct segoff__udp_pieces *to);

#endif

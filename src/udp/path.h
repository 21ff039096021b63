/* SPDX-License-Identifier: MIT */
/*
 * path.h - the paths that a sender remembers
 *
 * A path is the destination's address, and source address and interface where
 * they are given; ports do not make a route. Addresses are kept as v4-mapped
 * IPv6, so that one host is one path whatever the socket's family.
 */
#ifndef SEGOFF_UDP_PATHS_H
#define SEGOFF_UDP_PATHS_H

#include <segoff/udp_send.h>

#include "machine.h"

#define SEGOFF__UDP_WAYS      4 /* paths of a bucket */
#define SEGOFF__UDP_KEY_WORDS 5

/**
 * struct segoff__udp_key - what tells paths apart
 * @to: destination; all zero: the connected peer
 * @from: source, all zero if not given
 * @ifindex: interface, or the scope of a link-local destination
 * @given: bit 0: @to; bit 1: @from
 */
struct segoff__udp_key {
	struct in6_addr to;
	struct in6_addr from;
	uint32_t ifindex;
	uint32_t given;
};

/**
 * struct segoff__udp_path - one path
 * @key: which
 * @m: its state
 * @trains: trains taken
 * @in_trains: datagrams in them
 * @plain: datagrams taken by themselves
 * @used: number of the batch that used it last
 * @there: not an empty slot
 * @v4: IPv4 is what leaves
 */
struct segoff__udp_path {
	struct segoff__udp_key key;
	struct segoff__udp_machine m;
	uint64_t trains;
	uint64_t in_trains;
	uint64_t plain;
	uint32_t used;
	bool there;
	bool v4;
};

/**
 * segoff__udp_key() - on which path is a datagram?
 * @k: receives it
 * @d: the datagram
 *
 * Return: 0; -EAFNOSUPPORT if an address is neither AF_INET nor AF_INET6.
 */
int segoff__udp_key(struct segoff__udp_key *k,
		    const struct segoff_udp_dgram *d);

/* Is the destination IPv4? Of a connected peer nothing is known here. */
bool segoff__udp_key_v4(const struct segoff__udp_key *k);

/* Which bucket of a table of @mask + 1 slots. */
size_t segoff__udp_bucket(const struct segoff__udp_key *k, size_t mask);

SEGOFF__INLINE bool segoff__udp_key_same(const struct segoff__udp_key *a,
					 const struct segoff__udp_key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

#endif

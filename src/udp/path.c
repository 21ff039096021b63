/* SPDX-License-Identifier: MIT */
/* path.c - what tells paths apart */
#include "path.h"

#include <errno.h>

#include "../core/hash.h"

/* An IPv4 address as IPv6 knows it (RFC 4291, 2.5.5.2). */
static struct in6_addr mapped(struct in_addr a)
{
	struct in6_addr m = { .s6_addr = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
					   0xff } };

	memcpy(&m.s6_addr[12], &a, sizeof(a));
	return m;
}

/* Address and scope of a socket address. */
static int address(const struct sockaddr *sa, struct in6_addr *a,
		   uint32_t *scope)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	switch (sa->sa_family) {
	case AF_INET:
		memcpy(&in, sa, sizeof(in));
		*a = mapped(in.sin_addr);
		return 0;
	case AF_INET6:
		memcpy(&in6, sa, sizeof(in6));
		*a = in6.sin6_addr;
		*scope = in6.sin6_scope_id;
		return 0;
	default:
		return -EAFNOSUPPORT;
	}
}

int segoff__udp_key(struct segoff__udp_key *k, const struct segoff_udp_dgram *d)
{
	uint32_t scope = 0, ignored;
	int err = 0;

	memset(k, 0, sizeof(*k));
	if (d->to) {
		err = address(d->to, &k->to, &scope);
		k->given = 1;
	}
	if (d->from && !err) {
		err = address(d->from, &k->from, &ignored);
		k->given |= 2;
	}
	k->ifindex = d->ifindex ? d->ifindex : scope;
	return err;
}

bool segoff__udp_key_v4(const struct segoff__udp_key *k)
{
	return IN6_IS_ADDR_V4MAPPED(&k->to);
}

/* Whoever makes buckets collide makes paths forgotten, nothing worse. */
size_t segoff__udp_bucket(const struct segoff__udp_key *k, size_t mask)
{
	uint64_t w[SEGOFF__UDP_KEY_WORDS], h;

	_Static_assert(sizeof(w) == sizeof(*k), "a key without gaps");
	memcpy(w, k, sizeof(w));
	h = segoff__mix(w[0] ^ 0x2d358dccaa6c78a5, w[1] ^ 0x8bb84b93962eacc9);
	h = segoff__mix(h ^ w[2] ^ 0x4b33a62ed433d4a3,
			w[3] ^ 0x4d5a2da51de1aa47);
	h = segoff__mix(h ^ 0xa0761d6478bd642f, w[4] ^ 0xe7037ed1a0b428db);
	return (size_t)h & mask & ~(size_t)(SEGOFF__UDP_WAYS - 1);
}

/* SPDX-License-Identifier: MIT */
/* run.c - which datagrams may leave as one train */
#include "run.h"

static bool same_in(const struct sockaddr *a, const struct sockaddr *b)
{
	struct sockaddr_in x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x.sin_port == y.sin_port &&
	       x.sin_addr.s_addr == y.sin_addr.s_addr;
}

static bool same_in6(const struct sockaddr *a, const struct sockaddr *b)
{
	struct sockaddr_in6 x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x.sin6_port == y.sin6_port &&
	       x.sin6_flowinfo == y.sin6_flowinfo &&
	       x.sin6_scope_id == y.sin6_scope_id &&
	       !memcmp(&x.sin6_addr, &y.sin6_addr, sizeof(x.sin6_addr));
}

bool segoff__udp_same_addr(const struct sockaddr *a, const struct sockaddr *b)
{
	if (!a || !b)
		return a == b;
	if (a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET)
		return same_in(a, b);
	return a->sa_family == AF_INET6 && same_in6(a, b);
}

struct segoff__udp_run segoff__udp_run(const struct segoff_udp_dgram *d,
				       size_t n,
				       const struct segoff__udp_limit *l)
{
	size_t size = segoff__udp_len(d), bytes = size, i = 1;
	size_t most = n < l->segs ? n : l->segs;

	if (!size || size > l->size)
		most = 1;
	for (; i < most; i++) {
		size_t len = segoff__udp_len(&d[i]);

		if (len > size || !len || len > l->bytes - bytes ||
		    bytes > l->bytes || !segoff__udp_same(d, &d[i]))
			break;
		bytes += len;
		if (len < size) {
			i++;
			break;
		}
	}
	return (struct segoff__udp_run){ i, size, bytes };
}

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

static bool same_addr(const struct sockaddr *a, const struct sockaddr *b)
{
	if (!a || !b)
		return a == b;
	if (a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET)
		return same_in(a, b);
	return a->sa_family == AF_INET6 && same_in6(a, b);
}

bool segoff__udp_same(const struct segoff_udp_dgram *a,
		      const struct segoff_udp_dgram *b)
{
	return a->txtime == b->txtime && a->ifindex == b->ifindex &&
	       a->flags == b->flags && a->tos == b->tos &&
	       same_addr(a->to, b->to) && same_addr(a->from, b->from);
}

/* The same by the same pointers: the common case, without branches. */
SEGOFF__INLINE bool same_quickly(const struct segoff_udp_dgram *a,
				 const struct segoff_udp_dgram *b)
{
	return !(((uintptr_t)a->to ^ (uintptr_t)b->to) |
		 ((uintptr_t)a->from ^ (uintptr_t)b->from) |
		 (a->txtime ^ b->txtime) | (a->ifindex ^ b->ifindex) |
		 (uint32_t)(a->flags ^ b->flags) | (uint32_t)(a->tos ^ b->tos));
}

/* Add a datagram's pieces; false, and nothing is added, if there is no room. */
static bool gather(struct segoff__udp_run *r,
		   const struct segoff__udp_pieces *to,
		   const struct segoff_udp_dgram *d)
{
	struct iovec *v = to->v + r->niov;

	if (d->niov > to->max - r->niov)
		return false;
	for (size_t i = 0; i < d->niov; i++) {
		const struct iovec *a = &d->iov[i];

		if (r->niov &&
		    (uint8_t *)v[-1].iov_base + v[-1].iov_len == a->iov_base) {
			v[-1].iov_len += a->iov_len;
		} else {
			*v++ = *a;
			r->niov++;
		}
	}
	return true;
}

/*
 * Most datagrams are one piece, as large as the first, and say so by the same
 * pointers: these are what speed is made of.
 */
static void run_quickly(struct segoff__udp_run *r,
			const struct segoff_udp_dgram *d, size_t most,
			const struct segoff__udp_pieces *to)
{
	struct iovec *v = to->v + r->niov - 1, *last = to->v + to->max - 1;
	const uint8_t *end = (const uint8_t *)v->iov_base + v->iov_len;
	const struct segoff_udp_dgram first = *d; /* stays in registers */
	size_t n = r->n, size = r->size;

	for (; n < most; n++) {
		const struct segoff_udp_dgram *x = &d[n];

		if (x->niov != 1 || x->iov->iov_len != size ||
		    !same_quickly(&first, x))
			break;
		if (x->iov->iov_base != end) {
			v->iov_len = (size_t)(end - (uint8_t *)v->iov_base);
			if (v == last)
				break;
			*++v = *x->iov;
			end = x->iov->iov_base;
		}
		end += size;
	}
	v->iov_len = (size_t)(end - (uint8_t *)v->iov_base);
	r->bytes += (n - r->n) * size;
	r->niov = (size_t)(v - to->v) + 1;
	r->n = n;
}

struct segoff__udp_run segoff__udp_run(const struct segoff_udp_dgram *d,
				       size_t n,
				       const struct segoff__udp_limit *l,
				       const struct segoff__udp_pieces *to)
{
	struct segoff__udp_run r = { .n = 1 };
	size_t most = n < l->segs ? n : l->segs, len;

	r.size = r.bytes = len = segoff__udp_len(d);
	if (!len || len > l->size || len > l->bytes)
		return r;
	r.full = !gather(&r, to, d);
	if (r.full)
		return r;
	if (most > l->bytes / len)
		run_quickly(&r, d, l->bytes / len, to);
	else
		run_quickly(&r, d, most, to);
	for (; r.n < most && len == r.size; r.n++) {
		const struct segoff_udp_dgram *x = &d[r.n];

		len = segoff__udp_len(x);
		if (len - 1 >= r.size || len > l->bytes - r.bytes ||
		    !segoff__udp_same(d, x))
			break;
		r.full = !gather(&r, to, x);
		if (r.full)
			break;
		r.bytes += len;
	}
	return r;
}

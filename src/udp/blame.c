/* SPDX-License-Identifier: MIT */
/*
 * blame.c - a message was not taken: who is to blame, and what to do
 *
 * Every way that leads to another try changes something first, so that there
 * is an end: a smaller limit, a path in probe, MSG_ZEROCOPY left out, or the
 * mark that an earlier datagram's error was met.
 */
#include "tx.h"

#include <errno.h>
#include <netinet/ip.h>

#define ENOTSUPP_LINUX 524 /* what 4.19 says to MSG_ZEROCOPY */

/* Room that is left for IP options at the most. */
#define OPTIONS 64

/*
 * Errors that ICMP brings (icmp_err_convert[], icmpv6_err_convert()), or a
 * route that is missing. The kernel reports the former to whoever sends next;
 * that datagram was not sent, and nobody knows which one it was about.
 */
static bool maybe_earlier(int err)
{
	switch (err) {
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
	case ENONET:
	case ENOPROTOOPT:
	case EPROTO:
	case EOPNOTSUPP:
	case EACCES:
		return true;
	default:
		return false;
	}
}

static bool zerocopy_fault(int err)
{
	return err == ENOBUFS || err == ENOMEM || err == EMSGSIZE ||
	       err == EOPNOTSUPP || err == ENOTSUPP_LINUX;
}

/* The error is the caller's, unless the next try gives none. */
static int earlier(struct segoff_udp_tx *t, struct segoff__udp_path *p, int err,
		   struct segoff_udp_sent *s)
{
	segoff__udp_happen(t, p, SEGOFF__UDP_EARLIER, 0, 0);
	if (!t->again) {
		t->again = true;
		s->earlier = err;
		return 0;
	}
	return err;
}

/* Payload that fits the MTU; UINT32_MAX if the socket cannot tell. */
static uint32_t fits_mtu(const struct segoff_udp_tx *t,
			 const struct segoff__udp_path *p)
{
	const struct segoff_udp_sys *s = t->sys;
	int headers = p->v4 ? 28 : 48, mtu = 0, r;
	socklen_t len = sizeof(mtu);

	if (p->key.given & 1)
		return UINT32_MAX;
	if (t->family == AF_INET)
		r = s->getsockopt(s->ctx, t->fd, IPPROTO_IP, IP_MTU, &mtu,
				  &len);
	else
		r = s->getsockopt(s->ctx, t->fd, IPPROTO_IPV6, IPV6_MTU, &mtu,
				  &len);
	return r || mtu <= headers ? UINT32_MAX : (uint32_t)(mtu - headers);
}

/* What to try after this size has failed: what the MTU says, or less by 1. */
static uint32_t size_that_fits(const struct segoff_udp_tx *t,
			       const struct segoff__udp_msg *m)
{
	uint32_t fits = fits_mtu(t, m->path);

	return fits < m->size ? fits : m->size - 1;
}

/*
 * A router's word on a datagram sent earlier is EMSGSIZE, too, and is told to
 * whoever sends next. Only what the MTU rules out is not worth another try.
 */
static bool maybe_earlier_size(const struct segoff_udp_tx *t,
			       const struct segoff__udp_msg *m)
{
	return !t->again &&
	       (m->size ? m->size : m->bytes) <= fits_mtu(t, m->path);
}

static void too_large(struct segoff_udp_tx *t, const struct segoff__udp_msg *m)
{
	struct segoff__udp_path *p = m->path;
	uint32_t whole = p->m.whole;

	if (m->bytes > whole - OPTIONS && p->m.max_bytes == whole)
		segoff__udp_happen(t, p, SEGOFF__UDP_BYTES, 0, whole - OPTIONS);
	else
		segoff__udp_happen(t, p, SEGOFF__UDP_SIZE, 0,
				   size_that_fits(t, m));
}

/* A train has failed: something is learnt, and its datagrams are tried again. */
static int train_failed(struct segoff_udp_tx *t,
			const struct segoff__udp_msg *m, int err)
{
	/* before 6.14 the MTU's error was EINVAL */
	if (err == -EMSGSIZE ||
	    (err == -EINVAL && m->size > fits_mtu(t, m->path))) {
		too_large(t, m);
	} else if (err == -EINVAL && m->n > SEGOFF_UDP_SEGS_OLD &&
		   t->segs != SEGOFF_UDP_SEGS) {
		t->segs = SEGOFF_UDP_SEGS_OLD;
		t->segs_sure = false;
		segoff__udp_happen(t, m->path, SEGOFF__UDP_SEGS, 0, 0);
	} else {
		segoff__udp_happen(t, m->path, SEGOFF__UDP_FAULT, -err, 0);
		if (!t->segs_sure)
			t->segs = 0;
	}
	return 0;
}

int segoff__udp_blame(struct segoff_udp_tx *t, int err,
		      struct segoff_udp_sent *s)
{
	const struct segoff__udp_msg *m = &t->msg[0];
	struct segoff__udp_path *p = m->path;

	if (t->again && s->earlier == err)
		s->earlier = 0; /* it was this one's */
	if (t->zero && zerocopy_fault(-err)) {
		segoff_udp_reap(t);
		segoff__udp_zero_rest(t);
		return 0;
	}
	if (err == -EAGAIN || err == -EWOULDBLOCK || err == -EINTR) {
		segoff__udp_happen(t, p, SEGOFF__UDP_WAIT, 0, 0);
		return err;
	}
	if (err == -ENOBUFS || err == -ENOMEM) {
		segoff__udp_happen(t, p, SEGOFF__UDP_NOBUFS, 0, 0);
		return err;
	}
	if (maybe_earlier(-err) ||
	    (err == -EMSGSIZE && maybe_earlier_size(t, m)))
		return earlier(t, p, err, s);
	if (m->size)
		return train_failed(t, m, err);
	segoff__udp_happen(t, p, SEGOFF__UDP_PLAIN_FAULT, 0, 0);
	return err;
}

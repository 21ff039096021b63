/* SPDX-License-Identifier: MIT */
/*
 * send.c - send datagrams, and know which were taken
 *
 * Theory of operation
 *
 * Messages are built, submitted, and counted as far as they were taken. The
 * kernel's answer is about the first message not taken, and it only gives an
 * errno if there is none before that; so after a part the rest is built anew
 * and submitted, until the first message is the one that fails. Then it is
 * known which datagram it is and that nothing behind it was sent.
 */
#include "tx.h"

#include <errno.h>

#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif

static int submit_one(struct segoff_udp_tx *t, const struct msghdr *h,
		      int flags)
{
	const struct segoff_udp_sys *s = t->sys;
	ssize_t r;

	t->calls++;
	if (h->msg_iovlen == 1 && !h->msg_control)
		r = s->sendto(s->ctx, t->fd, h->msg_iov->iov_base,
			      h->msg_iov->iov_len, flags, h->msg_name,
			      h->msg_namelen);
	else
		r = s->sendmsg(s->ctx, t->fd, h, flags);
	return r < 0 ? (int)r : 1;
}

static int submit_each(struct segoff_udp_tx *t, int flags)
{
	for (uint32_t i = 0; i < t->nmsg; i++) {
		int r = submit_one(t, &t->mm[i].msg_hdr, flags);

		if (r < 0)
			return i ? (int)i : r;
	}
	return (int)t->nmsg;
}

int segoff__udp_submit(struct segoff_udp_tx *t)
{
	int flags = (t->flags & SEGOFF_UDP_TX_DONTWAIT ? MSG_DONTWAIT : 0) |
		    (t->zero ? MSG_ZEROCOPY : 0);
	int r;

	if (t->nmsg == 1 || !t->mmsg)
		return submit_each(t, flags);
	t->calls++;
	r = t->sys->sendmmsg(t->sys->ctx, t->fd, t->mm, t->nmsg, flags);
	if (r == -ENOSYS) {
		t->mmsg = false;
		return submit_each(t, flags);
	}
	return r ? r : -EAGAIN;
}

static void count_train(struct segoff_udp_tx *t,
			const struct segoff__udp_msg *m)
{
	m->path->trains++;
	m->path->in_trains += m->n;
	if (m->path->m.tries)
		segoff__udp_happen(t, m->path, SEGOFF__UDP_TAKEN, 0, 0);
	if (m->n > SEGOFF_UDP_SEGS_OLD)
		t->segs = SEGOFF_UDP_SEGS;
	if (t->segs)
		t->segs_sure = true;
}

static void count_plain(struct segoff_udp_tx *t,
			const struct segoff__udp_msg *m)
{
	m->path->plain++;
	if (m->path->m.state == SEGOFF_UDP_PROBE)
		segoff__udp_happen(t, m->path, SEGOFF__UDP_PLAIN_TAKEN, 0, 0);
}

/* These messages were taken. */
static void count(struct segoff_udp_tx *t, uint32_t n,
		  struct segoff_udp_sent *s)
{
	t->again = false;
	if (t->zero)
		t->zc.next += n;
	for (uint32_t i = 0; i < n; i++) {
		const struct segoff__udp_msg *m = &t->msg[i];

		s->taken += m->n;
		if (m->size) {
			s->trains++;
			s->in_trains += m->n;
			count_train(t, m);
		} else {
			count_plain(t, m);
		}
	}
}

ssize_t segoff__udp_send(struct segoff_udp_tx *t,
			 const struct segoff_udp_dgram *d, size_t n,
			 struct segoff_udp_sent *out)
{
	struct segoff_udp_sent s = { 0 };
	uint64_t calls = t->calls;

	t->again = false;
	while (s.taken < n && !s.error) {
		int r;

		s.error = segoff__udp_build(t, d + s.taken, n - s.taken);
		if (s.error)
			break;
		r = segoff__udp_submit(t);
		if (r > 0)
			count(t, (uint32_t)r, &s);
		else
			s.error = segoff__udp_blame(t, r, &s);
	}
	s.calls = (size_t)(t->calls - calls);
	s.zerocopy = t->zc.next;
	*out = s;
	return s.taken || !n ? (ssize_t)s.taken : s.error;
}

ssize_t segoff_udp_send(struct segoff_udp_tx *t,
			const struct segoff_udp_dgram *d, size_t n,
			struct segoff_udp_sent *out)
{
	struct segoff_udp_sent s = { .error = -EBUSY, .zerocopy = t->zc.next };
	ssize_t r = n ? -EBUSY : 0;

	if (!t->cork.n)
		r = segoff__udp_send(t, d, n, &s);
	if (out)
		*out = s;
	return r;
}

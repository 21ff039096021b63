/* SPDX-License-Identifier: MIT */
/*
 * cork.c - a train that grows in the kernel (MSG_MORE)
 *
 * Theory of operation
 *
 * The kernel keeps what is sent with MSG_MORE and cuts it by the UDP_SEGMENT
 * of the first call. It joins pieces, so all but the last must be of one
 * size. Which is the last shows only at the end: the newest is held back here
 * and goes without MSG_MORE, and the answer to that is the answer for all.
 * (Letting go by UDP_CORK would swallow the error.)
 *
 * When a call fails the kernel drops what it has kept; to be sure of that, a
 * message that cannot fit is appended. The datagrams are then sent in the
 * ordinary way, which knows about errors.
 */
#include "tx.h"

#include <errno.h>

/*
 * Make the kernel forget what it keeps: a total it must refuse. Any other
 * answer was given before it came to that.
 */
static void flush(struct segoff_udp_tx *t)
{
	static const uint8_t zeros[4096];
	struct iovec v[16];
	struct msghdr h = { .msg_iov = v, .msg_iovlen = 16 };
	size_t i;

	for (i = 0; i < 16; i++) {
		v[i].iov_base = (void *)(uintptr_t)zeros;
		v[i].iov_len = sizeof(zeros);
	}
	v[15].iov_len--;
	for (i = 0; i < 16; i++) {
		t->calls++;
		if (t->sys->sendmsg(t->sys->ctx, t->fd, &h,
				    MSG_MORE | MSG_DONTWAIT) == -EMSGSIZE)
			return;
	}
}

static int flags_of(const struct segoff_udp_tx *t)
{
	return t->flags & SEGOFF_UDP_TX_DONTWAIT ? MSG_DONTWAIT : 0;
}

/* The first one opens the train. */
static ssize_t feed_first(struct segoff_udp_tx *t)
{
	t->nmsg = 0;
	t->niov = 0;
	if (segoff__udp_build(t, t->cork.d, 1))
		return -EINVAL;
	t->mm->msg_hdr.msg_control = t->control;
	if (segoff__udp_control(t, &t->mm->msg_hdr, t->cork.d, t->msg->path->v4,
				(int)t->cork.size))
		return -EINVAL;
	t->calls++;
	return t->sys->sendmsg(t->sys->ctx, t->fd, &t->mm->msg_hdr,
			       MSG_MORE | flags_of(t));
}

/* The others only bring bytes. */
static ssize_t feed_next(struct segoff_udp_tx *t, int flags)
{
	const struct segoff_udp_dgram *d = &t->cork.d[t->cork.fed];
	struct msghdr h = { .msg_iov = (struct iovec *)(uintptr_t)d->iov,
			    .msg_iovlen = d->niov };

	t->calls++;
	return t->sys->sendmsg(t->sys->ctx, t->fd, &h, flags | flags_of(t));
}

/* Hand the kernel all but the newest. */
static void feed(struct segoff_udp_tx *t)
{
	struct segoff__udp_cork *c = &t->cork;

	while (!c->plain && c->fed + 1 < c->n) {
		ssize_t r = c->fed ? feed_next(t, MSG_MORE) : feed_first(t);

		if (r < 0) {
			flush(t);
			c->plain = true;
		} else {
			c->fed++;
		}
	}
}

/* The path of what is corked, or NULL; news may have come about another. */
static struct segoff__udp_path *path_of(struct segoff_udp_tx *t)
{
	struct segoff__udp_path *p = NULL;

	t->stamp++;
	t->now = 0;
	segoff__udp_find(t, t->cork.d, &p);
	return p;
}

/* What the train may be; without a path that works it stays here. */
static struct segoff__udp_limit limits(struct segoff_udp_tx *t)
{
	static const struct segoff__udp_limit alone = { 1, 0, 0 };
	const struct segoff__udp_path *p = path_of(t);

	return p ? segoff__udp_limits(t, p) : alone;
}

/* Is there, on an active path, room for one more of this kind? */
static bool fits(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d)
{
	struct segoff__udp_cork *c = &t->cork;
	struct segoff__udp_limit l;
	size_t len = segoff__udp_len(d);

	if (c->plain || c->closed || c->n >= SEGOFF_UDP_SEGS || !len ||
	    len > c->size || !segoff__udp_same(c->d, d))
		return false;
	l = limits(t);
	/* the limit of a kernel that was not met yet is the lower one */
	if (!t->segs && l.segs > SEGOFF_UDP_SEGS_OLD)
		l.segs = SEGOFF_UDP_SEGS_OLD;
	return c->n < l.segs && c->size <= l.size && c->bytes + len <= l.bytes;
}

int segoff_udp_cork(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d)
{
	struct segoff__udp_cork *c = &t->cork;
	size_t len = segoff__udp_len(d);

	if (c->n && !fits(t, d))
		return -ENOSPC;
	if (!c->n) {
		c->fed = 0;
		c->bytes = 0;
		c->size = len;
		c->closed = false;
		c->plain = false;
	}
	c->d[c->n++] = *d;
	c->bytes += len;
	c->closed = len < c->size;
	feed(t);
	return 0;
}

size_t segoff_udp_drop(struct segoff_udp_tx *t, size_t n)
{
	struct segoff__udp_cork *c = &t->cork;

	if (n > c->n)
		n = c->n;
	if (!n)
		return c->n;
	if (c->fed)
		flush(t);
	c->fed = 0;
	c->plain = true;
	c->n -= (uint32_t)n;
	memmove(c->d, c->d + n, c->n * sizeof(*c->d));
	return c->n;
}

/* All of it was taken as one train. */
static void count(struct segoff_udp_tx *t, struct segoff_udp_sent *s)
{
	struct segoff__udp_cork *c = &t->cork;
	struct segoff__udp_path *p = path_of(t);

	if (p->m.state == SEGOFF_UDP_INACTIVE)
		segoff__udp_happen(t, p, SEGOFF__UDP_TRAIN, 0, 0);
	p->trains++;
	p->in_trains += c->n;
	*s = (struct segoff_udp_sent){
		.taken = c->n, .trains = 1, .in_trains = c->n, .calls = c->n
	};
	s->zerocopy = t->zc.next;
	c->n = 0;
}

ssize_t segoff_udp_push(struct segoff_udp_tx *t, struct segoff_udp_sent *out)
{
	struct segoff__udp_cork *c = &t->cork;
	struct segoff_udp_sent s = { 0 };
	ssize_t r;

	if (c->fed && !c->plain) {
		/* trains may have been switched off since */
		if (limits(t).segs > 1 && feed_next(t, 0) >= 0) {
			count(t, &s);
			r = (ssize_t)s.taken;
			goto out;
		}
		flush(t);
	}
	c->fed = 0;
	c->plain = true;
	r = segoff__udp_send(t, c->d, c->n, &s);
	segoff_udp_drop(t, s.taken);
out:
	if (out)
		*out = s;
	return r;
}

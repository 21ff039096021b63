/* SPDX-License-Identifier: MIT */
/*
 * build.c - messages of datagrams
 *
 * Theory of operation
 *
 * A batch is what one sendmmsg() takes. It ends early where the next message
 * cannot be in it: no pieces left, a change of MSG_ZEROCOPY (which holds for
 * the whole call) or of the socket option (which holds for what is sent after
 * it), no room for another path. What is left over begins the next batch.
 *
 * Pieces that adjoin in memory become one: a block of datagrams in one buffer
 * costs the kernel one piece, as if the caller had known of trains.
 */
#include "tx.h"

#include <errno.h>

/* Whether MSG_ZEROCOPY is asked for must not change within a batch. */
static bool agrees(struct segoff_udp_tx *t, bool zero)
{
	if (t->nmsg && zero != t->zero)
		return false;
	t->zero = zero;
	return true;
}

static socklen_t length_of(const struct sockaddr *to)
{
	if (!to)
		return 0;
	return to->sa_family == AF_INET ? sizeof(struct sockaddr_in) :
					  sizeof(struct sockaddr_in6);
}

/* Add one message; its pieces are there. */
static int add(struct segoff_udp_tx *t, struct segoff__udp_path *p,
	       const struct segoff_udp_dgram *d,
	       const struct segoff__udp_run *run, const struct iovec *iov,
	       size_t niov, int option)
{
	struct segoff__udp_msg *m = &t->msg[t->nmsg];
	struct msghdr *h = &t->mm[t->nmsg].msg_hdr;
	int err;

	h->msg_name = (void *)(uintptr_t)d->to;
	h->msg_namelen = length_of(d->to);
	h->msg_iov = (struct iovec *)(uintptr_t)iov;
	h->msg_iovlen = niov;
	h->msg_control = t->control + (size_t)t->nmsg * SEGOFF__UDP_CONTROL;
	h->msg_flags = 0;
	err = segoff__udp_control(t, h, d, p->v4, option);
	if (err)
		return err;
	*m = (struct segoff__udp_msg){ p, (uint32_t)run->n,
				       (uint32_t)run->bytes,
				       run->n > 1 ? (uint32_t)run->size : 0 };
	t->nmsg++;
	return 0;
}

/*
 * One datagram by itself never has UDP_SEGMENT: kernels get the checksum of
 * that wrong (6.11), or refuse it where they take a plain one.
 */
static int add_single(struct segoff_udp_tx *t, struct segoff__udp_path *p,
		      const struct segoff_udp_dgram *d, size_t *taken)
{
	size_t len = segoff__udp_len(d);
	struct segoff__udp_run one = { .n = 1, .size = len, .bytes = len };

	*taken = 0;
	if (!agrees(t, segoff__udp_zero(t, len, d->iov, d->niov)))
		return 0;
	if (t->option && !t->nmsg)
		segoff__udp_option(t, 0);
	*taken = 1;
	return add(t, p, d, &one, d->iov, d->niov, t->option ? 0 : -1);
}

/* What UDP_SEGMENT control message a train needs; -2: not in this batch. */
static int option_for(struct segoff_udp_tx *t, uint32_t size)
{
	if (!(t->flags & SEGOFF_UDP_TX_OPTION))
		return (int)size;
	if (t->option != size && t->option_last == size) {
		if (t->nmsg)
			return -2;
		segoff__udp_option(t, size);
	}
	t->option_last = size;
	return t->option == size ? -1 : (int)size;
}

/* Add a train. */
static int add_train(struct segoff_udp_tx *t, struct segoff__udp_path *p,
		     const struct segoff_udp_dgram *d,
		     const struct segoff__udp_run *run, size_t *taken)
{
	const struct iovec *v = t->iov + t->niov;
	int option;

	*taken = 0;
	if (!agrees(t, segoff__udp_zero(t, run->bytes, v, run->niov)))
		return 0;
	option = option_for(t, (uint32_t)run->size);
	if (option == -2)
		return 0;
	if (p->m.state == SEGOFF_UDP_INACTIVE)
		segoff__udp_happen(t, p, SEGOFF__UDP_TRAIN, 0, 0);
	*taken = run->n;
	t->niov += (uint32_t)run->niov;
	return add(t, p, d, run, v, run->niov, option);
}

/* Is it time to forget something that stands in the way of this datagram? */
static void age(struct segoff_udp_tx *t, struct segoff__udp_path *p,
		const struct segoff_udp_dgram *d)
{
	const struct segoff__udp_machine *m = &p->m;

	if (m->state != SEGOFF_UDP_DISABLED && m->max_bytes == m->whole &&
	    segoff__udp_len(d) <= m->max_size)
		return;
	if (segoff__udp_due(m, segoff__udp_time(t)))
		segoff__udp_happen(t, p, SEGOFF__UDP_AGED, 0, 0);
}

/* Add the message that begins with a datagram. */
static int add_next(struct segoff_udp_tx *t, struct segoff__udp_path *p,
		    const struct segoff_udp_dgram *d, size_t n, size_t *taken)
{
	struct segoff__udp_pieces room = { t->iov + t->niov,
					   SEGOFF__UDP_IOVS - t->niov };
	struct segoff__udp_limit limit;
	struct segoff__udp_run run;

	if (p->m.retry_at)
		age(t, p, d);
	limit = segoff__udp_limits(t, p);
	if (n > 1 && limit.segs > 1) {
		run = segoff__udp_run(d, n, &limit, &room);
		*taken = 0;
		if (run.full && t->nmsg)
			return 0;
		if (run.n > 1)
			return add_train(t, p, d, &run, taken);
	}
	return add_single(t, p, d, taken);
}

static bool same_path(const struct segoff_udp_dgram *a,
		      const struct segoff_udp_dgram *b)
{
	return a->to == b->to && a->from == b->from && a->ifindex == b->ifindex;
}

int segoff__udp_build(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d,
		      size_t n)
{
	struct segoff__udp_path *p = NULL;
	size_t at = 0, before = 0, taken;
	int err = 0;

	t->nmsg = 0;
	t->niov = 0;
	t->now = 0;
	t->stamp++;
	while (at < n && t->nmsg < t->batch) {
		if (!p || !same_path(&d[at], &d[before]))
			err = segoff__udp_find(t, &d[at], &p);
		if (err || !p)
			break;
		err = add_next(t, p, &d[at], n - at, &taken);
		if (err || !taken)
			break;
		before = at;
		at += taken;
	}
	return t->nmsg ? 0 : err;
}

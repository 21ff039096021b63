/* SPDX-License-Identifier: MIT */
/* recv.c - receive trains */
#include "rx.h"

#include <errno.h>

/* Everything anew for each call: the kernel has written over the lengths. */
static void prepare(struct segoff_udp_rx *r, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct msghdr *h = &r->mm[i].msg_hdr;

		r->iov[i].iov_base = r->buf + i * r->size;
		r->iov[i].iov_len = r->size;
		h->msg_name = &r->name[i];
		h->msg_namelen = sizeof(r->name[i]);
		h->msg_iov = &r->iov[i];
		h->msg_iovlen = 1;
		h->msg_control =
			r->control + (size_t)i * SEGOFF__UDP_RX_CONTROL;
		h->msg_controllen = SEGOFF__UDP_RX_CONTROL;
		h->msg_flags = 0;
	}
}

/*
 * Without recvmmsg(): one after the other, waiting for the first alone. An
 * error behind it is told by the next call, as recvmmsg() does.
 */
static int receive_each(struct segoff_udp_rx *r, uint32_t n, int flags)
{
	for (uint32_t i = 0; i < n; i++) {
		ssize_t len;

		r->info.calls++;
		len = r->sys->recvmsg(r->sys->ctx, r->fd, &r->mm[i].msg_hdr,
				      i ? flags | MSG_DONTWAIT : flags);
		if (len < 0 && !i)
			return (int)len;
		if (len < 0) {
			r->error = len == -EAGAIN || len == -EINTR ? 0 :
								     (int)len;
			return (int)i;
		}
		r->mm[i].msg_len = (unsigned int)len;
	}
	return (int)n;
}

static int receive(struct segoff_udp_rx *r, uint32_t n)
{
	int flags = r->flags & SEGOFF_UDP_RX_DONTWAIT ? MSG_DONTWAIT : 0;
	int got;

	if (!r->mmsg || n == 1)
		return receive_each(r, n, flags);
	r->info.calls++;
	got = r->sys->recvmmsg(r->sys->ctx, r->fd, r->mm, n,
			       flags | MSG_WAITFORONE);
	if (got != -ENOSYS)
		return got;
	r->mmsg = false;
	return receive_each(r, n, flags);
}

static void count(struct segoff_udp_rx *r, const struct segoff_udp_train *t)
{
	r->info.datagrams += t->count;
	if (t->count)
		r->info.bytes += t->len;
	r->info.trains += t->count > 1;
	r->info.truncated += t->error == -EMSGSIZE;
	r->info.control_truncated += t->error == -ENOBUFS;
}

ssize_t segoff_udp_recv(struct segoff_udp_rx *r, struct segoff_udp_train *train,
			size_t n)
{
	uint32_t room = n < r->nbuf ? (uint32_t)n : r->nbuf;
	int got;

	if (!room)
		return 0;
	if (r->error) {
		got = r->error;
		r->error = 0;
		return got;
	}
	prepare(r, room);
	got = receive(r, room);
	for (int i = 0; i < got; i++) {
		segoff__udp_view(&train[i], &r->mm[i].msg_hdr,
				 r->mm[i].msg_len);
		count(r, &train[i]);
	}
	return got;
}

/* SPDX-License-Identifier: MIT */
/*
 * zerocopy.c - when MSG_ZEROCOPY pays, and when its bytes are free again
 *
 * A packet that ends in a local socket is copied after all, and the completion
 * says so; then the pages were pinned for nothing. Eight such in a row, or a
 * limit that was met, and it is left out for a second.
 */
#include "tx.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>

#define WORTH	 10240 /* bytes, Documentation/networking/msg_zerocopy.rst */
#define FRAGS	 17    /* MAX_SKB_FRAGS */
#define PAGE	 4096
#define IN_A_ROW 8
#define REST	 1000000000ull

void segoff__udp_zero_rest(struct segoff_udp_tx *t)
{
	t->zc.copies = 0;
	t->zc.off_until = segoff__udp_time(t) + REST;
}

/* Pages that pieces lie on: the kernel takes 17 of them in a message. */
static size_t pages(const struct iovec *iov, size_t niov)
{
	size_t n = 0;

	for (size_t i = 0; i < niov && n <= FRAGS; i++)
		n += ((uintptr_t)iov[i].iov_base % PAGE + iov[i].iov_len +
		      PAGE - 1) /
		     PAGE;
	return n;
}

bool segoff__udp_zero(struct segoff_udp_tx *t, size_t bytes,
		      const struct iovec *iov, size_t niov)
{
	struct segoff__udp_zerocopy *z = &t->zc;

	if (likely(!z->on) || bytes < WORTH ||
	    z->next + t->nmsg - z->done >= SEGOFF__UDP_FLIGHT)
		return false;
	if (z->off_until && segoff__udp_time(t) < z->off_until)
		return false;
	return pages(iov, niov) <= FRAGS;
}

/* A send is complete; they may complete out of order. */
static void complete(struct segoff__udp_zerocopy *z, uint32_t id)
{
	if (id - z->done >= SEGOFF__UDP_FLIGHT)
		return;
	z->completed++;
	z->seen[id % SEGOFF__UDP_FLIGHT / 64] |= 1ull << id % 64;
	while (z->done != z->next) {
		uint64_t *word = &z->seen[z->done % SEGOFF__UDP_FLIGHT / 64];
		uint64_t bit = 1ull << z->done % 64;

		if (!(*word & bit))
			break;
		*word &= ~bit;
		z->done++;
	}
}

/* What a message of the error queue is about; false: nothing of ours. */
static bool extended_error(const struct msghdr *m, struct sock_extended_err *e)
{
	struct msghdr h = *m; /* CMSG_NXTHDR() wants it so */
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
		if (((c->cmsg_level == IPPROTO_IP &&
		      c->cmsg_type == IP_RECVERR) ||
		     (c->cmsg_level == IPPROTO_IPV6 &&
		      c->cmsg_type == IPV6_RECVERR)) &&
		    c->cmsg_len >= CMSG_LEN(sizeof(*e))) {
			memcpy(e, CMSG_DATA(c), sizeof(*e));
			return e->ee_origin == SO_EE_ORIGIN_ZEROCOPY;
		}
	return false;
}

static void completions(struct segoff_udp_tx *t,
			const struct sock_extended_err *e)
{
	struct segoff__udp_zerocopy *z = &t->zc;
	uint32_t n = e->ee_data - e->ee_info + 1;

	if (n > SEGOFF__UDP_FLIGHT)
		return;
	for (uint32_t i = 0; i < n; i++)
		complete(z, e->ee_info + i);
	if (!(e->ee_code & SO_EE_CODE_ZEROCOPY_COPIED)) {
		z->copies = 0;
		return;
	}
	z->copied += n;
	z->copies += n;
	if (z->copies >= IN_A_ROW)
		segoff__udp_zero_rest(t);
}

bool segoff_udp_errqueue(struct segoff_udp_tx *t, const struct msghdr *m)
{
	struct sock_extended_err e;

	if (!extended_error(m, &e))
		return false;
	t->now = 0;
	completions(t, &e);
	return true;
}

uint32_t segoff_udp_reap(struct segoff_udp_tx *t)
{
	const struct segoff_udp_sys *s = t->sys;
	_Alignas(struct cmsghdr) uint8_t control[SEGOFF_UDP_ERRQUEUE_CONTROL];

	if (t->flags & SEGOFF_UDP_TX_ERRQUEUE)
		return t->zc.done;
	while (t->zc.done != t->zc.next) {
		struct msghdr h = { .msg_control = control,
				    .msg_controllen = sizeof(control) };

		if (s->recvmsg(s->ctx, t->fd, &h, MSG_ERRQUEUE | MSG_DONTWAIT) <
		    0)
			break;
		if (!segoff_udp_errqueue(t, &h))
			t->zc.others++;
	}
	return t->zc.done;
}

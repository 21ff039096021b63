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

static void completions(struct segoff_udp_tx *t,
			const struct sock_extended_err *e)
{
	struct segoff__udp_zerocopy *z = &t->zc;
	uint32_t n = e->ee_data - e->ee_info + 1;

	if (e->ee_origin != SO_EE_ORIGIN_ZEROCOPY || n > SEGOFF__UDP_FLIGHT)
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

uint32_t segoff_udp_reap(struct segoff_udp_tx *t)
{
	const struct segoff_udp_sys *s = t->sys;
	struct sock_extended_err e;
	_Alignas(struct cmsghdr) uint8_t control[256];

	while (t->zc.done != t->zc.next) {
		struct msghdr h = { .msg_control = control,
				    .msg_controllen = sizeof(control) };
		struct cmsghdr *c;

		if (s->recvmsg(s->ctx, t->fd, &h, MSG_ERRQUEUE | MSG_DONTWAIT) <
		    0)
			break;
		for (c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
			if (c->cmsg_len >= CMSG_LEN(sizeof(e))) {
				memcpy(&e, CMSG_DATA(c), sizeof(e));
				completions(t, &e);
			}
	}
	return t->zc.done;
}

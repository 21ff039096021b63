/* SPDX-License-Identifier: MIT */
/* bare.c - loops around the system calls, with everything prepared */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h> /* wants struct timespec */

#include "load.h"

static bool connected(struct load *l)
{
	return !connect(l->fd, (const struct sockaddr *)&l->to->addr,
			l->to->len);
}

static uint8_t *block(const struct load *l, uint64_t at)
{
	return l->buf + at % LOAD_BLOCKS * l->train * l->size;
}

static bool messages(struct load *l, size_t n)
{
	l->nmsg = n;
	l->mm = calloc(n, sizeof(*l->mm));
	l->iov = calloc(n, sizeof(*l->iov));
	l->control = calloc(n, CMSG_SPACE(sizeof(uint16_t)));
	if (!l->mm || !l->iov || !l->control)
		return false;
	for (size_t i = 0; i < n; i++) {
		l->mm[i].msg_hdr.msg_iov = &l->iov[i];
		l->mm[i].msg_hdr.msg_iovlen = 1;
	}
	return true;
}

static void segment(struct load *l, size_t at)
{
	struct msghdr *h = &l->mm[at].msg_hdr;
	uint16_t size = (uint16_t)l->size;
	struct cmsghdr *c;

	h->msg_control = l->control + at * CMSG_SPACE(sizeof(size));
	h->msg_controllen = CMSG_SPACE(sizeof(size));
	c = CMSG_FIRSTHDR(h);
	c->cmsg_level = IPPROTO_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(c), &size, sizeof(size));
}

bool bare_sendto_prepare(struct load *l)
{
	(void)l;
	return true;
}

int bare_sendto(struct load *l)
{
	const uint8_t *p = l->buf + l->round++ % l->train * l->size;

	l->calls++;
	if (sendto(l->fd, p, l->size, 0, (const struct sockaddr *)&l->to->addr,
		   l->to->len) < 0)
		return -errno;
	l->bytes += l->size;
	return 1;
}

static bool datagrams(struct load *l, bool mixed)
{
	if (!connected(l) || !messages(l, LOAD_BATCH))
		return false;
	for (size_t i = 0; i < l->nmsg; i++) {
		l->iov[i].iov_base = l->buf + i * l->size;
		l->iov[i].iov_len = mixed ? mixed_size(l, i) : l->size;
	}
	return true;
}

bool bare_mmsg_prepare(struct load *l)
{
	return datagrams(l, false);
}

bool bare_mixed_prepare(struct load *l)
{
	return datagrams(l, true);
}

int bare_mmsg(struct load *l)
{
	int n = sendmmsg(l->fd, l->mm, (unsigned int)l->nmsg, 0);

	l->calls++;
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++)
		l->bytes += l->iov[i].iov_len;
	return n;
}

static bool trains(struct load *l, size_t n)
{
	if (!connected(l) || !messages(l, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		l->iov[i].iov_base = block(l, i);
		l->iov[i].iov_len = (size_t)l->train * l->size;
		segment(l, i);
	}
	return true;
}

bool bare_gso_prepare(struct load *l)
{
	return trains(l, 1);
}

static int taken(struct load *l, ssize_t r, uint32_t n)
{
	l->calls++;
	if (r < 0)
		return -errno;
	l->bytes += (uint64_t)n * l->train * l->size;
	return (int)(n * l->train);
}

int bare_gso(struct load *l)
{
	l->iov->iov_base = block(l, l->round++);
	return taken(l, sendmsg(l->fd, &l->mm->msg_hdr, 0), 1);
}

bool bare_option_prepare(struct load *l)
{
	int size = (int)l->size;

	return connected(l) && !setsockopt(l->fd, IPPROTO_UDP, UDP_SEGMENT,
					   &size, sizeof(size));
}

/* What the socket option cuts. */
int bare_send(struct load *l)
{
	const uint8_t *p = block(l, l->round++);

	return taken(l, send(l->fd, p, (size_t)l->train * l->size, 0), 1);
}

bool bare_trains_prepare(struct load *l)
{
	return trains(l, LOAD_TRAINS);
}

int bare_trains(struct load *l)
{
	int n = sendmmsg(l->fd, l->mm, (unsigned int)l->nmsg, 0);

	return taken(l, n, n > 0 ? (uint32_t)n : 0);
}

bool bare_zerocopy_prepare(struct load *l)
{
	int one = 1;

	return !setsockopt(l->fd, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)) &&
	       trains(l, 1);
}

/* Completions, as far as there are any; when told to, wait for some. */
static void reap(struct load *l, bool wait)
{
	_Alignas(struct cmsghdr) uint8_t control[128];
	struct pollfd p = { .fd = l->fd };
	struct sock_extended_err e;

	while (l->waiting) {
		struct msghdr h = { .msg_control = control,
				    .msg_controllen = sizeof(control) };
		struct cmsghdr *c;

		if (recvmsg(l->fd, &h, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
			if (!wait || poll(&p, 1, 100) <= 0)
				return;
			continue;
		}
		for (c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c)) {
			memcpy(&e, CMSG_DATA(c), sizeof(e));
			if (e.ee_origin == SO_EE_ORIGIN_ZEROCOPY)
				l->waiting -= e.ee_data - e.ee_info + 1;
		}
	}
}

int bare_zerocopy(struct load *l)
{
	ssize_t r;

	l->iov->iov_base = block(l, l->round++);
	r = sendmsg(l->fd, &l->mm->msg_hdr, MSG_ZEROCOPY);
	if (r >= 0)
		l->waiting++;
	else if (errno == ENOBUFS)
		reap(l, true);
	if (l->round % LOAD_BLOCKS == 0)
		reap(l, false);
	return taken(l, r, 1);
}

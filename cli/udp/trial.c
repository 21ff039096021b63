/* SPDX-License-Identifier: MIT */
/*
 * trial.c - a few real datagrams, and what the kernel says to each
 *
 * The library sends them as it would for any program; its system calls are
 * listened to, so that what it makes of an error can be shown beside it.
 * Nothing is fragmented (DF), as programs that look for the MTU send.
 */
#include "trial.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h> /* wants struct timespec */

#include "../clock.h"
#include "route.h"

#define SMALL	  64
#define ANSWER_NS (SECOND_NS / 5) /* how long answers are waited for */

static void note(struct trial_step *s, uint32_t size, int error)
{
	if (s->ncalls < TRIAL_CALLS)
		s->call[s->ncalls] = (struct trial_call){ size, error };
	s->ncalls++;
}

/* What UDP_SEGMENT a message has. */
static uint32_t size_of(const struct msghdr *m)
{
	struct msghdr h = *m;
	uint16_t size = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
		if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == 103)
			memcpy(&size, CMSG_DATA(c), sizeof(size));
	return size;
}

static int listen_mmsg(void *ctx, int fd, struct mmsghdr *m, unsigned int n,
		       int flags)
{
	int r = segoff_udp_sys_libc()->sendmmsg(NULL, fd, m, n, flags);

	note(ctx, size_of(&m->msg_hdr), r < 0 ? r : 0);
	return r;
}

static ssize_t listen_msg(void *ctx, int fd, const struct msghdr *m, int flags)
{
	ssize_t r = segoff_udp_sys_libc()->sendmsg(NULL, fd, m, flags);

	note(ctx, size_of(m), r < 0 ? (int)r : 0);
	return r;
}

static ssize_t listen_to(void *ctx, int fd, const void *buf, size_t len,
			 int flags, const struct sockaddr *to,
			 socklen_t addrlen)
{
	ssize_t r = segoff_udp_sys_libc()->sendto(NULL, fd, buf, len, flags, to,
						  addrlen);

	note(ctx, 0, r < 0 ? (int)r : 0);
	return r;
}

/* What leaves an IPv6 socket for a v4-mapped address obeys IPv4's options. */
static void set(int fd, bool six, int name, int name6, int value)
{
	setsockopt(fd, IPPROTO_IP, name, &value, sizeof(value));
	if (six)
		setsockopt(fd, IPPROTO_IPV6, name6, &value, sizeof(value));
}

static int family_of(int fd)
{
	int family = AF_INET;
	socklen_t len = sizeof(family);

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
	return family;
}

static void keep_answer(struct trial *t, const struct sock_extended_err *e)
{
	struct trial_answer *a = &t->answer[t->answers];
	struct sockaddr_storage from;

	if (t->answers == TRIAL_ANSWERS)
		return;
	memset(a, 0, sizeof(*a));
	a->error = -(int)e->ee_errno;
	a->mtu = e->ee_errno == EMSGSIZE ? e->ee_info : 0;
	if (e->ee_origin == SO_EE_ORIGIN_ICMP ||
	    e->ee_origin == SO_EE_ORIGIN_ICMP6) {
		/* SO_EE_OFFENDER() would cast const away */
		memcpy(&from, e + 1, sizeof(struct sockaddr_in6));
		peer_host((struct sockaddr *)&from, a->from);
	}
	for (uint32_t i = 0; i < t->answers; i++)
		if (!memcmp(&t->answer[i], a, sizeof(*a)))
			return; /* it said so before */
	t->answers++;
}

/* What the network and this host have to say, as far as it is there. */
static void read_answers(int fd, struct trial *t)
{
	_Alignas(struct cmsghdr) uint8_t control[512];
	char data[SMALL];

	for (;;) {
		struct iovec v = { data, sizeof(data) };
		struct msghdr h = { .msg_iov = &v,
				    .msg_iovlen = 1,
				    .msg_control = control,
				    .msg_controllen = sizeof(control) };
		struct cmsghdr *c;

		memset(control, 0, sizeof(control));
		if (recvmsg(fd, &h, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return;
		for (c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
			if ((c->cmsg_level == IPPROTO_IP &&
			     c->cmsg_type == IP_RECVERR) ||
			    (c->cmsg_level == IPPROTO_IPV6 &&
			     c->cmsg_type == IPV6_RECVERR))
				keep_answer(t, (const void *)CMSG_DATA(c));
	}
}

static void wait_for_answers(int fd, struct trial *t)
{
	uint64_t end = clock_ns() + ANSWER_NS, now;
	struct pollfd p = { .fd = fd };
	int error;
	socklen_t len = sizeof(error);

	while ((now = clock_ns()) < end) {
		if (poll(&p, 1, (int)((end - now) / 1000000) + 1) > 0) {
			read_answers(fd, t);
			/* it would be told to the next one sent */
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
		}
	}
}

static void try(struct segoff_udp_tx *tx, struct segoff_udp_sys *sys,
		struct trial *t, enum trial_kind kind, uint32_t size)
{
	static uint8_t zeros[2][UINT16_MAX];
	struct trial_step *s = &t->step[t->steps++];
	struct iovec v[2] = { { zeros[0], size }, { zeros[1], size } };
	struct segoff_udp_dgram d[2] = { { .iov = &v[0], .niov = 1 },
					 { .iov = &v[1], .niov = 1 } };

	s->kind = kind;
	s->n = kind == TRIAL_SINGLE ? 1 : 2;
	s->size = size;
	sys->ctx = s;
	segoff_udp_send(tx, d, s->n, &s->sent);
	segoff_udp_path(tx, d, &t->path);
	segoff_udp_tx_info(tx, &t->tx);
	s->state = t->path.state;
	s->reason = t->path.reason;
}

/* Payload that fits an MTU; 0 if a train of two would be too much. */
static uint32_t fits(bool v4, uint32_t mtu)
{
	uint32_t headers = v4 ? HEADERS_V4 : HEADERS_V6;
	uint32_t most = v4 ? SEGOFF_UDP_BYTES_V4 : SEGOFF_UDP_BYTES_V6;

	if (mtu <= headers || (mtu - headers + 1) * 2 > most)
		return 0;
	return mtu - headers;
}

static void try_all(struct segoff_udp_tx *tx, struct segoff_udp_sys *sys,
		    struct trial *t, int fd, bool v4, uint32_t mtu)
{
	uint32_t size = fits(v4, mtu);

	try(tx, sys, t, TRIAL_SINGLE, SMALL);
	try(tx, sys, t, TRIAL_PAIR, SMALL);
	if (size && t->step[1].sent.taken) {
		try(tx, sys, t, TRIAL_MTU, size);
		try(tx, sys, t, TRIAL_ABOVE, size + 1);
	}
	wait_for_answers(fd, t);
	t->mtu = route_mtu(fd, family_of(fd));
	if (size && t->mtu < mtu && fits(v4, t->mtu)) {
		/* a narrower place answered: now as it takes it */
		try(tx, sys, t, TRIAL_MTU, fits(v4, t->mtu));
		wait_for_answers(fd, t);
	}
}

int trial_run(int fd, bool v4, uint32_t mtu, struct trial *t)
{
	struct segoff_udp_sys sys = *segoff_udp_sys_libc();
	struct segoff_udp_tx_opts o = { .sz = sizeof(o), .sys = &sys };
	size_t size = segoff_udp_tx_size(&o);
	bool six = family_of(fd) == AF_INET6;
	struct segoff_udp_tx *tx;
	void *mem = malloc(size);
	int err = -ENOMEM;

	memset(t, 0, sizeof(*t));
	sys.sendmmsg = listen_mmsg;
	sys.sendmsg = listen_msg;
	sys.sendto = listen_to;
	set(fd, six, IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, IP_PMTUDISC_DO);
	set(fd, six, IP_RECVERR, IPV6_RECVERR, 1);
	tx = mem ? segoff_udp_tx_init(mem, size, fd, &o, &err) : NULL;
	if (tx)
		try_all(tx, &sys, t, fd, v4, mtu);
	free(mem);
	return err;
}

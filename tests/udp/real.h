/* SPDX-License-Identifier: MIT */
/* real.h - the sender on real sockets, and what arrives at the far end */
#ifndef SEGOFF_TESTS_UDP_REAL_H
#define SEGOFF_TESTS_UDP_REAL_H

#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "make.h"
#include "net.h"

static int real_fd = -1;
static int real_far = -1;
static struct segoff_udp_rx *real_rx;
static struct segoff_udp_rx_opts real_opts;

static inline void real_option(int fd, int level, int name, int value)
{
	eq(setsockopt(fd, level, name, &value, sizeof(value)), 0);
}

/* A receiver at the far end, with or without UDP_GRO. */
static inline void real_listen(int family, uint32_t flags)
{
	static uint8_t buffer[64 * SEGOFF_UDP_BUFFER];
	static uint64_t mem[8192];
	int err = 0;

	if (real_far >= 0)
		close(real_far);
	real_far = net_far_socket(family);
	real_option(real_far, SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20);
	real_opts = (struct segoff_udp_rx_opts){
		.sz = sizeof(real_opts),
		.flags = flags | SEGOFF_UDP_RX_DONTWAIT | SEGOFF_UDP_RX_TOS |
			 SEGOFF_UDP_RX_DST,
		.buf = buffer,
		.size = SEGOFF_UDP_BUFFER,
		.nbuf = 64,
	};
	real_rx = segoff_udp_rx_init(mem, sizeof(mem), real_far, &real_opts,
				     &err);
	eq(err, 0);
}

/* A sender here; make_opts are its options. */
static inline void real_sender(void)
{
	static uint64_t mem[1 << 14];
	int err = 0;

	make_opts.sz = sizeof(make_opts);
	make_opts.flags |= SEGOFF_UDP_TX_DONTWAIT;
	tx = segoff_udp_tx_init(mem, sizeof(mem), real_fd, &make_opts, &err);
	eq(err, 0);
	make_none();
}

/* A socket and a sender here, a receiver there, nothing learnt yet. */
static inline void real_start(int family, int peer_family)
{
	net_reset();
	memset(&make_opts, 0, sizeof(make_opts));
	real_listen(peer_family, 0);
	if (real_fd >= 0)
		close(real_fd);
	real_fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	real_option(real_fd, SOL_SOCKET, SO_SNDBUFFORCE, 16 << 20);
	real_sender();
}

static inline void real_take(const struct segoff_udp_train *t)
{
	eq(t->error, 0);
	for (uint32_t i = 0; i < t->count; i++) {
		struct iovec v = segoff_udp_datagram(t, i);
		struct fake_got g = { .data = v.iov_base,
				      .len = v.iov_len,
				      .tos = t->tos,
				      .ifindex = t->ifindex };

		make_arrive(NULL, &g);
	}
}

/* Until @n have arrived; a moment longer, lest there are more. */
static inline void real_recv(size_t n)
{
	struct segoff_udp_train train[64];

	for (;;) {
		struct pollfd p = { .fd = real_far, .events = POLLIN };
		ssize_t got;

		if (poll(&p, 1, ncame < n ? 2000 : 20) != 1)
			return;
		got = segoff_udp_recv(real_rx, train, 64);
		for (ssize_t i = 0; i < got; i++)
			real_take(&train[i]);
	}
}

/* All is taken, and arrives once and in order. */
static inline void real_sent(void)
{
	ncame = 0;
	eq(make_send(), ndgram);
	eq(sent.error, 0);
	real_recv(ndgram);
	all_came();
}

/* Nothing is taken, for this reason, and nothing arrives. */
static inline void real_fails(int error)
{
	ncame = 0;
	eq(make_send(), -error);
	eq(sent.taken, 0);
	real_recv(0);
	eq(ncame, 0);
}

/* The running kernel is of this version or a later one. */
static inline bool real_since(int major, int minor)
{
	struct utsname u;
	int have[2];

	return !uname(&u) && sscanf(u.release, "%d.%d", have, have + 1) == 2 &&
	       (have[0] > major || (have[0] == major && have[1] >= minor));
}

/*
 * R-SOCK-2 what this kernel says to a train of datagrams above the MTU:
 * EMSGSIZE since Linux 6.14; before that EINVAL, unless the change came to it
 * as a correction.
 */
static inline int real_above_mtu(void)
{
	struct sockaddr_in to;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = 0;

	memcpy(&to, v4(2), sizeof(to));
	real_option(fd, SOL_UDP, UDP_SEGMENT, 1473);
	eq(sendto(fd, payload, 3000, 0, (struct sockaddr *)&to, sizeof(to)),
	   -1);
	error = errno;
	close(fd);
	ok(error == EMSGSIZE || (error == EINVAL && !real_since(6, 14)));
	return error;
}

/*
 * After such a train, on a socket that is not connected and whose plain
 * datagrams are fragmented: what is known of the path. EINVAL cannot be told
 * from a kernel's that has other limits.
 */
static inline void real_too_large(const struct sockaddr *to)
{
	if (real_above_mtu() == EMSGSIZE)
		path_is(to, SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_SIZE);
	else
		path_is(to, SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EINVAL);
}

#endif

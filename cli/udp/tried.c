/* SPDX-License-Identifier: MIT */
/* tried.c - what the kernel's UDP can do, each tried over loopback */
#include "tried.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <segoff/udp.h>

#ifndef SO_TXTIME
#define SO_TXTIME 61
#endif
#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

#define SIZE	1000
#define WAIT_MS 500

struct pair {
	int from;
	int to;
};

static int bind_to(int fd, bool v4)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return v4 ? bind(fd, (struct sockaddr *)&four, sizeof(four)) :
		    bind(fd, (struct sockaddr *)&six, sizeof(six));
}

static int open_pair(struct pair *p, bool v4)
{
	int family = v4 ? AF_INET : AF_INET6;
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	p->from = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	p->to = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (p->from < 0 || p->to < 0 || bind_to(p->to, v4) ||
	    getsockname(p->to, (struct sockaddr *)&a, &len) ||
	    connect(p->from, (struct sockaddr *)&a, len) ||
	    send(p->from, &a, 1, 0) < 0)
		return -errno;
	return 0;
}

static void close_pair(const struct pair *p)
{
	if (p->from >= 0)
		close(p->from);
	if (p->to >= 0)
		close(p->to);
}

/* Take away what has come. */
static void drain(const struct pair *p)
{
	char byte;

	while (recv(p->to, &byte, 1, MSG_DONTWAIT) >= 0)
		;
}

/* A message of so many bytes, in datagrams of a size: 0 or an error. */
static int send_train(const struct pair *p, uint32_t size, uint32_t bytes)
{
	static uint8_t data[SEGOFF_UDP_BYTES_V6 + 1];
	int option = (int)size, err = 0;

	drain(p);
	if (setsockopt(p->from, IPPROTO_UDP, UDP_SEGMENT, &option,
		       sizeof(option)))
		return -errno;
	if (send(p->from, data, bytes, 0) < 0)
		err = -errno;
	option = 0;
	setsockopt(p->from, IPPROTO_UDP, UDP_SEGMENT, &option, sizeof(option));
	return err;
}

static void try_segment(const struct pair *p, bool v4, struct tried *t)
{
	uint32_t most = v4 ? SEGOFF_UDP_BYTES_V4 : SEGOFF_UDP_BYTES_V6;

	t->segment = send_train(p, SIZE, 2 * SIZE);
	if (t->segment)
		return;
	if (!send_train(p, 1, SEGOFF_UDP_SEGS))
		t->segs = SEGOFF_UDP_SEGS;
	else if (!send_train(p, 1, SEGOFF_UDP_SEGS_OLD))
		t->segs = SEGOFF_UDP_SEGS_OLD;
	/* what it takes at the very least, and what it should */
	t->bytes = send_train(p, 1400, most) ? 2 * SIZE : most;
}

static void try_gro(const struct pair *p, struct tried *t)
{
	struct segoff_udp_rx_opts o = { .sz = sizeof(o),
					.flags = SEGOFF_UDP_RX_DONTWAIT,
					.size = SEGOFF_UDP_BUFFER,
					.nbuf = 1 };
	struct pollfd f = { .fd = p->to, .events = POLLIN };
	struct segoff_udp_train train = { 0 };
	struct segoff_udp_rx_info i = { 0 };
	size_t size;
	void *mem;

	drain(p);
	o.buf = malloc(o.size);
	size = segoff_udp_rx_size(&o);
	mem = malloc(size);
	t->gro = -ENOMEM;
	if (o.buf && mem && segoff_udp_rx_init(mem, size, p->to, &o, &t->gro)) {
		segoff_udp_rx_info(mem, &i);
		t->gro = i.gro ? 0 : -ENOPROTOOPT;
		if (!send_train(p, SIZE, 3 * SIZE) && poll(&f, 1, WAIT_MS) > 0)
			segoff_udp_recv(mem, &train, 1);
		t->whole = train.count == 3 && train.size == SIZE;
	}
	free(mem);
	free(o.buf);
}

/* The flag is ignored without the option, so both are tried. */
static void try_zerocopy(const struct pair *p, struct tried *t)
{
	static const uint8_t data[2 * SIZE];
	int one = 1;

	drain(p);
	if (setsockopt(p->from, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)) ||
	    send(p->from, data, sizeof(data), MSG_ZEROCOPY) < 0)
		t->zerocopy = -errno;
}

static void try_txtime(const struct pair *p, struct tried *t)
{
	struct sock_txtime v = { .clockid = CLOCK_MONOTONIC };

	if (setsockopt(p->from, SOL_SOCKET, SO_TXTIME, &v, sizeof(v)))
		t->txtime = -errno;
}

void try_kernel(bool v4, struct tried *t)
{
	struct pair p;

	memset(t, 0, sizeof(*t));
	t->loopback = open_pair(&p, v4);
	if (!t->loopback) {
		try_segment(&p, v4, t);
		try_gro(&p, t);
		try_zerocopy(&p, t);
		try_txtime(&p, t);
	}
	close_pair(&p);
}

/* SPDX-License-Identifier: MIT */
/* make.h - datagrams, a sender on the fake kernel, and what arrives from it */
#ifndef SEGOFF_TESTS_UDP_MAKE_H
#define SEGOFF_TESTS_UDP_MAKE_H

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "../test.h"
#include "fake.h"

#define MAKE_MAX 2048

static struct fake fake;
static struct segoff_udp_tx_opts make_opts;
static struct segoff_udp_tx *tx;
static struct segoff_udp_sent sent;
static struct segoff_udp_dgram dgram[MAKE_MAX];
static struct iovec piece[MAKE_MAX];
static size_t ndgram;
static uint8_t payload[1 << 21];
static size_t npayload;

/* What arrived: path and length of each. */
static struct {
	unsigned int path;
	size_t len;
	int tos;
	uint32_t ifindex;
	struct in6_addr from;
	uint64_t txtime;
	uint32_t mark; /* the first bytes */
} came[4 * MAKE_MAX];
static size_t ncame;

static inline void make_arrive(void *ctx, const struct fake_got *g)
{
	uint32_t mark = 0;

	(void)ctx;
	if (g->len >= sizeof(mark))
		memcpy(&mark, g->data, sizeof(mark));
	if (ncame == sizeof(came) / sizeof(*came))
		return;
	came[ncame].path = g->path;
	came[ncame].len = g->len;
	came[ncame].tos = g->tos;
	came[ncame].ifindex = g->ifindex;
	came[ncame].from = g->from;
	came[ncame].txtime = g->txtime;
	came[ncame++].mark = mark;
}

/* Forget datagrams. */
static inline void make_none(void)
{
	ndgram = 0;
	npayload = 0;
	ncame = 0;
}

/* A kernel without faults; change it, then start(). */
static inline void make_kernel(void)
{
	fake_init(&fake);
	fake.arrive = make_arrive;
	memset(&make_opts, 0, sizeof(make_opts));
	make_opts.sz = sizeof(make_opts);
	make_none();
}

static inline void make_start(void)
{
	static void *mem;
	size_t size;
	int err;

	make_opts.sys = &fake.sys;
	size = segoff_udp_tx_size(&make_opts);
	free(mem);
	mem = malloc(size);
	tx = segoff_udp_tx_init(mem, size, 3, &make_opts, &err);
	eq(err, 0);
	fake.setopts = 0;
}

/* Address 10.0.0.@k; @port in host order. */
static inline const struct sockaddr *v4(unsigned int k)
{
	static struct sockaddr_in a[256];

	a[k].sin_family = AF_INET;
	a[k].sin_port = htons(4433);
	a[k].sin_addr.s_addr = htonl(0x0a000000 | k);
	return (const struct sockaddr *)&a[k];
}

/* Address fd00::@k, or ::ffff:10.0.0.@k. */
static inline const struct sockaddr *v6(unsigned int k, bool mapped)
{
	static struct sockaddr_in6 a[2][256];
	struct sockaddr_in6 *p = &a[mapped][k];

	p->sin6_family = AF_INET6;
	p->sin6_port = htons(4433);
	if (mapped) {
		p->sin6_addr.s6_addr[10] = p->sin6_addr.s6_addr[11] = 0xff;
		p->sin6_addr.s6_addr[12] = 10;
	} else {
		p->sin6_addr.s6_addr[0] = 0xfd;
	}
	p->sin6_addr.s6_addr[15] = (uint8_t)k;
	return (const struct sockaddr *)p;
}

/* One datagram more; each begins with its number. */
static inline struct segoff_udp_dgram *make(const struct sockaddr *to,
					    size_t len)
{
	struct segoff_udp_dgram *d = &dgram[ndgram];
	uint32_t mark = (uint32_t)ndgram;

	memset(d, 0, sizeof(*d));
	piece[ndgram].iov_base = payload + npayload;
	piece[ndgram].iov_len = len;
	if (len >= sizeof(mark))
		memcpy(payload + npayload, &mark, sizeof(mark));
	npayload += len;
	d->iov = &piece[ndgram++];
	d->niov = 1;
	d->to = to;
	return d;
}

static inline void make_many(const struct sockaddr *to, size_t n, size_t len)
{
	while (n--)
		make(to, len);
}

static inline ssize_t make_send(void)
{
	return segoff_udp_send(tx, dgram, ndgram, &sent);
}

/* Everything arrived, each once and in order. */
static inline void all_came(void)
{
	eq(ncame, ndgram);
	for (size_t i = 0; i < ncame && i < ndgram; i++) {
		eq(came[i].len, piece[i].iov_len);
		if (came[i].len >= 4)
			eq(came[i].mark, i);
	}
}

/* Everything was taken and arrived. */
static inline void all_sent(void)
{
	eq(make_send(), ndgram);
	eq(sent.error, 0);
	all_came();
}

static inline struct segoff_udp_path_info path_of(const struct sockaddr *to)
{
	struct segoff_udp_dgram d = { .to = to };
	struct segoff_udp_path_info i = { .state = UINT32_MAX };

	eq(segoff_udp_path(tx, &d, &i), 0);
	return i;
}

/* State and reason of a path. */
static inline void path_is(const struct sockaddr *to, unsigned int state,
			   unsigned int reason)
{
	struct segoff_udp_path_info i = path_of(to);

	if (i.state != state || i.reason != reason)
		printf("# path is %s because of %s\n",
		       segoff_udp_state_name(i.state),
		       segoff_udp_reason_name(i.reason));
	eq(i.state, state);
	eq(i.reason, reason);
}

#endif

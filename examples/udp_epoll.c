/* SPDX-License-Identifier: MIT */
/*
 * udp_epoll.c - many datagrams over loopback, in trains, with epoll
 *
 *	cc udp_epoll.c $(pkg-config --cflags --libs libsegoff) && ./a.out
 *
 * The event loop is the program's own. What the library says of an error is
 * all that is needed: -EAGAIN waits for room, -ENOBUFS for some time, and what
 * was taken is never sent again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <segoff/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define TOTAL 100000
#define BATCH 44
#define SIZE  1200
#define NBUF  8

static struct segoff_udp_tx *tx;
static struct segoff_udp_rx *rx;
static struct segoff_udp_sent sent;
static struct segoff_udp_dgram dgram[BATCH];
static struct iovec piece[BATCH];
static unsigned char payload[BATCH][SIZE];
static unsigned long nsent, nreceived;

static void die(const char *what, int err)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-err));
	exit(1);
}

static int open_socket(struct sockaddr_in *a, int bound)
{
	socklen_t len = sizeof(*a);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || (bound && (bind(fd, (struct sockaddr *)a, len) ||
				 getsockname(fd, (struct sockaddr *)a, &len))))
		die("socket", -errno);
	return fd;
}

static void make_sender(int fd, const struct sockaddr_in *to)
{
	size_t size = segoff_udp_tx_size(NULL);
	int err;

	tx = segoff_udp_tx_init(malloc(size), size, fd, NULL, &err);
	if (!tx)
		die("sender", err);
	for (int i = 0; i < BATCH; i++) {
		piece[i].iov_base = payload[i];
		piece[i].iov_len = SIZE;
		dgram[i].iov = &piece[i];
		dgram[i].niov = 1;
		dgram[i].to = (const struct sockaddr *)to;
	}
}

static void make_receiver(int fd)
{
	struct segoff_udp_rx_opts o = { 0 };
	size_t size;
	int err;

	o.sz = sizeof(o);
	o.size = SEGOFF_UDP_BUFFER;
	o.nbuf = NBUF;
	o.buf = malloc(NBUF * (size_t)SEGOFF_UDP_BUFFER);
	size = segoff_udp_rx_size(&o);
	rx = segoff_udp_rx_init(malloc(size), size, fd, &o, &err);
	if (!rx)
		die("receiver", err);
}

/* Send a batch; true if there is no room for all of it. */
static int send_some(void)
{
	size_t n = TOTAL - nsent < BATCH ? TOTAL - nsent : BATCH;

	if (!n)
		return 0;
	segoff_udp_send(tx, dgram, n, &sent);
	nsent += sent.taken;
	if (sent.error == -ENOBUFS)
		usleep(1000);
	else if (sent.error && sent.error != -EAGAIN && sent.error != -EINTR)
		die("send", sent.error);
	return sent.error == -EAGAIN;
}

static void receive_all(void)
{
	struct segoff_udp_train train[NBUF];
	ssize_t n;

	while ((n = segoff_udp_recv(rx, train, NBUF)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			if (train[i].error)
				die("datagrams lost", train[i].error);
			for (uint32_t k = 0; k < train[i].count; k++)
				nreceived += segoff_udp_datagram(&train[i], k)
						     .iov_len == SIZE;
		}
	if (n != -EAGAIN && n != -EINTR)
		die("receive", (int)n);
}

/* Ask for room only while there is none, or the loop spins. */
static void watch(int ep, int op, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data = { .fd = fd } };

	if (epoll_ctl(ep, op, fd, &e))
		die("epoll", -errno);
}

int main(void)
{
	struct sockaddr_in to = { 0 }, from = { 0 };
	int in = open_socket(&to, 1), out = open_socket(&from, 0);
	int ep = epoll_create1(EPOLL_CLOEXEC);
	struct segoff_udp_tx_info i;
	struct epoll_event e;

	make_receiver(in);
	make_sender(out, &to);
	watch(ep, EPOLL_CTL_ADD, in, EPOLLIN);
	watch(ep, EPOLL_CTL_ADD, out, 0);
	while (nreceived < TOTAL) {
		watch(ep, EPOLL_CTL_MOD, out, send_some() ? EPOLLOUT : 0);
		if (epoll_wait(ep, &e, 1, 1000) <= 0)
			break;
		receive_all();
	}
	segoff_udp_tx_info(tx, &i);
	printf("sent %lu datagrams, %llu of them in %llu trains, by %llu "
	       "calls; received %lu\n",
	       nsent, (unsigned long long)i.in_trains,
	       (unsigned long long)i.trains, (unsigned long long)i.calls,
	       nreceived);
	return nreceived != TOTAL;
}

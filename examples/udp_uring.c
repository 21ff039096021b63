/* SPDX-License-Identifier: MIT */
/*
 * udp_uring.c - many datagrams over loopback, in trains, with io_uring
 *
 *	cc udp_uring.c $(pkg-config --cflags --libs libsegoff liburing)
 *
 * The library makes its system calls through a table, and here one of them,
 * sendmmsg(), is io_uring: a batch of messages is one chain of requests. A
 * chain ends where one fails, just as sendmmsg() does, so nothing else changes:
 * what was taken is known exactly, and paths learn from errors as ever.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <segoff/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOTAL  100000
#define TRAIN  44
#define TRAINS 4
#define SIZE   1200
#define NBUF   8
#define RING   64

static struct io_uring sending, waiting;
static struct segoff_udp_sys sys;
static struct segoff_udp_tx *tx;
static struct segoff_udp_rx *rx;
static struct segoff_udp_dgram dgram[TRAINS * TRAIN];
static struct iovec piece[TRAINS * TRAIN];
static unsigned char payload[TRAINS * TRAIN][SIZE];
static unsigned long nsent, nreceived, chains;

static void die(const char *what, int err)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-err));
	exit(err == -ENOSYS || err == -EPERM ? 77 : 1);
}

/* What became of each request of a chain: messages taken, or the error. */
static int gather(unsigned int n)
{
	int result[RING];
	struct io_uring_cqe *cqe;

	for (unsigned int i = 0; i < n; i++) {
		int err = io_uring_wait_cqe(&sending, &cqe);

		if (err)
			return err;
		result[io_uring_cqe_get_data64(cqe)] = cqe->res;
		io_uring_cqe_seen(&sending, cqe);
	}
	for (unsigned int i = 0; i < n; i++)
		if (result[i] < 0)
			return i ? (int)i : result[i];
	return (int)n;
}

static int uring_sendmmsg(void *ctx, int fd, struct mmsghdr *m, unsigned int n,
			  int flags)
{
	int err;

	(void)ctx;
	for (unsigned int i = 0; i < n; i++) {
		struct io_uring_sqe *sqe = io_uring_get_sqe(&sending);

		io_uring_prep_sendmsg(sqe, fd, &m[i].msg_hdr,
				      (unsigned int)flags);
		io_uring_sqe_set_data64(sqe, i);
		if (i + 1 < n)
			io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
	}
	chains++;
	err = io_uring_submit_and_wait(&sending, n);
	return err < 0 ? err : gather(n);
}

static int open_socket(struct sockaddr_in *a, int bound)
{
	socklen_t len = sizeof(*a);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int room = 4 << 20;

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || (bound && (bind(fd, (struct sockaddr *)a, len) ||
				 getsockname(fd, (struct sockaddr *)a, &len))))
		die("socket", -errno);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	return fd;
}

static void make_sender(int fd, const struct sockaddr_in *to)
{
	struct segoff_udp_tx_opts o = { .sz = sizeof(o), .batch = RING };
	size_t size;
	int err;

	sys = *segoff_udp_sys_libc();
	sys.sendmmsg = uring_sendmmsg;
	o.sys = &sys;
	size = segoff_udp_tx_size(&o);
	tx = segoff_udp_tx_init(malloc(size), size, fd, &o, &err);
	if (!tx)
		die("sender", err);
	for (int i = 0; i < TRAINS * TRAIN; i++) {
		piece[i].iov_base = payload[i];
		piece[i].iov_len = SIZE;
		dgram[i].iov = &piece[i];
		dgram[i].niov = 1;
		dgram[i].to = (const struct sockaddr *)to;
		dgram[i].flags = SEGOFF_UDP_TOS;
		dgram[i].tos = (uint16_t)(i / TRAIN % 2);
	}
}

static void make_receiver(int fd)
{
	struct segoff_udp_rx_opts o = { .sz = sizeof(o),
					.size = SEGOFF_UDP_BUFFER,
					.nbuf = NBUF };
	size_t size;
	int err;

	o.buf = malloc(NBUF * (size_t)SEGOFF_UDP_BUFFER);
	size = segoff_udp_rx_size(&o);
	rx = segoff_udp_rx_init(malloc(size), size, fd, &o, &err);
	if (!rx)
		die("receiver", err);
}

/* Wait until a socket is readable or has room, by a poll request. */
static int wait_for(int fd, unsigned int events)
{
	struct __kernel_timespec second = { .tv_sec = 1 };
	struct io_uring_sqe *sqe = io_uring_get_sqe(&waiting);
	struct io_uring_cqe *cqe;
	int err;

	io_uring_prep_poll_add(sqe, fd, events);
	io_uring_submit(&waiting);
	err = io_uring_wait_cqe_timeout(&waiting, &cqe, &second);
	if (!err)
		io_uring_cqe_seen(&waiting, cqe);
	return err;
}

static void receive_all(void)
{
	struct segoff_udp_train train[NBUF];
	ssize_t n;

	while ((n = segoff_udp_recv(rx, train, NBUF)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			if (train[i].error)
				die("datagrams lost", train[i].error);
			nreceived += train[i].count;
		}
}

static void send_some(int fd)
{
	size_t left = TOTAL - nsent, all = TRAINS * TRAIN;
	struct segoff_udp_sent sent;

	segoff_udp_send(tx, dgram, left < all ? left : all, &sent);
	nsent += sent.taken;
	if (sent.error == -EAGAIN)
		wait_for(fd, POLLOUT);
	else if (sent.error && sent.error != -EINTR)
		die("send", sent.error);
}

int main(void)
{
	struct sockaddr_in to = { 0 }, from = { 0 };
	int in = open_socket(&to, 1), out = open_socket(&from, 0);
	struct segoff_udp_tx_info i;
	int err = io_uring_queue_init(RING, &sending, 0);

	if (!err)
		err = io_uring_queue_init(RING, &waiting, 0);
	if (err)
		die("io_uring", err);
	make_receiver(in);
	make_sender(out, &to);
	while (nreceived < TOTAL) {
		if (nsent < TOTAL)
			send_some(out);
		if (wait_for(in, POLLIN))
			break;
		receive_all();
	}
	segoff_udp_tx_info(tx, &i);
	printf("sent %lu datagrams, %llu of them in %llu trains, by %lu chains; "
	       "received %lu\n",
	       nsent, (unsigned long long)i.in_trains,
	       (unsigned long long)i.trains, chains, nreceived);
	return nreceived != TOTAL;
}

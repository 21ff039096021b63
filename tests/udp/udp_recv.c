/* SPDX-License-Identifier: MIT */
/* udp_recv.c - trains that arrive: what they show, and what is refused */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <segoff/udp.h>

#include "../test.h"
#include "rx.h"

#define NBUF 4

static uint8_t buffer[NBUF][SEGOFF_UDP_BUFFER];
static uint64_t memory[1024];
static struct segoff_udp_rx_opts opts;
static struct segoff_udp_train train[NBUF];

static void options(uint32_t flags, size_t size)
{
	opts = (struct segoff_udp_rx_opts){ .sz = sizeof(opts),
					    .flags = flags,
					    .buf = buffer,
					    .size = size,
					    .nbuf = NBUF };
}

/* A message as recvmmsg() leaves it. */
static _Alignas(struct cmsghdr) uint8_t control[SEGOFF__UDP_RX_CONTROL];
static struct iovec piece = { buffer, sizeof(buffer[0]) };
static struct sockaddr_in6 sender;
static struct msghdr message;

static void message_new(void)
{
	message = (struct msghdr){ .msg_name = &sender,
				   .msg_iov = &piece,
				   .msg_iovlen = 1,
				   .msg_control = control };
}

static void says(int level, int type, const void *data, size_t len)
{
	struct cmsghdr c = { .cmsg_len = CMSG_LEN(len),
			     .cmsg_level = level,
			     .cmsg_type = type };

	memset(control + message.msg_controllen, 0xee, CMSG_SPACE(len));
	memcpy(control + message.msg_controllen, &c, sizeof(c));
	memcpy(control + message.msg_controllen + CMSG_LEN(0), data, len);
	message.msg_controllen += CMSG_SPACE(len);
}

static void says_gro(int size)
{
	message_new();
	says(SOL_UDP, UDP_GRO, &size, sizeof(size));
}

static void view(size_t len)
{
	memset(train, 0xee, sizeof(train));
	segoff__udp_view(train, &message, len);
}

static void datagram(uint32_t i, size_t at, size_t len)
{
	struct iovec v = segoff_udp_datagram(train, i);

	ok(v.iov_base == buffer[0] + at);
	eq(v.iov_len, len);
}

static void test_view(void)
{
	test("R-SOCK-6 the size is an int of four bytes; the last is shorter");
	says_gro(1000);
	view(2500);
	eq(train->error, 0);
	eq(train->count, 3);
	datagram(0, 0, 1000);
	datagram(1, 1000, 1000);
	datagram(2, 2000, 500);
	eq(train->tos, -1);
	ok(train->from == (struct sockaddr *)&sender);

	test("R-SOCK-6 without it there is one datagram, an empty one, too");
	message_new();
	view(2500);
	eq(train->count, 1);
	datagram(0, 0, 2500);
	view(0);
	eq(train->count, 1);
	datagram(0, 0, 0);

	test("sizes that make no sense are one datagram");
	says_gro(0);
	view(2500);
	eq(train->count, 1);
	says_gro(-5);
	view(2500);
	eq(train->count, 1);
	datagram(0, 0, 2500);
	says_gro(2500);
	view(2500);
	eq(train->count, 1);
	says_gro(1);
	view(65535);
	eq(train->count, 65535);
	datagram(65534, 65534, 1);
}

static void test_cut(void)
{
	test("MSG_TRUNC: an error, and no datagram of it is shown");
	says_gro(1000);
	message.msg_flags = MSG_TRUNC;
	view(2500);
	eq(train->error, -EMSGSIZE);
	eq(train->count, 0);

	test("MSG_CTRUNC: likewise, for the boundaries may be lost");
	says_gro(1000);
	message.msg_flags = MSG_CTRUNC;
	view(2500);
	eq(train->error, -ENOBUFS);
	eq(train->count, 0);
}

static void test_attributes(void)
{
	const struct in_pktinfo at4 = { .ipi_ifindex = 3,
					.ipi_addr = { htonl(0x7f000001) } };
	const struct in6_pktinfo at6 = { .ipi6_addr = IN6ADDR_LOOPBACK_INIT,
					 .ipi6_ifindex = 4 };
	struct timespec ts = { 5, 6 };
	int tclass = 0xb9, drops = -1, size = 1000;
	uint8_t tos = 3;

	test("all attributes, in any order, among others that are not known");
	message_new();
	says(SOL_SOCKET, 4711, &ts, sizeof(ts));
	says(SOL_SOCKET, SCM_TIMESTAMPNS, &ts, sizeof(ts));
	says(IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	says(SOL_UDP, UDP_GRO, &size, sizeof(size));
	says(IPPROTO_IP, IP_PKTINFO, &at4, sizeof(at4));
	says(SOL_SOCKET, SO_RXQ_OVFL, &drops, sizeof(drops));
	view(2000);
	eq(train->count, 2);
	eq(train->tos, 3);
	eq(train->time, 5000000006);
	eq(train->ifindex, 3);
	eq(train->drops, UINT32_MAX);
	ok(IN6_IS_ADDR_V4MAPPED(&train->dst));
	eq(train->dst.s6_addr[15], 1);

	test("IPv6: traffic class is an int");
	message_new();
	says(IPPROTO_IPV6, IPV6_TCLASS, &tclass, sizeof(tclass));
	says(IPPROTO_IPV6, IPV6_PKTINFO, &at6, sizeof(at6));
	view(2000);
	eq(train->tos, 0xb9);
	eq(train->ifindex, 4);
	mem_eq(&train->dst, 16, &in6addr_loopback, 16);

	test("control messages cut short are left alone");
	message_new();
	says(IPPROTO_IP, IP_PKTINFO, &at4, 4);
	says(IPPROTO_IPV6, IPV6_PKTINFO, &at6, 4);
	says(SOL_SOCKET, SCM_TIMESTAMPNS, &ts, 4);
	says(SOL_UDP, UDP_GRO, &size, 0);
	view(2000);
	eq(train->count, 1);
	eq(train->ifindex, 0);
	eq(train->time, 0);
}

static void refused(size_t size, int why)
{
	int err = 0, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ok(!segoff_udp_rx_init(memory, size, fd, &opts, &err));
	eq(err, why);
	close(fd);
}

static void test_refused(void)
{
	test("buffers that the kernel could truncate are refused");
	options(0, SEGOFF_UDP_BUFFER - 1);
	refused(sizeof(memory), -EMSGSIZE);
	options(SEGOFF_UDP_RX_PLAIN, 2048);
	refused(sizeof(memory), -EMSGSIZE);
	options(SEGOFF_UDP_RX_SHORT, 2048);
	refused(sizeof(memory), -EMSGSIZE);

	test("and options that make no sense, and too little memory");
	options(1u << 9, SEGOFF_UDP_BUFFER);
	eq(segoff_udp_rx_size(&opts), 0);
	refused(sizeof(memory), -EINVAL);
	options(0, SEGOFF_UDP_BUFFER);
	opts.nbuf = 0;
	refused(sizeof(memory), -EINVAL);
	opts.nbuf = 1025;
	refused(sizeof(memory), -EINVAL);
	eq(segoff_udp_rx_size(NULL), 0);
	options(0, SEGOFF_UDP_BUFFER);
	ok(segoff_udp_rx_size(&opts) <= sizeof(memory));
	refused(segoff_udp_rx_size(&opts) - 1, -ENOSPC);
}

/* Two sockets on loopback; @from is connected to @to. */
static struct {
	int from, to;
	struct segoff_udp_rx *rx;
} pair;

static bool pair_open(int family)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
				  .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in b = { .sin_family = AF_INET,
				 .sin_addr = { htonl(INADDR_LOOPBACK) } };
	bool v4 = family == AF_INET;
	struct sockaddr *sa = v4 ? (struct sockaddr *)&b :
				   (struct sockaddr *)&a;
	socklen_t len = v4 ? sizeof(b) : sizeof(a);
	int err = 0;

	pair.from = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	pair.to = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(pair.to, sa, len) || getsockname(pair.to, sa, &len) ||
	    connect(pair.from, sa, len))
		return false;
	pair.rx = segoff_udp_rx_init(memory, sizeof(memory), pair.to, &opts,
				     &err);
	eq(err, 0);
	return pair.rx != NULL;
}

static void pair_close(void)
{
	close(pair.from);
	close(pair.to);
}

static uint64_t tx_memory[8192];

/* Seven datagrams of 1000 bytes and one of 300, in a train. */
static void pair_send(void)
{
	static uint8_t data[8][1000];
	struct iovec v[8];
	struct segoff_udp_dgram d[8] = { 0 };
	struct segoff_udp_tx *t = segoff_udp_tx_init(
		tx_memory, sizeof(tx_memory), pair.from, NULL, NULL);

	for (size_t i = 0; i < 8; i++) {
		memset(data[i], (int)i, sizeof(data[i]));
		v[i].iov_base = data[i];
		v[i].iov_len = i < 7 ? 1000 : 300;
		d[i].iov = &v[i];
		d[i].niov = 1;
		d[i].flags = SEGOFF_UDP_TOS;
		d[i].tos = 2;
	}
	ok(t != NULL);
	if (t)
		eq(segoff_udp_send(t, d, 8, NULL), 8);
}

/* Datagrams as they come, in trains or alone. */
static void pair_recv(size_t want_messages)
{
	size_t seen = 0, messages = 0;

	while (seen < 8 && !test_state.bad) {
		struct pollfd p = { .fd = pair.to, .events = POLLIN };
		ssize_t n = poll(&p, 1, 1000) == 1 ?
				    segoff_udp_recv(pair.rx, train, NBUF) :
				    -ETIMEDOUT;

		if (!ok(n > 0))
			return;
		messages += (size_t)n;
		for (ssize_t k = 0; k < n; k++) {
			eq(train[k].error, 0);
			eq(train[k].tos, 2);
			ok(train[k].time > 0);
			ok(train[k].ifindex > 0);
			for (uint32_t i = 0; i < train[k].count; i++, seen++) {
				struct iovec v =
					segoff_udp_datagram(&train[k], i);

				eq(v.iov_len, seen < 7 ? 1000 : 300);
				eq(*(uint8_t *)v.iov_base, seen);
			}
		}
	}
	eq(messages, want_messages);
}

#define ALL                                                           \
	(SEGOFF_UDP_RX_DST | SEGOFF_UDP_RX_TOS | SEGOFF_UDP_RX_TIME | \
	 SEGOFF_UDP_RX_DROPS | SEGOFF_UDP_RX_DONTWAIT)

static void test_sockets(int family)
{
	struct segoff_udp_rx_info i;

	options(ALL, SEGOFF_UDP_BUFFER);
	if (!pair_open(family)) {
		skip("no such loopback address");
		pair_close();
		return;
	}
	segoff_udp_rx_info(pair.rx, &i);
	pair_send();
	pair_recv(i.gro ? 1 : 8);
	eq(segoff_udp_recv(pair.rx, train, NBUF), -EAGAIN);
	eq(segoff_udp_recv(pair.rx, train, 0), 0);
	segoff_udp_rx_info(pair.rx, &i);
	eq(i.datagrams, 8);
	eq(i.bytes, 7300);
	pair_close();
}

static void test_plain(void)
{
	struct segoff_udp_rx_info i;

	test("R-SOCK-7 the same interface without UDP_GRO");
	options(ALL | SEGOFF_UDP_RX_PLAIN | SEGOFF_UDP_RX_SHORT, 1000);
	ok(pair_open(AF_INET));
	pair_send();
	pair_recv(8);
	segoff_udp_rx_info(pair.rx, &i);
	eq(i.gro, false);
	pair_close();

	test("PLAIN switches UDP_GRO off where somebody has switched it on");
	options(ALL | SEGOFF_UDP_RX_PLAIN | SEGOFF_UDP_RX_SHORT, 1000);
	ok(pair_open(AF_INET));
	setsockopt(pair.to, SOL_UDP, UDP_GRO, &(int){ 1 }, sizeof(int));
	ok(segoff_udp_rx_init(memory, sizeof(memory), pair.to, &opts, NULL));
	pair_send();
	pair_recv(8);
	pair_close();

	test("SHORT: a datagram above what was promised is lost, and it says so");
	options(ALL | SEGOFF_UDP_RX_PLAIN | SEGOFF_UDP_RX_SHORT, 999);
	ok(pair_open(AF_INET));
	eq(send(pair.from, buffer, 1000, 0), 1000);
	eq(segoff_udp_recv(pair.rx, train, NBUF), 1);
	eq(train->error, -EMSGSIZE);
	eq(train->count, 0);
	segoff_udp_rx_info(pair.rx, &i);
	eq(i.truncated, 1);
	eq(i.datagrams, 0);
	pair_close();
}

static int no_recvmmsg(void *ctx, int fd, struct mmsghdr *m, unsigned int n,
		       int flags)
{
	(void)ctx;
	(void)fd;
	(void)m;
	(void)n;
	(void)flags;
	return -ENOSYS;
}

/* The second call of three tells of an earlier datagram. */
static ssize_t refused_second(void *ctx, int fd, struct msghdr *m, int flags)
{
	unsigned int *calls = ctx;

	if (++*calls == 2)
		return -ECONNREFUSED;
	return segoff_udp_sys_libc()->recvmsg(NULL, fd, m, flags);
}

static void test_old(void)
{
	struct segoff_udp_sys sys = *segoff_udp_sys_libc();
	unsigned int calls = 0;

	test("without recvmmsg() by recvmsg()");
	options(ALL | SEGOFF_UDP_RX_PLAIN | SEGOFF_UDP_RX_SHORT, 2000);
	sys.recvmmsg = no_recvmmsg;
	opts.sys = &sys;
	ok(pair_open(AF_INET));
	pair_send();
	pair_recv(8);
	pair_close();

	test("an error behind a message is told by the next call, once");
	sys.recvmsg = refused_second;
	sys.ctx = &calls;
	ok(pair_open(AF_INET));
	eq(send(pair.from, buffer, 10, 0), 10);
	eq(send(pair.from, buffer, 11, 0), 11);
	eq(segoff_udp_recv(pair.rx, train, NBUF), 1);
	eq(train->len, 10);
	eq(segoff_udp_recv(pair.rx, train, NBUF), -ECONNREFUSED);
	eq(segoff_udp_recv(pair.rx, train, NBUF), 1);
	eq(train->len, 11);
	eq(segoff_udp_recv(pair.rx, train, NBUF), -EAGAIN);
	pair_close();
}

int main(void)
{
	test_view();
	test_cut();
	test_attributes();
	test_refused();
	test("R-SOCK-6 a train over loopback, IPv4");
	test_sockets(AF_INET);
	test("R-SOCK-6 a train over loopback, IPv6");
	test_sockets(AF_INET6);
	test_plain();
	test_old();
	return test_end();
}

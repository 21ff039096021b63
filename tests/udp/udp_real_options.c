/* SPDX-License-Identifier: MIT */
/* udp_real_options.c - what sockets, devices and limits of memory may say */
#include "real.h"

#include <fcntl.h>
#include <netinet/ip.h>

#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif

/* A device that cuts less, or nothing: the kernel does it, nothing changes. */
static void test_devices(void)
{
	static const char *const less[] = {
		"ethtool -K v0 tx-udp-segmentation off",
		"ethtool -K v0 gso off",
		"ethtool -K v0 sg off",
		"ip link set v0 gso_max_segs 4",
		"ip link set v0 gso_max_size 8192",
	};

	for (size_t i = 0; i < sizeof(less) / sizeof(*less); i++) {
		test("a device that can do less: trains are taken");
		real_start(AF_INET, AF_INET);
		if (!net_here(less[i])) {
			skip(less[i]);
			continue;
		}
		make_many(v4(2), 44, 1472);
		make(v4(2), 700);
		real_sent();
		eq(sent.in_trains, 45);
		path_is(v4(2), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);
	}
	net_here("ethtool -K v0 sg on gso on tx-udp-segmentation on;"
		 "ip link set v0 gso_max_segs 65535 gso_max_size 65536");
}

/*
 * Before Linux 6.11 a datagram with IPv6 options has its checksum made in
 * software, and that is EIO for a train.
 */
static bool no_trains_behind_options(void)
{
	if (path_of(v6(2, false)).reason != SEGOFF_UDP_R_EIO)
		return false;
	ok(!real_since(6, 11));
	eq(path_of(v6(2, false)).state, SEGOFF_UDP_DISABLED);
	return true;
}

static void test_discover(void)
{
	test("R-SOCK-2 PMTUDISC_PROBE looks at the device's MTU alone");
	real_start(AF_INET, AF_INET);
	ok(net_here("ip route replace 10.0.0.2 dev v0 mtu 1300"));
	real_option(real_fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
	make_many(v4(2), 20, 1400);
	real_sent();
	eq(sent.trains, 1);

	test("R-SOCK-2 options of IPv6 take room: 1452 does not fit, 1444 does");
	real_start(AF_INET6, AF_INET6);
	eq(setsockopt(real_fd, IPPROTO_IPV6, IPV6_DSTOPTS, "\0\0\1\4\0\0\0\0",
		      8),
	   0);
	make_many(v6(2, false), 4, 1452);
	real_sent();
	eq(sent.trains, 0);
	real_too_large(v6(2, false));
	segoff_udp_tell(tx, NULL, SEGOFF_UDP_ROUTE_CHANGED);
	make_none();
	make_many(v6(2, false), 4, 1444);
	real_sent();
	if (!no_trains_behind_options())
		eq(sent.trains, 1);
}

static void test_many(void)
{
	struct sockaddr_in group = { .sin_family = AF_INET,
				     .sin_port = htons(4433),
				     .sin_addr = { htonl(0xe8010203) } };

	test("broadcast and multicast addresses take trains");
	real_start(AF_INET, AF_INET);
	real_option(real_fd, SOL_SOCKET, SO_BROADCAST, 1);
	make_many(v4(255), 20, 1000);
	real_sent();
	eq(sent.trains, 1);
	real_start(AF_INET, AF_INET);
	ok(net_here("ip route replace 232.0.0.0/8 dev v0"));
	make_many((struct sockaddr *)&group, 20, 1000);
	eq(make_send(), 20);
	eq(sent.trains, 1);
	net_here("ip route del 232.0.0.0/8");
}

/* Each datagram in ten pieces that do not adjoin. */
static void in_pieces(size_t n)
{
	static struct iovec v[1100];

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < 10; k++)
			v[i * 10 + k] = (struct iovec){
				(uint8_t *)piece[i].iov_base + k * 20, 10
			};
		dgram[i].iov = v + i * 10;
		dgram[i].niov = 10;
	}
}

static void test_pieces(void)
{
	static struct iovec v[1025];

	test("more than 1024 pieces: not in one message, all arrive");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 110, 200);
	in_pieces(110);
	ncame = 0;
	eq(make_send(), 110);
	ok(sent.trains >= 2);
	real_recv(110);
	eq(ncame, 110);
	for (size_t i = 0; i < ncame; i++) {
		eq(came[i].len, 100);
		eq(came[i].mark, i);
	}
	test("one datagram of so many: EMSGSIZE");
	make_none();
	make(v4(2), 1025);
	for (size_t i = 0; i < 1025; i++)
		v[i] = (struct iovec){ payload + i, 1 };
	dgram->iov = v;
	dgram->niov = 1025;
	real_fails(EMSGSIZE);
	eq(path_of(v4(2)).state, SEGOFF_UDP_ACTIVE);
}

/* UDP-Lite has the option, and no trains: what old devices and IPsec say. */
static void test_eio(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);
	struct pollfd p = { .events = POLLIN };
	uint8_t got[2000];
	size_t n = 0;
	int fd;

	test("EIO: disabled, all arrives, and it is said why");
	real_start(AF_INET, AF_INET);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDPLITE);
	if (fd < 0) {
		skip("no UDP-Lite");
		return;
	}
	eq(bind(fd, (struct sockaddr *)&a, len), 0);
	eq(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	close(real_fd);
	real_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDPLITE);
	real_sender();
	make_many((struct sockaddr *)&a, 44, 1000);
	eq(make_send(), 44);
	eq(sent.trains, 0);
	path_is((struct sockaddr *)&a, SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EIO);
	eq(path_of((struct sockaddr *)&a).last_errno, EIO);
	p.fd = fd;
	while (n < 44 && poll(&p, 1, 2000) == 1 &&
	       recv(fd, got, sizeof(got), MSG_DONTWAIT) == 1000)
		n++;
	eq(n, 44);
	close(fd);
}

static void test_zerocopy_memory(void)
{
	struct segoff_udp_tx_info i;

	test("MSG_ZEROCOPY, no memory for completions: sent again, copied");
	real_start(AF_INET, AF_INET);
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY;
	if (!net_here("echo 4096 > /proc/sys/net/core/optmem_max && "
		      "tc qdisc replace dev v0 root tbf rate 800mbit "
		      "burst 70000 latency 5s")) {
		skip("no tbf, or no optmem_max in a namespace");
		return;
	}
	close(real_fd);
	real_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	real_option(real_fd, SOL_SOCKET, SO_SNDBUFFORCE, 16 << 20);
	real_sender();
	make_many(v4(2), 44 * 20, 1472);
	real_sent();
	eq(sent.in_trains, 44 * 20);
	ok(sent.zerocopy < 20);
	segoff_udp_tx_info(tx, &i);
	eq(i.count[SEGOFF_UDP_R_NOBUFS], 0);

	test("and on pieces that lie on too many pages it is not asked for");
	real_start(AF_INET, AF_INET);
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY;
	real_sender();
	make_many(v4(2), 36, 1000);
	for (size_t k = 0; k < 36; k++) {
		memcpy(payload + (1 << 20) + k * 8192, piece[k].iov_base, 1000);
		piece[k].iov_base = payload + (1 << 20) + k * 8192;
	}
	real_sent();
	eq(sent.trains, 1);
	eq(sent.zerocopy, 0);
}

/* Options of the sender's (of an unknown kind) that do not fit the room for control messages. */
static void test_control_cut(void)
{
	static uint8_t option[512] = { 0, 63, 0x1e, 253, [257] = 0x1e, 253 };
	struct segoff_udp_train train[4];
	struct segoff_udp_rx_info i;
	struct pollfd p = { .events = POLLIN };
	ssize_t n;

	test("MSG_CTRUNC for real: an error, counted, no datagram is shown");
	real_start(AF_INET6, AF_INET6);
	real_option(real_far, IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1);
	if (setsockopt(real_fd, IPPROTO_IPV6, IPV6_DSTOPTS, option,
		       sizeof(option))) {
		skip("no option of that length");
		return;
	}
	make_many(v6(2, false), 3, 500);
	eq(make_send(), 3);
	if (!no_trains_behind_options())
		eq(sent.trains, 1);
	p.fd = real_far;
	eq(poll(&p, 1, 2000), 1);
	n = segoff_udp_recv(real_rx, train, 4);
	ok(n == 1 || n == 3);
	for (ssize_t k = 0; k < n; k++) {
		eq(train[k].error, -ENOBUFS);
		eq(train[k].count, 0);
	}
	segoff_udp_rx_info(real_rx, &i);
	eq(i.control_truncated, n);
	eq(i.datagrams, 0);
}

int main(void)
{
	const char *why = net_open();

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	test_devices();
	test_discover();
	test_many();
	test_pieces();
	test_eio();
	test_zerocopy_memory();
	test_control_cut();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/* udp_real.c - what this kernel accepts, and what arrives of it over a veth */
#include "real.h"

#include <netinet/ip.h>
#include <netinet/udp.h>
#include <time.h>

/* Whole trains, of the most that the family takes. */
static void test_trains(void)
{
	test("44 x 1472 over IPv4 is one train");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 44, 1472);
	real_sent();
	eq(sent.trains, 1);
	test("45 x 1452 over IPv6");
	real_start(AF_INET6, AF_INET6);
	make_many(v6(2, false), 45, 1452);
	real_sent();
	eq(sent.trains, 1);
	test("44 x 1472 to a v4-mapped address");
	real_start(AF_INET6, AF_INET);
	make_many(v6(2, true), 44, 1472);
	real_sent();
	eq(sent.trains, 1);

	test("R-SOCK-7 a receiver without UDP_GRO gets single datagrams");
	real_start(AF_INET, AF_INET);
	real_listen(AF_INET, SEGOFF_UDP_RX_PLAIN);
	make_many(v4(2), 44, 1472);
	make(v4(2), 10);
	real_sent();
}

static void test_connected(void)
{
	test("a connected socket, IPv4");
	real_start(AF_INET, AF_INET);
	eq(connect(real_fd, v4(2), sizeof(struct sockaddr_in)), 0);
	make_many(NULL, 44, 1472);
	real_sent();
	eq(sent.trains, 1);
	test("R-SOCK-4 connected to a v4-mapped address: IPv4's ceiling");
	real_start(AF_INET6, AF_INET);
	eq(connect(real_fd, v6(2, true), sizeof(struct sockaddr_in6)), 0);
	make_many(NULL, 63, 1040);
	real_sent();
	eq(sent.in_trains, 62);

	test("R-SOCK-5 by the socket option, and a plain one is not cut by it");
	real_start(AF_INET, AF_INET);
	eq(connect(real_fd, v4(2), sizeof(struct sockaddr_in)), 0);
	make_opts.flags = SEGOFF_UDP_TX_OPTION;
	real_sender();
	make_many(NULL, 88, 1472);
	real_sent();
	real_sent();
	eq(sent.trains, 2);
	make_none();
	make_many(NULL, 10, 1472);
	make(NULL, 3000);
	make_many(NULL, 10, 700);
	real_sent();
	make_none();
	make(NULL, 3000);
	real_sent();
	segoff_udp_tx_end(tx);
}

static void test_limits(void)
{
	struct segoff_udp_tx_info i;

	test("R-SOCK-3 64 or 128 datagrams: learnt, all arrive");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 300, 100);
	real_sent();
	segoff_udp_tx_info(tx, &i);
	ok(i.segs == 64 || i.segs == 128);
	eq(i.count[SEGOFF_UDP_R_SEGS], i.segs == 64);
	eq(sent.trains, i.segs == 64 ? 5 : 3);

	test("R-SOCK-4 what adds up to 65520 is not disabled by it");
	make_none();
	make_many(v4(2), 63, 1040);
	real_sent();
	eq(sent.in_trains, 62);
	path_is(v4(2), SEGOFF_UDP_ACTIVE,
		i.segs == 64 ? SEGOFF_UDP_R_SEGS : SEGOFF_UDP_R_TRAIN);
	test("R-SOCK-4 65507 in one, and 65508 is refused");
	make_none();
	make_many(v4(2), 45, 1455);
	make(v4(2), 32);
	real_sent();
	eq(sent.trains, 1);
	make_none();
	make(v4(2), 65508);
	real_fails(EMSGSIZE);
	test("R-SOCK-4 65527 over IPv6");
	real_start(AF_INET6, AF_INET6);
	make_many(v6(2, false), 45, 1452);
	make(v6(2, false), 187);
	real_sent();
	eq(sent.trains, 1);

	test("one datagram, an empty one, one above the MTU: plainly");
	real_start(AF_INET, AF_INET);
	make(v4(2), 1000);
	make(v4(2), 0);
	make(v4(2), 0);
	make(v4(2), 4000);
	make(v4(2), 5000);
	real_sent();
	eq(sent.trains, 0);
}

/* Trains of this size are refused, and what is learnt is at most @fits. */
static void teaches(const struct sockaddr *to, size_t size, uint32_t fits)
{
	uint32_t max;

	make_none();
	make_many(to, 4, size);
	real_sent();
	eq(sent.trains, 0);
	real_too_large(to);
	if (path_of(to).state == SEGOFF_UDP_DISABLED)
		return;
	max = path_of(to).max_size;
	ok(max >= fits && max < size);
	make_none();
	make_many(to, 4, fits);
	real_sent();
	eq(sent.trains, 1);
}

static void test_mtu(void)
{
	int mode = IP_PMTUDISC_DO;

	test("R-SOCK-2 1473 does not fit, arrives in fragments; 1472 in trains");
	real_start(AF_INET, AF_INET);
	teaches(v4(2), 1473, 1472);
	test("R-SOCK-2 1453 and 1452 over IPv6");
	real_start(AF_INET6, AF_INET6);
	teaches(v6(2, false), 1453, 1452);
	test("R-SOCK-2 the route's MTU counts");
	real_start(AF_INET, AF_INET);
	ok(net_here("ip route replace 10.0.0.2 dev v0 mtu 1300"));
	teaches(v4(2), 1400, 1272);
	test("R-SOCK-2 and a connected socket is asked for it");
	real_start(AF_INET, AF_INET);
	ok(net_here("ip route replace 10.0.0.2 dev v0 mtu 1300"));
	eq(connect(real_fd, v4(2), sizeof(struct sockaddr_in)), 0);
	make_many(NULL, 4, 1400);
	real_sent();
	make_none();
	make_many(NULL, 4, 1272);
	real_sent();
	eq(sent.trains, 1);

	test("R-SOCK-2 fragments forbidden: EMSGSIZE is the caller's");
	real_start(AF_INET, AF_INET);
	real_option(real_fd, IPPROTO_IP, IP_MTU_DISCOVER, mode);
	make_many(v4(2), 4, 1473);
	real_fails(EMSGSIZE);
	if (real_above_mtu() == EMSGSIZE)
		path_is(v4(2), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_SIZE);
	else
		path_is(v4(2), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_INNOCENT);

	test("R-SOCK-2 IP options take room: 1472 does not fit, 1468 does");
	real_start(AF_INET, AF_INET);
	eq(setsockopt(real_fd, IPPROTO_IP, IP_OPTIONS, "\1\1\1\0", 4), 0);
	teaches(v4(2), 1472, 1468);
	test("R-SOCK-4 and room at the ceiling: trains get shorter, no more");
	real_start(AF_INET, AF_INET);
	eq(setsockopt(real_fd, IPPROTO_IP, IP_OPTIONS, "\1\1\1\0", 4), 0);
	make_many(v4(2), 45, 1455);
	make(v4(2), 32);
	real_sent();
	eq(sent.in_trains, 46);
	path_is(v4(2), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_BYTES);
}

static void test_loopback(void)
{
	const struct sockaddr_in in = { .sin_family = AF_INET,
					.sin_port = htons(9),
					.sin_addr = { htonl(0x7f000001) } };
	const struct sockaddr *lo = (const struct sockaddr *)&in;

	test("loopback's answer is not taken for another path's");
	real_start(AF_INET, AF_INET);
	make_many(lo, 2, 30000);
	eq(make_send(), 2);
	eq(sent.trains, 1);
	teaches(v4(2), 1473, 1472);
	path_is(lo, SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);
}

static void check_tos(void)
{
	for (size_t i = 0; i < ndgram; i++) {
		dgram[i].flags = SEGOFF_UDP_TOS;
		dgram[i].tos = (uint16_t)(i / 10);
	}
	real_sent();
	eq(sent.trains, 4);
	for (size_t i = 0; i < ncame; i++)
		eq(came[i].tos, i / 10);
}

static void test_cmsg(void)
{
	test("R-SOCK-1 ECN arrives as it was given: IPv4, IPv6, v4-mapped");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 40, 1000);
	check_tos();
	real_start(AF_INET6, AF_INET6);
	make_many(v6(2, false), 40, 1000);
	check_tos();
	real_start(AF_INET6, AF_INET);
	make_many(v6(2, true), 40, 1000);
	check_tos();

	test("a TOS that is none: EINVAL either way, trains are innocent");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 4, 1000);
	for (size_t i = 0; i < 4; i++) {
		dgram[i].flags = SEGOFF_UDP_TOS;
		dgram[i].tos = 256;
	}
	real_fails(EINVAL);
	path_is(v4(2), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_INNOCENT);

	test("a source address of ours, both families");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 4, 1000);
	for (size_t i = 0; i < 4; i++)
		dgram[i].from = v4(1);
	real_sent();
	eq(sent.trains, 1);
	real_start(AF_INET6, AF_INET6);
	make_many(v6(2, false), 4, 1000);
	for (size_t i = 0; i < 4; i++)
		dgram[i].from = v6(1, false);
	real_sent();
	eq(sent.trains, 1);

	test("an interface that is not there: ENODEV");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 4, 1000);
	for (size_t i = 0; i < 4; i++)
		dgram[i].ifindex = 9999;
	real_fails(ENODEV);
}

static void test_checksum(void)
{
	test("R-SOCK-3 checksums switched off: EINVAL for trains alone");
	real_start(AF_INET, AF_INET);
	real_option(real_fd, SOL_SOCKET, SO_NO_CHECK, 1);
	make_many(v4(2), 44, 1472);
	real_sent();
	eq(sent.trains, 0);
	path_is(v4(2), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EINVAL);
	test("R-SOCK-3 the same over IPv6");
	real_start(AF_INET6, AF_INET6);
	real_option(real_fd, SOL_UDP, UDP_NO_CHECK6_TX, 1);
	real_option(real_far, SOL_UDP, UDP_NO_CHECK6_RX, 1);
	make_many(v6(2, false), 44, 1452);
	real_sent();
	path_is(v6(2, false), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EINVAL);

	test("a device without checksum offload: all arrives, in trains or not");
	real_start(AF_INET, AF_INET);
	if (net_here("ethtool -K v0 tx off")) {
		make_many(v4(2), 44, 1472);
		make(v4(2), 1400);
		real_sent();
		net_here("ethtool -K v0 tx on");
	} else {
		skip("no ethtool");
	}
}

static void test_cork(void)
{
	test("R-SOCK-5 corked one by one, they leave as one train");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 44, 1472);
	for (size_t i = 0; i < 44; i++)
		eq(segoff_udp_cork(tx, &dgram[i]), 0);
	real_recv(0);
	eq(ncame, 0);
	eq(segoff_udp_push(tx, &sent), 44);
	eq(sent.trains, 1);
	real_recv(44);
	all_came();

	test("a train that the kernel refuses at the push: nothing is lost");
	real_start(AF_INET, AF_INET);
	make_many(v4(2), 5, 1473);
	for (size_t i = 0; i < 5; i++)
		eq(segoff_udp_cork(tx, &dgram[i]), 0);
	eq(segoff_udp_push(tx, &sent), 5);
	real_recv(5);
	all_came();

	test("what is dropped is not joined to what comes next");
	real_start(AF_INET6, AF_INET6);
	make_many(v6(2, false), 5, 1000);
	for (size_t i = 0; i < 5; i++)
		eq(segoff_udp_cork(tx, &dgram[i]), 0);
	eq(segoff_udp_drop(tx, 5), 0);
	make_none();
	make(v6(2, false), 700);
	real_sent();
}

static void test_zerocopy(void)
{
	struct segoff_udp_tx_info i;

	test("MSG_ZEROCOPY: completions come, and a copying path ends its use");
	real_start(AF_INET, AF_INET);
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY;
	real_sender();
	segoff_udp_tx_info(tx, &i);
	if (!i.zerocopy) {
		skip("no MSG_ZEROCOPY");
		return;
	}
	make_many(v4(2), 44 * 20, 1472);
	for (unsigned int k = 0; k < 3; k++)
		real_sent();
	for (unsigned int k = 0; k < 200; k++) {
		if (segoff_udp_reap(tx) == sent.zerocopy)
			break;
		usleep(5000);
	}
	eq(segoff_udp_reap(tx), sent.zerocopy);
	segoff_udp_tx_info(tx, &i);
	ok(i.completed > 0);
	eq(i.zerocopy, i.copied < 8);
}

static void test_txtime(void)
{
	test("SO_TXTIME: a time for each train");
	real_start(AF_INET, AF_INET);
	make_opts.flags = SEGOFF_UDP_TX_TXTIME;
	make_opts.clock = CLOCK_MONOTONIC;
	real_sender();
	make_many(v4(2), 20, 1000);
	for (size_t i = 0; i < 20; i++)
		dgram[i].txtime = segoff_udp_sys_libc()->now(NULL) + i / 10;
	for (size_t i = 0; i < 20; i++)
		dgram[i].txtime = dgram[i / 10 * 10].txtime;
	real_sent();
	eq(sent.trains, 2);
}

int main(void)
{
	const char *why = net_open();

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	test_trains();
	test_connected();
	test_limits();
	test_mtu();
	test_loopback();
	test_cmsg();
	test_checksum();
	test_cork();
	test_zerocopy();
	test_txtime();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/* udp_real_errors.c - errors of this kernel, and what changes under a stream */
#include "real.h"

#include <fcntl.h>
#include <linux/net_tstamp.h>

static void test_refused(void)
{
	struct sockaddr_in closed = { .sin_family = AF_INET,
				      .sin_port = htons(9),
				      .sin_addr = { htonl(0x0a000002) } };
	size_t seen = 0;

	test("a closed port: ECONNREFUSED is of an earlier train, all are taken");
	real_start(AF_INET, AF_INET);
	eq(connect(real_fd, (struct sockaddr *)&closed, sizeof(closed)), 0);
	make_many(NULL, 44, 1472);
	for (unsigned int i = 0; i < 20; i++) {
		eq(make_send(), 44);
		eq(sent.trains, 1);
		seen += sent.earlier == -ECONNREFUSED;
		usleep(1000);
	}
	ok(seen > 5);
}

static void test_routes(void)
{
	struct sockaddr_in far = { .sin_family = AF_INET,
				   .sin_port = htons(9),
				   .sin_addr = { htonl(0xcb007109) } };
	struct segoff_udp_path_info i;

	test("no route: ENETUNREACH, and trains are not to blame");
	real_start(AF_INET, AF_INET);
	make_many((struct sockaddr *)&far, 4, 1000);
	real_fails(ENETUNREACH);
	i = path_of((struct sockaddr *)&far);
	eq(i.state, SEGOFF_UDP_ACTIVE);
	eq(i.count[SEGOFF_UDP_R_EARLIER], 2);

	test("a broadcast address without SO_BROADCAST: EACCES");
	make_none();
	make_many(v4(255), 4, 1000);
	real_fails(EACCES);
	test("no address on a socket that is not connected: EDESTADDRREQ");
	make_none();
	make_many(NULL, 4, 1000);
	real_fails(EDESTADDRREQ);

	test("an IPv4 source that is not ours: ENETUNREACH");
	make_none();
	make_many(v4(2), 4, 1000);
	for (size_t k = 0; k < 4; k++)
		dgram[k].from = v4(99);
	real_fails(ENETUNREACH);
	test("an IPv6 source that is not ours: EINVAL, looks like no UDP_SEGMENT");
	real_start(AF_INET6, AF_INET6);
	make_many(v6(2, false), 4, 1000);
	for (size_t k = 0; k < 4; k++)
		dgram[k].from = v6(99, false);
	real_fails(EINVAL);
	ok(segoff_udp_path(tx, dgram, &i) == 0);
	eq(i.state, SEGOFF_UDP_INACTIVE);
	eq(i.reason, SEGOFF_UDP_R_INNOCENT);
	eq(i.count[SEGOFF_UDP_R_EINVAL], 0);
}

#define CHAIN                                                    \
	"nft 'add table inet segoff; add chain inet segoff out " \
	"{ type filter hook output priority 0; }; "              \
	"add rule inet segoff out udp dport 4433 "

static void test_firewall(void)
{
	test("a firewall that drops: EPERM either way, trains are innocent");
	real_start(AF_INET, AF_INET);
	if (!net_here(CHAIN "drop'")) {
		skip("no nft, or a kernel without it");
		return;
	}
	make_many(v4(2), 44, 1472);
	real_fails(EPERM);
	path_is(v4(2), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_INNOCENT);
	ok(net_here("nft delete table inet segoff"));
	real_sent();
	eq(sent.trains, 1);

	test("one that looks at the length: trains off, everything arrives");
	ok(net_here(CHAIN "meta length > 2000 drop'"));
	real_sent();
	eq(sent.trains, 0);
	path_is(v4(2), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EPERM);
	test("and after the news that it is gone, trains again");
	ok(net_here("nft delete table inet segoff"));
	eq(segoff_udp_tell(tx, NULL, SEGOFF_UDP_ROUTE_CHANGED), 0);
	real_sent();
	eq(sent.trains, 1);
}

/* Send all, waiting as a program would; what is refused is sent again. */
static size_t push_through(int error)
{
	size_t at = 0, met = 0;

	ncame = 0;
	for (unsigned int i = 0; at < ndgram && i < 4000; i++) {
		ssize_t n = segoff_udp_send(tx, dgram + at, ndgram - at, &sent);

		if (n > 0)
			at += (size_t)n;
		if (!sent.error)
			break;
		met++;
		if (!ok(sent.error == -error))
			break;
		usleep(2000);
	}
	eq(at, ndgram);
	real_recv(ndgram);
	all_came();
	return met;
}

static void test_buffers(void)
{
	test("EAGAIN: a small SO_SNDBUF before a slow device; nothing is lost");
	real_start(AF_INET, AF_INET);
	if (!net_here("tc qdisc replace dev v0 root tbf rate 80mbit "
		      "burst 70000 latency 5s")) {
		skip("no tbf");
		return;
	}
	real_option(real_fd, SOL_SOCKET, SO_SNDBUF, 1);
	make_many(v4(2), 440, 1472);
	ok(push_through(EAGAIN) > 3);
	eq(path_of(v4(2)).state, SEGOFF_UDP_ACTIVE);

	test("ENOBUFS: a queue that is full, and tells who has IP_RECVERR");
	real_start(AF_INET, AF_INET);
	ok(net_here("tc qdisc replace dev v0 root tbf rate 80mbit "
		    "burst 70000 limit 200000"));
	real_option(real_fd, IPPROTO_IP, IP_RECVERR, 1);
	make_many(v4(2), 440, 1472);
	ok(push_through(ENOBUFS) > 0);
	eq(path_of(v4(2)).state, SEGOFF_UDP_ACTIVE);
	ok(path_of(v4(2)).count[SEGOFF_UDP_R_NOBUFS] > 0);
}

/* A stream of 30 trains, and something that happens in the middle. */
static void stream(const struct sockaddr *to, size_t size)
{
	make_none();
	make_many(to, 30 * 44, size);
}

static size_t half(void)
{
	ncame = 0;
	eq(segoff_udp_send(tx, dgram, ndgram / 2, &sent), ndgram / 2);
	ok(sent.trains > 10);
	return ndgram / 2;
}

static void rest(size_t at)
{
	eq(segoff_udp_send(tx, dgram + at, ndgram - at, &sent), ndgram - at);
	real_recv(ndgram);
	all_came();
}

static void test_mtu_changes(void)
{
	size_t at;

	test("R-SOCK-2 the MTU shrinks in the middle of a stream");
	real_start(AF_INET, AF_INET);
	stream(v4(2), 1472);
	at = half();
	ok(net_here("ip link set v0 mtu 1300"));
	rest(at);
	eq(sent.trains, 0);
	real_too_large(v4(2));
	test("R-SOCK-2 and grows again: after a time they leave in trains");
	ok(net_here("ip link set v0 mtu 1500"));
	usleep(1100000);
	real_sent();
	eq(sent.trains, 30);

	test("R-SOCK-2 the same over IPv6");
	real_start(AF_INET6, AF_INET6);
	stream(v6(2, false), 1452);
	at = half();
	ok(net_here("ip link set v0 mtu 1300"));
	rest(at);
	real_too_large(v6(2, false));
}

/* 10.1.0.2, behind a router whose other link takes 1300 bytes. */
static bool narrow(struct sockaddr_in *to)
{
	*to = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_port = htons(4433),
				    .sin_addr = { htonl(0x0a010002) } };
	return net_far("ip link add w0 mtu 1300 type veth peer name w1 && "
		       "ip addr add 10.1.0.1/24 dev w0 && "
		       "ip link set w0 up && ip link set w1 up && "
		       "ip neigh add 10.1.0.2 dev w0 lladdr 02:00:00:00:00:09 "
		       "&& echo 1 > /proc/sys/net/ipv4/ip_forward") &&
	       net_here("ip route add 10.1.0.0/24 via 10.0.0.2");
}

static void test_narrow(void)
{
	struct sockaddr_in to;
	struct segoff_udp_dgram peer = { 0 };
	struct segoff_udp_path_info i = { 0 };

	test("R-SOCK-2 a router's word on large trains is not about small ones");
	real_start(AF_INET, AF_INET);
	if (!narrow(&to)) {
		skip("no router can be made of a namespace");
		return;
	}
	real_option(real_fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	eq(connect(real_fd, (struct sockaddr *)&to, sizeof(to)), 0);
	make_many(NULL, 4, 1472);
	eq(make_send(), 4);
	usleep(50000);
	make_none();
	make_many(NULL, 4, 1272);
	eq(make_send(), 4);
	eq(sent.trains, 1);
	eq(sent.earlier, -EMSGSIZE);
	eq(segoff_udp_path(tx, &peer, &i), 0);
	eq(i.state, SEGOFF_UDP_ACTIVE);
	eq(i.max_size, 0);

	test("R-SOCK-2 nor about one datagram that fits");
	make_none();
	make(NULL, 1272);
	eq(make_send(), 1);
	net_here("ip route flush cache");
	net_far("ip link del w0");
	net_here("ip route del 10.1.0.0/24");
}

static void test_address_goes(void)
{
	size_t at;

	test("the source address goes away under a stream, and comes back");
	real_start(AF_INET6, AF_INET6);
	ok(net_here("ip addr add fd00::5/64 dev v0 nodad"));
	stream(v6(2, false), 1452);
	for (size_t i = 0; i < ndgram; i++)
		dgram[i].from = v6(5, false);
	at = half();
	ok(net_here("ip addr del fd00::5/64 dev v0"));
	eq(segoff_udp_send(tx, dgram + at, ndgram - at, &sent), -EINVAL);
	eq(segoff_udp_send(tx, dgram + at, ndgram - at, &sent), -EINVAL);
	ok(net_here("ip addr add fd00::5/64 dev v0 nodad"));
	rest(at);
	ok(sent.trains > 10);
	net_here("ip addr del fd00::5/64 dev v0");
}

static void test_device_goes(void)
{
	size_t at;

	test("the device goes down under a stream, and comes up");
	real_start(AF_INET, AF_INET);
	stream(v4(2), 1472);
	at = half();
	ok(net_here("ip link set v0 down"));
	eq(segoff_udp_send(tx, dgram + at, ndgram - at, &sent), -ENETUNREACH);
	net_reset();
	rest(at);
	ok(sent.trains > 10);
	eq(path_of(v4(2)).state, SEGOFF_UDP_ACTIVE);
}

static void test_zerocopy_held(void)
{
	struct segoff_udp_tx_info i;

	test("MSG_ZEROCOPY to a slow device: bytes are held until they have left");
	real_start(AF_INET, AF_INET);
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY;
	if (!net_here("tc qdisc replace dev v0 root tbf rate 800mbit "
		      "burst 70000 latency 5s")) {
		skip("no tbf");
		return;
	}
	real_sender();
	segoff_udp_tx_info(tx, &i);
	make_many(v4(2), 44 * 16, 1472);
	eq(make_send(), ndgram);
	if (i.zerocopy)
		ok(segoff_udp_reap(tx) != sent.zerocopy);
	real_recv(ndgram);
	all_came();
	for (unsigned int k = 0;
	     k < 200 && segoff_udp_reap(tx) != sent.zerocopy; k++)
		usleep(5000);
	eq(segoff_udp_reap(tx), sent.zerocopy);
}

/* Zerocopy sends on a socket that is told when its packets left. */
static bool stamped(uint32_t flags)
{
	struct segoff_udp_tx_info i;

	real_start(AF_INET, AF_INET);
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY | flags;
	real_sender();
	segoff_udp_tx_info(tx, &i);
	if (!i.zerocopy) {
		skip("no MSG_ZEROCOPY");
		return false;
	}
	real_option(real_fd, SOL_SOCKET, SO_TIMESTAMPING,
		    SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			    SOF_TIMESTAMPING_OPT_TSONLY);
	make_many(v4(2), 44 * 4, 1472);
	real_sent();
	eq(sent.trains, 4);
	return true;
}

/* Read the error queue to its end; how many are the caller's. */
static size_t read_errqueue(void)
{
	_Alignas(struct cmsghdr) uint8_t control[SEGOFF_UDP_ERRQUEUE_CONTROL];
	struct msghdr h = { .msg_control = control };
	size_t mine = 0;

	for (;; mine += !segoff_udp_errqueue(tx, &h)) {
		h.msg_controllen = sizeof(control);
		if (recvmsg(real_fd, &h, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return mine;
		eq(h.msg_flags & MSG_CTRUNC, 0);
	}
}

static void test_errqueue(void)
{
	struct segoff_udp_tx_info i;
	size_t mine = 0;

	test("the caller reads the error queue: time stamps and completions");
	if (!stamped(SEGOFF_UDP_TX_ERRQUEUE))
		return;
	for (unsigned int k = 0; k < 200; k++) {
		mine += read_errqueue();
		if (segoff_udp_reap(tx) == sent.zerocopy)
			break;
		usleep(5000);
	}
	eq(sent.zerocopy, 4);
	eq(segoff_udp_reap(tx), 4);
	eq(mine, 4);
	segoff_udp_tx_info(tx, &i);
	eq(i.completed, 4);
	eq(i.others, 0);

	test("or the library, for completions alone: the others are counted");
	if (!stamped(0))
		return;
	for (unsigned int k = 0; k < 200 && segoff_udp_reap(tx) != 4; k++)
		usleep(5000);
	eq(segoff_udp_reap(tx), 4);
	mine = read_errqueue();
	segoff_udp_tx_info(tx, &i);
	ok(i.others > 0);
	eq(i.others + mine, 4);
}

int main(void)
{
	const char *why = net_open();

	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return 0;
	}
	test_refused();
	test_routes();
	test_firewall();
	test_buffers();
	test_mtu_changes();
	test_narrow();
	test_address_goes();
	test_device_goes();
	test_zerocopy_held();
	test_errqueue();
	return test_end();
}

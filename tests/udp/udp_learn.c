/* SPDX-License-Identifier: MIT */
/* udp_learn.c - what errors teach, on which path, and for how long */
#include "make.h"

#define SECOND 1000000000ull

static void trains(size_t n)
{
	make_none();
	make_many(v4(1), n, 1000);
	all_sent();
}

/* A kernel on which trains to 10.0.0.1 give @err. */
static void broken(int err)
{
	make_kernel();
	fake.path[1].gso_err = err;
	make_start();
	trains(44);
}

static void test_blame(void)
{
	static const struct {
		int err;
		unsigned int reason;
	} all[] = {
		{ EIO, SEGOFF_UDP_R_EIO },
		{ EINVAL, SEGOFF_UDP_R_EINVAL },
		{ EFAULT, SEGOFF_UDP_R_OTHER },
	};

	for (size_t i = 0; i < 3; i++) {
		test("only trains fail: sent plainly in the same call, disabled");
		broken(all[i].err);
		eq(sent.trains, 0);
		eq(sent.calls, 2);
		path_is(v4(1), SEGOFF_UDP_DISABLED, all[i].reason);
		eq(path_of(v4(1)).last_errno, all[i].err);
		eq(path_of(v4(1)).plain, 44);

		test("... for this path alone");
		make_none();
		make_many(v4(2), 44, 1000);
		make_many(v4(1), 44, 1000);
		all_sent();
		eq(sent.in_trains, 44);
		path_is(v4(2), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);
	}

	test("a firewall that looks at lengths: EPERM for trains alone");
	make_kernel();
	fake.path[1].firewall = 2000;
	make_start();
	trains(44);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EPERM);

	test("R-SOCK-3 checksums switched off: EINVAL for trains alone");
	make_kernel();
	fake.no_check = true;
	make_start();
	trains(44);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EINVAL);
}

static void test_innocent(void)
{
	static const int gone[] = { EINVAL, EINVAL };

	test("an address that is no longer ours: EINVAL either way, no blame");
	make_kernel();
	make_start();
	make_many(v4(1), 44, 1000);
	fake.list = gone;
	fake.nlist = 2;
	eq(make_send(), -EINVAL);
	eq(ncame, 0);
	path_is(v4(1), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_INNOCENT);
	all_sent();
	eq(sent.trains, 1);

	test("no room while probing: the answer comes with the next call");
	make_kernel();
	make_start();
	make_many(v4(1), 44, 1000);
	fake.list = (const int[]){ EIO, EAGAIN };
	fake.nlist = 2;
	eq(make_send(), -EAGAIN);
	path_is(v4(1), SEGOFF_UDP_PROBE, SEGOFF_UDP_R_PROBE_EIO);
	all_sent();
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EIO);
}

static void connected(int mtu_err)
{
	struct segoff_udp_dgram d = { 0 };
	struct segoff_udp_path_info i = { 0 };

	make_kernel();
	fake.path[0].mtu = 1400;
	fake.mtu_err = mtu_err;
	make_start();
	make_many(NULL, 20, 1472);
	all_sent();
	eq(segoff_udp_path(tx, &d, &i), 0);
	eq(i.state, SEGOFF_UDP_ACTIVE);
	eq(i.max_size, 1372);
}

static void test_size(void)
{
	test("R-SOCK-2 EMSGSIZE teaches the size; smaller ones leave in trains");
	make_kernel();
	fake.path[1].mtu = 1400;
	make_start();
	make_many(v4(1), 20, 1472);
	all_sent();
	eq(sent.trains, 0);
	path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_SIZE);
	eq(path_of(v4(1)).max_size, 1471);
	make_none();
	make_many(v4(1), 20, 1372);
	all_sent();
	eq(sent.trains, 1);

	test("R-SOCK-2 a connected socket is asked for the MTU at once");
	connected(EMSGSIZE);
	test("R-SOCK-2 ... and tells it from the EINVAL of Linux before 6.14");
	connected(EINVAL);

	test("one too large in the middle: the others still leave in trains");
	make_kernel();
	make_start();
	make_many(v4(1), 10, 1472);
	make_many(v4(1), 2, 1600);
	make_many(v4(1), 10, 1472);
	all_sent();
	eq(sent.in_trains, 20);

	test("where fragments are forbidden the error is the caller's");
	make_kernel();
	fake.path[1].df = true;
	make_start();
	make_many(v4(1), 4, 1472);
	make_many(v4(1), 4, 1600);
	eq(make_send(), 4);
	eq(sent.error, -EMSGSIZE);
	path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_SIZE);
}

static void test_size_earlier(void)
{
	test("R-SOCK-2 EMSGSIZE of an earlier datagram teaches nothing");
	make_kernel();
	make_start();
	make_many(v4(1), 20, 1000);
	fake.list = (const int[]){ EMSGSIZE };
	fake.nlist = 1;
	all_sent();
	eq(sent.trains, 1);
	eq(sent.earlier, -EMSGSIZE);
	eq(path_of(v4(1)).max_size, 0);
	eq(path_of(v4(1)).count[SEGOFF_UDP_R_EARLIER], 1);
	test("... and loses no datagram that goes by itself");
	make_none();
	make(v4(1), 1000);
	fake.list = (const int[]){ EMSGSIZE };
	fake.nlist = 1;
	all_sent();
	eq(sent.earlier, -EMSGSIZE);
	test("... but met twice, it is this one's");
	make_none();
	make_many(v4(1), 2, 1600);
	all_sent();
	eq(sent.earlier, 0);
	eq(path_of(v4(1)).max_size, 1599);
	test("... and what the MTU rules out is not tried twice");
	make_kernel();
	make_start();
	make_many(NULL, 2, 1600);
	all_sent();
	eq(sent.calls, 2);
}

static void test_bytes(void)
{
	test("R-SOCK-4 IP options leave less room: trains get shorter, no more");
	make_kernel();
	fake.ip_options = 40;
	make_start();
	make_many(v4(1), 62, 1056);
	all_sent();
	path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_BYTES);
	eq(path_of(v4(1)).max_size, 0);
	eq(path_of(v4(1)).max_bytes, 65507 - 64);
	eq(sent.in_trains, 61);
}

static uint32_t learnt(void)
{
	struct segoff_udp_tx_info i;

	segoff_udp_tx_info(tx, &i);
	return i.segs;
}

static void test_segs(void)
{
	static const int stale[] = { EINVAL, EINVAL, EINVAL };

	test("R-SOCK-3 128 datagrams, learnt by a train");
	make_kernel();
	make_start();
	eq(learnt(), 0);
	make_many(v4(1), 128, 100);
	all_sent();
	eq(sent.trains, 1);
	eq(learnt(), 128);

	test("R-SOCK-3 64 datagrams on an older kernel, learnt by an error");
	make_kernel();
	fake.segs = 64;
	make_start();
	make_many(v4(1), 256, 100);
	all_sent();
	eq(sent.trains, 4);
	eq(sent.calls, 2);
	eq(learnt(), 64);
	path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_SEGS);
	ncame = 0;
	all_sent();
	eq(sent.calls, 1);

	test("an EINVAL that has another cause teaches nothing of the kind");
	make_kernel();
	make_start();
	make_many(v4(1), 256, 100);
	fake.list = stale;
	fake.nlist = 3;
	eq(make_send(), -EINVAL);
	eq(learnt(), 0);
	path_is(v4(1), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_INNOCENT);
	all_sent();
	eq(learnt(), 128);
}

static void test_time(void)
{
	test("after a time a disabled path is tried again");
	broken(EIO);
	fake.path[1].gso_err = 0;
	trains(44);
	eq(sent.trains, 0);
	fake.now += SECOND;
	trains(44);
	eq(sent.trains, 1);
	eq(path_of(v4(1)).count[SEGOFF_UDP_R_AGED], 1);

	test("the longer, the more often it failed");
	broken(EIO);
	fake.now += SECOND;
	trains(44);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EIO);
	fake.path[1].gso_err = 0;
	fake.now += SECOND + SECOND / 2;
	trains(44);
	eq(sent.trains, 0);
	fake.now += SECOND;
	trains(44);
	eq(sent.trains, 1);

	test("never, if so wanted");
	make_kernel();
	make_opts.retry = SEGOFF_UDP_NEVER;
	fake.path[1].gso_err = EIO;
	make_start();
	trains(44);
	fake.path[1].gso_err = 0;
	fake.now += 1000000 * SECOND;
	trains(44);
	eq(sent.trains, 0);

	test("a size is forgotten after a time, too: the MTU may have grown");
	make_kernel();
	fake.path[1].mtu = 1000;
	make_start();
	trains(44);
	eq(sent.trains, 0);
	fake.path[1].mtu = 1500;
	trains(44);
	eq(sent.trains, 0);
	fake.now += 2 * SECOND;
	trains(44);
	eq(sent.trains, 1);
}

static int tell(const struct sockaddr *to, unsigned int news)
{
	struct segoff_udp_dgram d = { .to = to };

	return segoff_udp_tell(tx, to ? &d : NULL, news);
}

static void test_news(void)
{
	test("a route that changed is tried at once");
	broken(EIO);
	fake.path[1].gso_err = 0;
	eq(tell(v4(1), SEGOFF_UDP_ROUTE_CHANGED), 0);
	path_is(v4(1), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_ROUTE);
	trains(44);
	eq(sent.trains, 1);

	test("trains that get lost are left out for a time");
	eq(tell(v4(1), SEGOFF_UDP_TRAINS_LOST), 0);
	trains(44);
	eq(sent.trains, 0);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_LOSS);
	fake.now += SECOND;
	trains(44);
	eq(sent.trains, 1);

	test("switched off means off, whatever the route does");
	eq(tell(NULL, SEGOFF_UDP_SWITCH_OFF), 0);
	eq(tell(NULL, SEGOFF_UDP_ROUTE_CHANGED), 0);
	fake.now += 1000000 * SECOND;
	trains(44);
	eq(sent.trains, 0);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_OFF);
	make_none();
	make_many(v4(2), 44, 1000);
	all_sent();
	eq(sent.trains, 0);
	eq(tell(NULL, SEGOFF_UDP_SWITCH_ON), 0);
	path_is(v4(2), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_ON);
	trains(44);
	eq(sent.trains, 1);

	test("a switch for one path");
	eq(tell(v4(1), SEGOFF_UDP_SWITCH_OFF), 0);
	eq(tell(v4(1), SEGOFF_UDP_ROUTE_CHANGED), 0);
	trains(44);
	eq(sent.trains, 0);
	eq(tell(v4(1), SEGOFF_UDP_SWITCH_ON), 0);
	trains(44);
	eq(sent.trains, 1);

	test("PLAIN: the kill switch");
	make_kernel();
	make_opts.flags = SEGOFF_UDP_TX_PLAIN;
	make_start();
	trains(44);
	eq(sent.trains, 0);
	eq(fake.calls, 1);

	test("news that is none");
	eq(tell(NULL, SEGOFF_UDP_NEWS), -EINVAL);
	eq(tell((const struct sockaddr *)"\1\0\0\0\0\0\0", 0), -EAFNOSUPPORT);
}

static void test_paths(void)
{
	struct segoff_udp_path_info i;
	struct segoff_udp_tx_info all;
	struct segoff_udp_dgram d = { .to = v4(9) };
	size_t at = 0, n = 0;

	test("paths: ports do not matter, source and interface do");
	broken(EIO);
	make_none();
	make_many(v4(1), 4, 1000);
	for (size_t k = 0; k < 4; k++)
		dgram[k].ifindex = 3;
	fake.path[1].gso_err = 0;
	all_sent();
	eq(sent.trains, 1);

	test("all paths can be read, and none is made by looking");
	while ((at = segoff_udp_path_at(tx, at, &i)) != 0)
		n++;
	eq(n, 2);
	eq(segoff_udp_path(tx, &d, &i), -ENOENT);

	test("a full table forgets what was not used for longest, no sum");
	make_kernel();
	make_opts.paths = 4;
	make_start();
	for (unsigned int k = 1; k <= 200; k++) {
		make_none();
		make_many(v4(k), 4, 1000);
		all_sent();
	}
	segoff_udp_tx_info(tx, &all);
	eq(all.trains, 200);
	eq(all.count[SEGOFF_UDP_R_TRAIN], 200);
	eq(all.evicted, 196);
	path_is(v4(200), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);

	test("more paths in one call than the table holds");
	make_none();
	for (unsigned int k = 1; k <= 200; k++)
		make_many(v4(k), 4, 1000);
	all_sent();
	eq(sent.trains, 200);

	test("... and errors stay with the path that they came from");
	make_kernel();
	make_opts.paths = 4;
	fake.path[1].gso_err = EIO;
	make_start();
	for (unsigned int k = 1; k <= 5; k++)
		make_many(v4(k), 4, 1000);
	all_sent();
	eq(sent.trains, 4);
	segoff_udp_tx_info(tx, &all);
	eq(all.count[SEGOFF_UDP_R_PROBE_EIO], 1);
	eq(all.count[SEGOFF_UDP_R_EIO], 1);
}

int main(void)
{
	test_blame();
	test_innocent();
	test_size();
	test_size_earlier();
	test_bytes();
	test_segs();
	test_time();
	test_news();
	test_paths();
	return test_end();
}

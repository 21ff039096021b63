/* SPDX-License-Identifier: MIT */
/* udp_send.c - what is sent, and what is said about it */
#include "make.h"

static void test_trains(void)
{
	test("a run leaves as one train");
	make_kernel();
	make_start();
	make_many(v4(1), 44, 1472);
	all_sent();
	eq(fake.calls, 1);
	eq(fake.trains, 1);
	eq(sent.trains, 1);
	eq(sent.in_trains, 44);
	eq(sent.calls, 1);

	test("runs of several paths and sizes leave by one sendmmsg()");
	make_none();
	make_many(v4(1), 10, 1472);
	make_many(v4(2), 10, 1200);
	make(v4(2), 100);
	make_many(v4(1), 2, 1472);
	fake.calls = fake.trains = 0;
	all_sent();
	eq(fake.calls, 1);
	eq(fake.trains, 3);
	eq(sent.in_trains, 23);

	test("more messages than a batch takes go on in the next");
	make_none();
	for (unsigned int i = 0; i < 100; i++)
		make(v4(i % 2), 100);
	fake.calls = 0;
	all_sent();
	eq(fake.calls, 2);
	eq(fake.trains, 3);

	test("trains in many pieces stay whole when a batch has no room for more");
	make_none();
	make_many(v4(1), 44 * 30, 8);
	for (size_t i = 0; i < ndgram; i++)
		piece[i].iov_base = payload + 20 * i;
	for (size_t i = 0; i < ndgram; i++) {
		dgram[i].flags = SEGOFF_UDP_TOS;
		dgram[i].tos = (uint16_t)(i / 44);
	}
	eq(make_send(), ndgram);
	eq(sent.trains, 30);
	eq(sent.in_trains, ndgram);
	eq(sent.calls, 2);

	test("nothing to send is no error and no call");
	make_none();
	fake.calls = 0;
	eq(make_send(), 0);
	eq(fake.calls, 0);
}

static void test_single(void)
{
	test("one datagram by itself never carries UDP_SEGMENT");
	make_kernel();
	make_start();
	make(v4(1), 1472);
	make(v4(2), 1472);
	make(v4(1), 700);
	make(v4(1), 0);
	make(v4(1), 0);
	all_sent();
	eq(fake.trains, 0);
	eq(fake.lone, 0);
	make_none();
	make(v4(1), 1000);
	all_sent();
	eq(fake.sendtos, 1);
	eq(fake.lone, 0);
	path_is(v4(1), SEGOFF_UDP_INACTIVE, SEGOFF_UDP_R_NEW);
}

static void test_ceilings(void)
{
	test("R-SOCK-4 63 x 1040 is 65520: the train stops at 65507");
	make_kernel();
	make_start();
	make_many(v4(1), 63, 1040);
	all_sent();
	eq(fake.trains, 1);
	eq(sent.in_trains, 62);
	path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);

	test("R-SOCK-4 IPv6 takes 65527, v4-mapped does not");
	make_kernel();
	fake.family = AF_INET6;
	make_start();
	make_many(v6(1, false), 63, 1040);
	all_sent();
	eq(sent.in_trains, 63);
	make_none();
	make_many(v6(1, true), 63, 1040);
	all_sent();
	eq(sent.in_trains, 62);
	path_is(v6(1, true), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);

	test("R-SOCK-4 a connected IPv6 socket whose peer is v4-mapped");
	make_kernel();
	fake.family = AF_INET6;
	fake.mapped_peer = true;
	make_start();
	make_many(NULL, 63, 1040);
	all_sent();
	eq(sent.in_trains, 62);

	test("R-SOCK-4 connected to another peer, and told so");
	fake.mapped_peer = false;
	eq(segoff_udp_tell(tx, NULL, SEGOFF_UDP_ROUTE_CHANGED), 0);
	make_none();
	make_many(NULL, 63, 1040);
	all_sent();
	eq(sent.in_trains, 63);
	make_none();
	make(NULL, 100)->flags = SEGOFF_UDP_TOS;
	dgram->tos = 3;
	all_sent();
	eq(came->tos, 3);

	test("limits of the caller hold");
	make_kernel();
	make_opts.segs = 10;
	make_start();
	make_many(v4(1), 30, 100);
	all_sent();
	eq(sent.trains, 3);
	make_kernel();
	make_opts.bytes = 1000;
	make_start();
	make_many(v4(1), 30, 100);
	all_sent();
	eq(sent.trains, 3);
}

static void fails(int error, size_t taken)
{
	ssize_t r = make_send();

	eq(r, taken ? (ssize_t)taken : -error);
	eq(sent.taken, taken);
	eq(sent.error, -error);
	eq(ncame, taken);
}

static void go_on(size_t from)
{
	eq(segoff_udp_send(tx, dgram + from, ndgram - from, &sent),
	   ndgram - from);
	all_came();
}

static void test_partial(void)
{
	static const int third[] = { 0, 0, EAGAIN, EAGAIN };
	static const int once[] = { 0, 0, EINTR };

	test("sendmmsg() stops in the middle: what was taken is said exactly");
	make_kernel();
	make_start();
	for (unsigned int i = 1; i <= 4; i++)
		make_many(v4(i), 5, 1000);
	fake.list = third;
	fake.nlist = 4;
	fails(EAGAIN, 10);
	test("... and going on from there loses nothing and doubles nothing");
	go_on(10);

	test("an errno that sendmmsg() swallowed shows at the next call");
	ncame = 0;
	fake.list = once;
	fake.nlist = 3;
	all_sent();
	eq(sent.calls, 2);
}

#define MESSAGES 16

/* A batch of trains that is stopped behind @k of them, twice, by @err. */
static void stopped(unsigned int k, int err, bool mmsg)
{
	int list[MESSAGES + 1] = { 0 };
	size_t at = 0;

	make_kernel();
	fake.mmsg = mmsg;
	make_start();
	for (unsigned int i = 0; i < MESSAGES; i++)
		make_many(v4(1 + i % 4), 3, 1000);
	list[k] = list[k + 1] = err;
	fake.list = list;
	fake.nlist = k + 2;
	for (unsigned int i = 0; at < ndgram && i < 4; i++) {
		segoff_udp_send(tx, dgram + at, ndgram - at, &sent);
		at += sent.taken;
		eq(ncame, at);
		ok(!sent.error || (at == k * 3ul && sent.error == -err));
	}
	eq(at, ndgram);
	all_came();
}

static void test_everywhere(void)
{
	static const int errors[] = { EAGAIN, EINTR,  ENOBUFS,	    ENOMEM,
				      EPERM,  EIO,    EINVAL,	    EMSGSIZE,
				      EFAULT, ENODEV, ECONNREFUSED, EACCES };

	test("every error behind every message: each datagram once, in order");
	for (size_t e = 0; e < sizeof(errors) / sizeof(*errors); e++)
		for (unsigned int k = 0; k < MESSAGES; k++) {
			stopped(k, errors[e], true);
			stopped(k, errors[e], false);
		}
}

static void test_errors(void)
{
	static const int list[] = { EAGAIN, EINTR, ENOBUFS, ENOMEM };

	test("EAGAIN, EINTR, ENOBUFS, ENOMEM are told apart, and blame nobody");
	for (size_t i = 0; i < 4; i++) {
		make_kernel();
		make_start();
		make_many(v4(1), 5, 1000);
		fake.list = &list[i];
		fake.nlist = 1;
		fails(list[i], 0);
		path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);
		eq(path_of(v4(1)).count[i < 2 ? SEGOFF_UDP_R_WAIT :
						SEGOFF_UDP_R_NOBUFS],
		   1);
		all_sent();
		eq(sent.trains, 1);
	}

	test("an address of another family ends the call before it");
	make_kernel();
	make_start();
	make_many(v4(1), 5, 1000);
	make(v4(1), 1000)->to = (const struct sockaddr *)"\1\0\0\0\0\0\0";
	fails(EAFNOSUPPORT, 5);
	eq(segoff_udp_send(tx, dgram + 5, 1, NULL), -EAFNOSUPPORT);
	test("what is too large for UDP is the caller's");
	make_none();
	make(v4(1), 65508);
	fails(EMSGSIZE, 0);
}

static void test_earlier(void)
{
	static const int refused[] = { ECONNREFUSED };
	static const int twice[] = { ENETUNREACH, ENETUNREACH };

	test("ECONNREFUSED belongs to an earlier datagram: sent again, and told");
	make_kernel();
	make_start();
	make_many(v4(1), 5, 1000);
	fake.list = refused;
	fake.nlist = 1;
	all_sent();
	eq(sent.earlier, -ECONNREFUSED);
	eq(sent.trains, 1);
	test("twice, and it is this one's");
	make_none();
	make_many(v4(1), 5, 1000);
	fake.list = twice;
	fake.nlist = 2;
	fails(ENETUNREACH, 0);
	eq(sent.earlier, 0);
	path_is(v4(1), SEGOFF_UDP_ACTIVE, SEGOFF_UDP_R_TRAIN);
}

static void test_old_kernels(void)
{
	test("without UDP_SEGMENT everything leaves plainly, by sendmmsg()");
	make_kernel();
	fake.gso = false;
	make_start();
	make_many(v4(1), 44, 1472);
	all_sent();
	eq(fake.calls, 1);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_KERNEL);
	make_none();
	eq(segoff_udp_tell(tx, NULL, SEGOFF_UDP_SWITCH_ON), 0);
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_KERNEL);

	test("without sendmmsg() by sendto(), one by one");
	make_kernel();
	fake.gso = false;
	fake.mmsg = false;
	make_start();
	make_many(v4(1), 44, 1472);
	all_sent();
	eq(fake.sendtos, 44);
	eq(fake.sendmmsgs, 0);

	test("trains go without sendmmsg(), too");
	make_kernel();
	fake.mmsg = false;
	make_start();
	make_many(v4(1), 88, 1472);
	all_sent();
	eq(fake.sendmsgs, 2);

	test("errors in the middle of one by one");
	make_none();
	make_many(v4(1), 5, 1000);
	make_many(v4(2), 5, 1000);
	make_many(v4(3), 5, 1000);
	fake.list = (const int[]){ 0, EAGAIN, EAGAIN };
	fake.nlist = 3;
	fails(EAGAIN, 5);
	go_on(5);
}

static void test_option(void)
{
	test("R-SOCK-5 OPTION: the control message is saved for equal sizes");
	make_kernel();
	make_opts.flags = SEGOFF_UDP_TX_OPTION;
	make_start();
	make_many(NULL, 44, 1472);
	for (unsigned int i = 0; i < 10; i++) {
		ncame = 0;
		all_sent();
	}
	eq(fake.setopts, 1);
	eq(fake.option, 1472);
	eq(fake.sendtos, 9);
	eq(fake.trains, 10);

	test("R-SOCK-5 another size does not disturb it");
	make_none();
	make_many(NULL, 20, 500);
	all_sent();
	eq(fake.option, 1472);

	test("R-SOCK-5 a plain datagram is not cut by it");
	make_none();
	make_many(NULL, 10, 1472);
	make(NULL, 3000);
	make(NULL, 3001);
	make_many(NULL, 10, 1472);
	all_sent();
	eq(fake.lone, 0);
	make_none();
	make(NULL, 3000);
	all_sent();

	test("it is not left behind");
	make_none();
	make_many(NULL, 44, 1472);
	all_sent();
	ncame = 0;
	all_sent();
	ok(fake.option != 0);
	segoff_udp_tx_end(tx);
	eq(fake.option, 0);

	test("one that a probe left on the socket is taken off");
	make_kernel();
	fake.option = 1000;
	make_start();
	make(v4(1), 1400);
	make(v4(2), 1400);
	all_sent();
	eq(fake.option, 0);
}

static void test_init(void)
{
	static uint64_t mem[20000];
	struct segoff_udp_tx_opts o = { .sz = sizeof(o) };
	int err = 0;

	test("a sender is not made of options that make no sense");
	o.flags = 1u << 9;
	eq(segoff_udp_tx_size(&o), 0);
	ok(!segoff_udp_tx_init(mem, sizeof(mem), 0, &o, &err));
	eq(err, -EINVAL);
	o.flags = 0;
	o.batch = 2000;
	eq(segoff_udp_tx_size(&o), 0);
	o.batch = 0;
	o.segs = 129;
	eq(segoff_udp_tx_size(&o), 0);
	o.segs = 0;
	o.sz = 2;
	eq(segoff_udp_tx_size(&o), 0);
	o.sz = sizeof(o);
	test("nor in too little memory, nor unaligned");
	make_kernel();
	o.sys = &fake.sys;
	ok(segoff_udp_tx_size(&o) <= sizeof(mem));
	ok(!segoff_udp_tx_init(mem, segoff_udp_tx_size(&o) - 1, 0, &o, &err));
	eq(err, -ENOSPC);
	ok(!segoff_udp_tx_init((char *)mem + 1, sizeof(mem) - 8, 0, &o, &err));
	eq(err, -EINVAL);
	test("nor for a socket of another family");
	fake.family = AF_UNIX;
	ok(!segoff_udp_tx_init(mem, sizeof(mem), 0, &o, &err));
	eq(err, -EAFNOSUPPORT);
	test("an older caller's options are shorter");
	fake.family = AF_INET;
	o.sz = 8;
	o.sys = &fake.sys;
	eq(segoff_udp_tx_size(&o), segoff_udp_tx_size(NULL));
}

int main(void)
{
	test_trains();
	test_single();
	test_ceilings();
	test_partial();
	test_everywhere();
	test_errors();
	test_earlier();
	test_old_kernels();
	test_option();
	test_init();
	return test_end();
}

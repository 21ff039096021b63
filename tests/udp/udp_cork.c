/* SPDX-License-Identifier: MIT */
/* udp_cork.c - trains that grow in the kernel, and MSG_ZEROCOPY */
#include "make.h"

static void append(size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++)
		eq(segoff_udp_cork(tx, &dgram[i]), 0);
}

static void pushed(void)
{
	eq(segoff_udp_push(tx, &sent), ndgram);
	eq(sent.error, 0);
	all_came();
}

static void test_cork(void)
{
	test("R-SOCK-5 datagrams come one by one and leave as one train");
	make_kernel();
	make_start();
	make_many(v4(1), 20, 1000);
	make(v4(1), 500);
	append(0, 21);
	eq(ncame, 0);
	pushed();
	eq(fake.trains, 1);
	eq(path_of(v4(1)).in_trains, 21);

	test("one by itself leaves plainly");
	make_none();
	make(v4(1), 1000);
	append(0, 1);
	pushed();
	eq(fake.lone, 0);
	eq(fake.trains, 1);

	test("pushing nothing is nothing");
	make_none();
	pushed();
}

static void does_not_fit(void)
{
	eq(segoff_udp_cork(tx, &dgram[ndgram - 1]), -ENOSPC);
	ndgram--;
	pushed();
}

static void test_fit(void)
{
	test("what does not fit the train is refused, and it can be pushed");
	make_kernel();
	make_start();
	make_many(v4(1), 3, 1000);
	append(0, 3);
	make(v4(1), 1001);
	does_not_fit();
	make_none();
	make_many(v4(1), 3, 1000);
	append(0, 3);
	make(v4(2), 1000);
	does_not_fit();
	make_none();
	make_many(v4(1), 2, 1000);
	make(v4(1), 999);
	append(0, 3);
	make(v4(1), 999);
	does_not_fit();
	make_none();
	make_many(v4(1), 2, 1000);
	append(0, 2);
	make(v4(1), 0);
	does_not_fit();
	test("R-SOCK-4 no more than the ceiling");
	make_none();
	make_many(v4(1), 62, 1040);
	append(0, 62);
	make(v4(1), 1040);
	does_not_fit();

	test("sending in between would join it: refused");
	make_none();
	make_many(v4(1), 3, 1000);
	append(0, 3);
	eq(segoff_udp_send(tx, dgram, 1, &sent), -EBUSY);
	eq(ncame, 0);
	pushed();
	test("and so it is while one alone is held back: it would overtake");
	make_none();
	make_many(v4(1), 2, 1000);
	append(0, 1);
	eq(segoff_udp_send(tx, dgram + 1, 1, &sent), -EBUSY);
	eq(sent.error, -EBUSY);
	eq(sent.taken, 0);
	eq(ncame, 0);
	append(1, 1);
	pushed();
}

static void test_news_between(void)
{
	test("news about another path does not make the train that path's");
	make_kernel();
	make_start();
	make_many(v4(2), 1, 1000);
	all_sent();
	make_none();
	make_many(v4(1), 3, 1000);
	append(0, 3);
	eq(segoff_udp_tell(tx, &(struct segoff_udp_dgram){ .to = v4(2) },
			   SEGOFF_UDP_ROUTE_CHANGED),
	   0);
	pushed();
	eq(path_of(v4(1)).trains, 1);
	eq(path_of(v4(2)).trains, 0);

	test("switched off before the push: all leave, one by one");
	make_none();
	make_many(v4(1), 3, 1000);
	append(0, 3);
	eq(segoff_udp_tell(tx, NULL, SEGOFF_UDP_SWITCH_OFF), 0);
	pushed();
	eq(sent.trains, 0);
	eq(sent.taken, 3);
}

static void test_cork_errors(void)
{
	static const int middle[] = { 0, 0, ENOBUFS };

	test("the kernel drops what it has on an error: sent again at the push");
	make_kernel();
	make_start();
	make_many(v4(1), 6, 1000);
	fake.list = middle;
	fake.nlist = 3;
	append(0, 4);
	eq(segoff_udp_cork(tx, &dgram[4]), -ENOSPC);
	ndgram = 4;
	pushed();

	test("a path on which trains fail: found out by the push, all arrive");
	make_kernel();
	fake.path[1].gso_err = EIO;
	make_start();
	make_many(v4(1), 6, 1000);
	append(0, 6);
	pushed();
	path_is(v4(1), SEGOFF_UDP_DISABLED, SEGOFF_UDP_R_EIO);
	make_none();
	make_many(v4(1), 2, 1000);
	append(0, 1);
	does_not_fit();

	test("what is not taken stays, for another push or to be dropped");
	make_kernel();
	make_start();
	make_many(v4(1), 6, 1000);
	append(0, 6);
	fake.list = (const int[]){ EAGAIN, 0, EAGAIN };
	fake.nlist = 3;
	fake.corked = true;
	eq(segoff_udp_push(tx, &sent), -EAGAIN);
	eq(ncame, 0);
	eq(segoff_udp_drop(tx, 0), 6);
	pushed();
	make_none();
	make_many(v4(1), 6, 1000);
	append(0, 6);
	eq(segoff_udp_drop(tx, 2), 4);
	eq(segoff_udp_push(tx, &sent), 4);
	eq(ncame, 4);
	eq(came[0].mark, 2);
}

static void zerocopy(void)
{
	make_kernel();
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY;
	make_start();
}

static void queue(enum fake_err kind, uint32_t low, uint32_t high, bool copied)
{
	fake.done[fake.ndone].kind = kind;
	fake.done[fake.ndone].low = low;
	fake.done[fake.ndone].high = high;
	fake.done[fake.ndone++].copied = copied;
}

static void done(uint32_t low, uint32_t high, bool copied)
{
	queue(FAKE_COMPLETION, low, high, copied);
}

static void send_big(unsigned int times)
{
	while (times--) {
		make_none();
		make_many(v4(1), 44, 1472);
		all_sent();
	}
}

static void test_zerocopy(void)
{
	test("large trains go by MSG_ZEROCOPY, small ones do not");
	zerocopy();
	send_big(1);
	eq(fake.zerocopy, 1);
	eq(sent.zerocopy, 1);
	make_none();
	make_many(v4(1), 4, 1000);
	all_sent();
	eq(fake.zerocopy, 1);

	test("bytes are free when all before are, in whatever order that comes");
	send_big(4);
	eq(sent.zerocopy, 5);
	eq(segoff_udp_reap(tx), 0);
	done(3, 4, false);
	done(1, 1, false);
	eq(segoff_udp_reap(tx), 0);
	done(0, 0, false);
	eq(segoff_udp_reap(tx), 2);
	done(2, 2, false);
	eq(segoff_udp_reap(tx), 5);

	test("completions that make no sense do no harm");
	send_big(1);
	done(5000, 5001, false);
	done(0, UINT32_MAX - 1, false);
	eq(segoff_udp_reap(tx), 5);
	done(5, 5, false);
	eq(segoff_udp_reap(tx), 6);
}

static void test_adaptive(void)
{
	uint32_t before;

	test("where the kernel copies all the same it is left out for a while");
	zerocopy();
	send_big(8);
	done(0, 7, true);
	eq(segoff_udp_reap(tx), 8);
	send_big(4);
	eq(fake.zerocopy, 8);
	fake.now += 1000000001;
	send_big(1);
	eq(fake.zerocopy, 9);

	test("ENOBUFS with it: sent again without");
	make_none();
	make_many(v4(1), 44, 1472);
	fake.list = (const int[]){ ENOBUFS };
	fake.nlist = 1;
	before = fake.zerocopy;
	all_sent();
	eq(fake.zerocopy, before);
	eq(sent.trains, 1);
	eq(path_of(v4(1)).count[SEGOFF_UDP_R_NOBUFS], 0);

	test("more than 17 pages apart would be EMSGSIZE: not asked for");
	zerocopy();
	make_many(v4(1), 18, 1000);
	for (size_t i = 0; i < 18; i++)
		piece[i].iov_base = payload + 100000 + i * 8192;
	eq(make_send(), 18);
	eq(fake.zerocopy, 0);
	eq(sent.trains, 1);

	test("no more than 256 under way");
	zerocopy();
	send_big(300);
	eq(fake.zerocopy, 256);
}

/* Read one message as the caller does, and show it. */
static bool shown(void)
{
	_Alignas(struct cmsghdr) uint8_t control[SEGOFF_UDP_ERRQUEUE_CONTROL];
	struct msghdr h = { .msg_control = control,
			    .msg_controllen = sizeof(control) };

	eq(fake.sys.recvmsg(&fake, 3, &h, MSG_ERRQUEUE), 0);
	return segoff_udp_errqueue(tx, &h);
}

static void test_errqueue(void)
{
	struct segoff_udp_tx_info i;

	test("other messages of the error queue are no completions: counted");
	zerocopy();
	send_big(2);
	queue(FAKE_ICMP, 0, 1, false);
	queue(FAKE_STAMP, 0, 1, false);
	eq(segoff_udp_reap(tx), 0);
	done(0, 1, false);
	queue(FAKE_ICMP, 0, 0, false);
	eq(segoff_udp_reap(tx), 2);
	segoff_udp_tx_info(tx, &i);
	eq(i.others, 2);
	test("and nothing is read when nothing is under way");
	eq(fake.ndone, 1);
	eq(segoff_udp_reap(tx), 2);
	eq(fake.ndone, 1);

	test("ERRQUEUE: the caller reads it, and keeps what is no completion");
	make_kernel();
	make_opts.flags = SEGOFF_UDP_TX_ZEROCOPY | SEGOFF_UDP_TX_ERRQUEUE;
	make_start();
	send_big(3);
	queue(FAKE_STAMP, 0, 2, false);
	done(0, 1, false);
	queue(FAKE_ICMP, 2, 2, false);
	done(2, 2, true);
	eq(segoff_udp_reap(tx), 0);
	eq(fake.ndone, 4);
	eq(shown(), false);
	eq(segoff_udp_reap(tx), 0);
	eq(shown(), true);
	eq(segoff_udp_reap(tx), 2);
	eq(shown(), false);
	eq(shown(), true);
	eq(segoff_udp_reap(tx), 3);
	segoff_udp_tx_info(tx, &i);
	eq(i.completed, 3);
	eq(i.copied, 1);
	eq(i.others, 0);

	test("ERRQUEUE: nor is it read when a limit is met");
	done(3, 3, false);
	make_none();
	make_many(v4(1), 44, 1472);
	fake.list = (const int[]){ ENOBUFS };
	fake.nlist = 1;
	all_sent();
	eq(fake.ndone, 1);
}

int main(void)
{
	test_cork();
	test_fit();
	test_news_between();
	test_cork_errors();
	test_zerocopy();
	test_adaptive();
	test_errqueue();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/* udp_attributes.c - TOS, source, interface and time arrive as asked for */
#include "make.h"

#include <time.h>

static void each(void (*check)(size_t i))
{
	all_sent();
	for (size_t i = 0; i < ncame; i++)
		check(i);
}

static void check_tos(size_t i)
{
	eq(came[i].tos, dgram[i].flags ? dgram[i].tos : -1);
}

static void test_tos(void)
{
	static const unsigned int families[] = { AF_INET, AF_INET6, AF_INET6 };

	test("ECN and DSCP by datagram, in the form of its own family");
	for (unsigned int f = 0; f < 3; f++) {
		make_kernel();
		fake.family = (int)families[f];
		make_start();
		for (unsigned int k = 0; k < 40; k++) {
			struct segoff_udp_dgram *d =
				make(f ? v6(1, f == 2) : v4(1), 1000);

			d->flags = k / 10 % 2 ? SEGOFF_UDP_TOS : 0;
			d->tos = (uint16_t)(k / 20);
		}
		each(check_tos);
		eq(sent.trains, 4);
	}
	test("a TOS of 0 is one, too");
	make_none();
	make(v6(1, false), 1000)->flags = SEGOFF_UDP_TOS;
	each(check_tos);
}

static void check_source(size_t i)
{
	eq(came[i].ifindex, 7);
	eq(came[i].from.s6_addr[15], 5);
}

static void test_source(void)
{
	test("source address and interface");
	make_kernel();
	make_start();
	make_many(v4(1), 10, 1000);
	for (size_t i = 0; i < 10; i++) {
		dgram[i].from = v4(5);
		dgram[i].ifindex = 7;
	}
	each(check_source);
	eq(sent.trains, 1);
	make_kernel();
	fake.family = AF_INET6;
	make_start();
	make_many(v6(1, true), 10, 1000);
	make_many(v6(1, false), 10, 1000);
	for (size_t i = 0; i < 20; i++) {
		dgram[i].from = v6(5, i < 10);
		dgram[i].ifindex = 7;
	}
	each(check_source);

	test("a source of the other family is refused");
	dgram[0].from = v6(5, false);
	eq(make_send(), -EINVAL);
	dgram[0].from = v6(5, true);
	dgram[15].from = v6(5, true);
	eq(make_send(), 15);
	eq(sent.error, -EINVAL);
}

static void check_time(size_t i)
{
	eq(came[i].txtime, 5000 + i / 4);
}

static void test_time(void)
{
	test("one time for a train: it is cut where the time changes");
	make_kernel();
	make_opts.flags = SEGOFF_UDP_TX_TXTIME;
	make_opts.clock = CLOCK_MONOTONIC;
	make_start();
	make_many(v4(1), 20, 1000);
	for (size_t i = 0; i < 20; i++)
		dgram[i].txtime = 5000 + i / 4;
	each(check_time);
	eq(sent.trains, 5);

	test("a time without TXTIME is refused, nothing is sent");
	make_kernel();
	make_start();
	make_many(v4(1), 20, 1000);
	dgram[4].txtime = 5;
	eq(make_send(), 4);
	eq(sent.error, -EINVAL);
	eq(ncame, 4);
}

int main(void)
{
	test_tos();
	test_source();
	test_time();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/* gro_limits.c - how many, how large (R-GRO-12 to R-GRO-14) */
#include "gro_make.h"

/* Packet @i of flow @k. */
static enum segoff_verdict push_flow(unsigned int k, uint32_t i)
{
	build_tcp(i * 100, (uint16_t)i, ACK, 0, 100);
	ref_put16(in_th(), 5000 + k);
	put_right();
	return push();
}

static void test_bucket(void)
{
	test("R-GRO-12 LINUX: 8 are held per bucket, the oldest leaves first");
	start(SEGOFF_GRO_LINUX, 0);
	for (unsigned int k = 0; k < 8; k++)
		why_is(push_flow(k, 0), SEGOFF_V_GRO_FIRST);
	nothing_leaves();
	why_is(push_flow(8, 0), SEGOFF_V_GRO_FIRST);
	leaves(0, 1);
	nothing_leaves();
	why_is(push_flow(9, 0), SEGOFF_V_GRO_FIRST);
	leaves(1, 1);
	nothing_leaves();

	test("R-GRO-12 LINUX: being merged into makes nobody younger");
	why_is(push_flow(2, 1), SEGOFF_V_OK);
	why_is(push_flow(10, 0), SEGOFF_V_GRO_FIRST);
	eq(pop(), true);
	eq(got.s.npkt, 2);
	eq(got.cookie[0], 2);
	nothing_leaves();

	test("R-GRO-12 LINUX: flush: buckets ascending, oldest first");
	start(SEGOFF_GRO_LINUX, 0);
	for (unsigned int k = 0; k < 16; k++) {
		gro.hash = 15 - k;
		push_flow(k, 0);
	}
	flush_all();
	for (unsigned int b = 0; b < 8; b++) {
		leaves(7 - b, 1);
		leaves(15 - b, 1);
	}
	nothing_leaves();
}

static void test_lossless_flows(void)
{
	test("LOSSLESS: never more held than asked for, rounded up; no overtaking");
	gro.o.flows = 16;
	start(SEGOFF_GRO_LOSSLESS, 0);
	for (unsigned int k = 0; k < 300; k++)
		push_flow(k, 0);
	for (size_t n = 0; pop(); n++)
		ok(n < 300);
	flush_all();
	for (nout = 0; pop(); nout++)
		eq(got.s.npkt, 1);
	ok(nout > 0 && nout <= 16);
	defaults();
}

/* Packets of @n bytes until one does not fit; how many merged before it. */
static size_t until_full(unsigned int profile, size_t n)
{
	enum segoff_verdict v;
	uint32_t i = 0;

	start(profile, 0);
	push_tcp(0, 0, ACK, n);
	do {
		i++;
		v = push_tcp(i * (uint32_t)n, (uint16_t)i, ACK, n);
	} while (v == SEGOFF_V_OK);
	why_is(v, SEGOFF_V_GRO_FULL);
	leaves(0, i);
	nothing_leaves();
	return i;
}

static void test_size(unsigned int profile)
{
	test("R-GRO-13 45 x 1448");
	eq(until_full(profile, 1448), 45);
	eq(got.s.len, 54 + 45 * 1448);

	test("R-GRO-13 65535 bytes fit, 65536 do not; L2 is not counted");
	/* 65495 = 5 * 13099 */
	eq(until_full(profile, 13099), 5);
	eq(got.s.len, 14 + 65535);
	eq(ref_get16(got_ip() + 2), 65535);
	/* 65496 = 8 * 8187 */
	eq(until_full(profile, 8187), 7);

	test("R-GRO-13 max_size: below it");
	gro.o.max_size = 40 + 301;
	eq(until_full(profile, 100), 3);
	gro.o.max_size = 40 + 300;
	eq(until_full(profile, 100), 2);
	gro.o.max_size = 1;
	eq(until_full(profile, 100), 1);
	defaults();

	test("TCP: any number of packets");
	start(profile, 0);
	for (uint16_t i = 0; i < 1000; i++)
		push_tcp(i, i, ACK, 1);
	flush_all();
	leaves(0, 1000);
	eq(got.s.meta.gso_segs, 1000);
}

static void test_big_ipv4(unsigned int profile)
{
	test("R-GRO-14 BIG TCP over IPv4: total length 0");
	gro.o.max_size = 200000;
	start(profile, 0);
	for (uint32_t i = 0; i < 100; i++)
		push_tcp(i * 1000, (uint16_t)i, ACK, 1000);
	flush_all();
	leaves(0, 100);
	eq(got.s.len, 54 + 100000);
	eq(ref_get16(got_ip() + 2), 0);
	eq(ref_fold(ref_sum(got_ip(), 20)), 0xffff);
	eq(ref_get16(got_th() + 16), seed_for(100020));
	eq(got.s.meta.gso_segs, 100);
	eq(got.s.meta.csum_start, 34);
	eq(got.s.meta.hdr_len, 54);

	test("R-GRO-14 up to 524280 bytes");
	gro.o.max_size = UINT32_MAX;
	start(profile, 0);
	for (uint32_t i = 0; i < 10; i++)
		push_tcp(i * 60000, (uint16_t)i, ACK, 60000);
	leaves(0, 8);
	gro.o.max_size = 524281;
	start(profile, 0);
	for (uint32_t i = 0; i < 10; i++)
		push_tcp(i * 52424, (uint16_t)i, ACK, 52424);
	flush_all();
	leaves(0, 10);
	eq(got.s.len, 14 + 524280);
	defaults();
}

static void test_big_ipv6(unsigned int profile)
{
	static const uint8_t hop[] = { 6, 0, 0xc2, 4, 0, 1, 0x86, 0xbc };

	test("R-GRO-14 BIG TCP over IPv6: a jumbo option");
	v6 = true;
	gro.o.max_size = 200000;
	start(profile, 0);
	for (uint32_t i = 0; i < 100; i++)
		push_tcp(i * 1000, 0, ACK, 1000);
	flush_all();
	eq(pop(), true);
	eq(got.s.npkt, 100);
	eq(got.s.len, 14 + 48 + 20 + 100000);
	eq(got.s.hlen, 82);
	eq(ref_get16(got_ip() + 4), 0);
	eq(got_ip()[6], 0);
	/* 0x186bc: 8 + 20 + 100000 */
	mem_eq(got_ip() + 40, 8, hop, 8);
	mem_eq(got_ip() + 7, 33, (uint8_t *)gro.iov[0].iov_base + 21, 33);
	eq(got.th, 62);
	eq(ref_get16(got_th() + 16), ref_fold(seed_for(100020)));
	eq(got.s.meta.csum_start, 62);
	eq(got.s.meta.th_off, 62);
	eq(got.s.meta.hdr_len, 82);

	test("R-GRO-14 65535 bytes behind the IPv6 header need none");
	start(profile, 0);
	/* 65515 = 5 * 13103 */
	for (uint32_t i = 0; i < 5; i++)
		push_tcp(i * 13103, 0, ACK, 13103);
	flush_all();
	leaves(0, 5);
	eq(got.s.len, 14 + 40 + 65535);
	eq(ref_get16(got_ip() + 4), 65535);
	defaults();
}

static void test_big_udp(unsigned int profile)
{
	test("R-GRO-14 UDP stays below 65536");
	gro.o.max_size = 200000;
	start(profile, SEGOFF_GRO_UDP);
	for (uint16_t i = 0; i < 47; i++)
		push_udp(i, 1400);
	flush_all();
	leaves(0, 46);
	leaves(46, 1);
	/* 20 + 8 + 65507 are 65535, and one more are too many */
	for (size_t last = 21835; last < 21837; last++) {
		start(profile, SEGOFF_GRO_UDP);
		push_udp(0, 21836);
		push_udp(1, 21836);
		why_is(push_udp(2, last),
		       last == 21835 ? SEGOFF_V_OK : SEGOFF_V_GRO_FULL);
	}
	defaults();
}

/* With extension headers the jumbo option would not come out again. */
static void test_big_extended(unsigned int profile)
{
	test("R-GRO-14 extension headers: LINUX only");
	gro.o.max_size = 200000;
	start(profile, 0);
	for (uint32_t i = 0; i < 3; i++) {
		ethernet(0x86dd);
		ipv6(60);
		extension(6, 8);
		tcp(i * 30000, ACK, 0);
		payload(30000);
		finish();
		push();
	}
	flush_all();
	eq(pop(), true);
	eq(got.s.npkt, profile == SEGOFF_GRO_LINUX ? 3 : 2);
	eq(got_ip()[6], profile == SEGOFF_GRO_LINUX ? 0 : 60);
	defaults();
}

static void test_count(unsigned int profile)
{
	test("65535 packets at most");
	gro.o.max_size = 200000;
	gro.o.packets = CAME_MAX;
	start(profile, 0);
	for (uint32_t i = 0; i < 65536; i++)
		push_tcp(i, (uint16_t)i, ACK, 1);
	leaves(0, 65535);
	eq(got.s.meta.gso_segs, 65535);
	eq(got.s.len, 54 + 65535);
	flush_all();
	leaves(65535, 1);
	defaults();
}

int main(void)
{
	defaults();
	test_bucket();
	test_lossless_flows();
	both_profiles(profile)
	{
		test_size(profile);
		test_big_ipv4(profile);
		test_big_ipv6(profile);
		test_big_udp(profile);
		test_big_extended(profile);
		test_count(profile);
	}
	free(gro.g);
	return test_end();
}

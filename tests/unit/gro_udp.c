/* SPDX-License-Identifier: MIT */
/* gro_udp.c - datagrams (R-GRO-16, and R-GRO-13, Q-5, Q-14 for them) */
#include "gro_make.h"

static void test_merge(unsigned int profile)
{
	test("R-GRO-16 equal datagrams merge");
	start(profile, SEGOFF_GRO_UDP);
	why_is(push_udp(1, 100), SEGOFF_V_GRO_FIRST);
	why_is(push_udp(2, 100), SEGOFF_V_OK);
	why_is(push_udp(3, 100), SEGOFF_V_OK);
	nothing_leaves();
	flush_all();
	leaves(0, 3);
	header_is(0, 0);
	payload_is(0, 3);
	eq(ref_get16(got_th() + 4), 8 + 300);
	eq(got.s.meta.gso_type, SEGOFF_GSO_UDP_L4);
	eq(got.s.meta.gso_size, 100);
	eq(got.s.meta.gso_segs, 3);
	eq(got.s.meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(got.s.meta.csum_start, got.th);
	eq(got.s.meta.csum_offset, 6);
	eq(got.s.meta.hdr_len, got.data);
	eq(got.s.meta.protocol, v6 ? 0x86dd : 0x0800);
}

static void test_sizes(unsigned int profile)
{
	test("R-GRO-16 a shorter datagram merges and ends");
	start(profile, SEGOFF_GRO_UDP);
	push_udp(1, 100);
	why_is(push_udp(2, 1), SEGOFF_V_OK);
	leaves(0, 2);
	why_is(push_udp(3, 1), SEGOFF_V_GRO_FIRST);

	test("R-GRO-16 a longer one starts anew");
	start(profile, SEGOFF_GRO_UDP);
	push_udp(1, 100);
	why_is(push_udp(2, 101), SEGOFF_V_GRO_LARGER);
	leaves(0, 1);
	nothing_leaves();
	why_is(push_udp(3, 101), SEGOFF_V_OK);
	flush_all();
	leaves(1, 2);

	test("R-GRO-16 at most 64");
	start(profile, SEGOFF_GRO_UDP);
	for (uint16_t i = 0; i < 130; i++) {
		ok((push_udp(i, 10) == SEGOFF_V_OK) == (i % 64 != 0));
		if (i == 62)
			nothing_leaves();
		if (i == 63)
			leaves(0, 64);
	}
	leaves(64, 64);
	flush_all();
	leaves(128, 2);
	nothing_leaves();

	test("R-GRO-13 46 x 1400");
	start(profile, SEGOFF_GRO_UDP);
	for (uint16_t i = 0; i < 47; i++)
		push_udp(i, 1400);
	flush_all();
	leaves(0, 46);
	leaves(46, 1);
}

/* Refused before anybody looks for its flow. */
static void goes_alone(unsigned int profile, enum segoff_verdict want)
{
	why_is(push(), want);
	if (profile == SEGOFF_GRO_LINUX) {
		leaves(1, 1);
		nothing_leaves();
		why_is(push_udp(2, 100), SEGOFF_V_OK);
		return;
	}
	leaves(0, 1);
	leaves(1, 1);
	nothing_leaves();
}

static void second(unsigned int profile)
{
	start(profile, SEGOFF_GRO_UDP);
	push_udp(1, 100);
	build_udp(2, 100);
}

static void test_alone(unsigned int profile)
{
	test("R-GRO-16 Q-14 check 0");
	second(profile);
	ref_put16(in_check(), 0);
	goes_alone(profile, SEGOFF_V_GRO_CSUM_NONE);

	test("R-GRO-16 Q-14 length 8, 7, 0");
	for (size_t len = 0; len < 3; len++) {
		second(profile);
		ref_put16(in_th() + 4, len ? 6 + len : 0);
		goes_alone(profile, SEGOFF_V_GRO_EMPTY);
	}

	test("R-GRO-16 Q-14 length one less, one more than there is");
	second(profile);
	ref_put16(in_th() + 4, 107);
	goes_alone(profile, SEGOFF_V_GRO_LENGTH);
	second(profile);
	ref_put16(in_th() + 4, 109);
	goes_alone(profile, SEGOFF_V_GRO_LENGTH);

	test("R-GRO-16 Q-14 wrong checksum");
	second(profile);
	in.at[in.data]++;
	goes_alone(profile, SEGOFF_V_GRO_CSUM);

	test("R-GRO-16 Q-15 padding");
	second(profile);
	in.len += 4;
	goes_alone(profile, SEGOFF_V_GRO_LENGTH);
}

static void test_reserved(unsigned int profile)
{
	test("R-GRO-10 reserved flag bit: what is held leaves first");
	second(profile);
	in_ip()[6] |= 0x80;
	put_right();
	why_is(push(), SEGOFF_V_GRO_RESERVED);
	leaves(0, 1);
	leaves(1, 1);
	nothing_leaves();
}

static void test_network(unsigned int profile)
{
	test("R-GRO-7 other ttl: starts anew");
	second(profile);
	in_ip()[8]++;
	put_right();
	why_is(push(), SEGOFF_V_GRO_IP);
	leaves(0, 1);
	nothing_leaves();

	test("R-GRO-8 neither counting nor constant: starts anew");
	start(profile, SEGOFF_GRO_UDP);
	push_udp(1, 100);
	why_is(push_udp(3, 100), SEGOFF_V_GRO_ID);
	why_is(push_udp(4, 100), SEGOFF_V_OK);
	leaves(0, 1);
	flush_all();
	leaves(1, 2);
}

static void test_fixed_id(void)
{
	test("Q-5 LINUX: equal identifications merge and are not recorded");
	start(SEGOFF_GRO_LINUX, SEGOFF_GRO_UDP);
	push_udp(7, 100);
	why_is(push_udp(7, 100), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.gso_type, SEGOFF_GSO_UDP_L4);

	test("Q-5 LOSSLESS: they are recorded");
	start(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_UDP);
	push_udp(7, 100);
	why_is(push_udp(7, 100), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.gso_type, SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_TCP_FIXEDID);
}

static void test_off(unsigned int profile)
{
	test("R-GRO-15 without SEGOFF_GRO_UDP datagrams pass, in order");
	start(profile, 0);
	why_is(push_udp(1, 100), SEGOFF_V_GRO_UDP_OFF);
	leaves(0, 1);
	why_is(push_udp(2, 100), SEGOFF_V_GRO_UDP_OFF);
	leaves(1, 1);
	eq(got.s.meta.gso_size, 0);
}

/* A datagram whose checksum comes out as zero holds 0xffff. */
static void test_zero(unsigned int profile)
{
	test("a checksum of 0xffff merges and comes back");
	start(profile, SEGOFF_GRO_UDP);
	push_udp(1, 100);
	build_udp(2, 100);
	ref_put16(in.at + in.data,
		  ref_fold((uint64_t)ref_get16(in.at + in.data) +
			   ref_get16(in_check())));
	put_right();
	eq(ref_get16(in_check()), 0xffff);
	why_is(push(), SEGOFF_V_OK);
}

int main(void)
{
	defaults();
	both_profiles(profile)
	{
		for (v6 = false;; v6 = true) {
			test_merge(profile);
			test_sizes(profile);
			test_alone(profile);
			test_off(profile);
			test_zero(profile);
			if (v6)
				break;
		}
		v6 = false;
		test_network(profile);
		test_reserved(profile);
	}
	test_fixed_id();
	free(gro.g);
	return test_end();
}

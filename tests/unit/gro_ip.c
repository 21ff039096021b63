/* SPDX-License-Identifier: MIT */
/* gro_ip.c - link and IP layers of coalescing (R-GRO-7 to R-GRO-11, R-GRO-19) */
#include "gro_make.h"

/* The second of two packets; to be changed before it is pushed. */
static void second(unsigned int profile)
{
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	build_tcp(100, 2, ACK, 0, 100);
}

static void ip_differs(unsigned int profile, size_t at, uint8_t bit)
{
	second(profile);
	in_ip()[at] ^= bit;
	put_right();
	why_is(push(), SEGOFF_V_GRO_IP);
	two_leave(0, 1, 2);
}

static void test_match(unsigned int profile)
{
	test("R-GRO-7 IPv4: ttl, tos and ECN, DF");
	v6 = false;
	ip_differs(profile, 8, 1);
	ip_differs(profile, 1, 0x04);
	ip_differs(profile, 1, 0x01);
	ip_differs(profile, 6, 0x40);

	test("R-GRO-7 IPv6: traffic class, hop limit");
	v6 = true;
	ip_differs(profile, 7, 1);
	ip_differs(profile, 0, 1);
	ip_differs(profile, 1, 0x10);
	v6 = false;
}

static void test_flow_label(void)
{
	test("R-GRO-7 LINUX: another flow label is another flow");
	v6 = true;
	second(SEGOFF_GRO_LINUX);
	in_ip()[3] ^= 1;
	put_right();
	why_is(push(), SEGOFF_V_GRO_FIRST);
	nothing_leaves();
	why_is(push_tcp(100, 3, ACK, 100), SEGOFF_V_OK);
	flush_all();
	leaves_of("02");
	leaves(1, 1);

	test("R-GRO-7 LOSSLESS: another flow label does not merge");
	ip_differs(SEGOFF_GRO_LOSSLESS, 3, 1);
	v6 = false;
}

/* Three packets with these identifications; the first @n merge. */
static void ids(unsigned int profile, uint16_t a, uint16_t b, uint16_t c,
		size_t n, uint16_t df)
{
	const uint16_t id[] = { a, b, c };

	start(profile, 0);
	for (uint32_t i = 0; i < 3; i++) {
		build_tcp(i * 100, id[i], ACK, 0, 100);
		ref_put16(in_ip() + 6, df);
		put_right();
		why_is(push(), i == 0 ? SEGOFF_V_GRO_FIRST :
			       i < n  ? SEGOFF_V_OK :
					SEGOFF_V_GRO_ID);
		if (i >= n)
			break;
	}
	flush_all();
	leaves(0, n);
	eq(ref_get16(got_ip() + 4), a);
	eq(got.s.meta.gso_type,
	   n == 1 ? 0 :
	   a == b ? SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCP_FIXEDID :
		    SEGOFF_GSO_TCPV4);
}

static void test_ids(unsigned int profile)
{
	test("R-GRO-8 counting, with and without DF");
	ids(profile, 7, 8, 9, 3, 0x4000);
	ids(profile, 7, 8, 9, 3, 0);
	test("R-GRO-8 constant, with and without DF");
	ids(profile, 7, 7, 7, 3, 0x4000);
	ids(profile, 7, 7, 7, 3, 0);
	test("R-GRO-8 identifications wrap");
	ids(profile, 0xffff, 0, 1, 3, 0x4000);
	ids(profile, 0xfffe, 0xffff, 0, 3, 0);
	test("R-GRO-8 the second packet decides");
	ids(profile, 7, 7, 8, 2, 0x4000);
	ids(profile, 7, 8, 8, 2, 0x4000);
	ids(profile, 7, 8, 7, 2, 0);
	ids(profile, 7, 7, 9, 2, 0x4000);
	test("R-GRO-8 neither");
	ids(profile, 7, 9, 9, 1, 0x4000);
	ids(profile, 7, 6, 6, 1, 0);
}

/*
 * The packet of @in is refused: under LINUX it overtakes what is held of its
 * flow, under LOSSLESS it does not.
 */
static void refused_early(unsigned int profile, enum segoff_verdict want)
{
	why_is(push(), want);
	if (profile == SEGOFF_GRO_LINUX) {
		leaves(1, 1);
		nothing_leaves();
		why_is(push_tcp(100, 2, ACK, 100), SEGOFF_V_OK);
		flush_all();
		leaves_of("02");
	} else {
		leaves(0, 1);
		leaves(1, 1);
	}
	nothing_leaves();
}

static void ip_options(void)
{
	static const uint8_t nops[4] = { 1, 1, 1, 1 };

	memmove(in_th() + 4, in_th(), in.len - in.th);
	memcpy(in_th(), nops, 4);
	in_ip()[0]++;
	in.th += 4;
	in.len += 4;
	in.data += 4;
	put_right();
}

static void test_early(unsigned int profile)
{
	test("R-GRO-9 Q-14 IPv4 options");
	second(profile);
	ip_options();
	refused_early(profile, SEGOFF_V_GRO_IP_OPTIONS);

	test("R-GRO-9 Q-14 fragments: first, middle, last");
	second(profile);
	ref_put16(in_ip() + 6, 0x2000);
	ip_lengths();
	refused_early(profile, SEGOFF_V_FRAGMENT);
	second(profile);
	ref_put16(in_ip() + 6, 0x2010);
	ip_lengths();
	refused_early(profile, SEGOFF_V_FRAGMENT);
	second(profile);
	ref_put16(in_ip() + 6, 0x0010);
	ip_lengths();
	refused_early(profile, SEGOFF_V_FRAGMENT);

	test("R-GRO-9 Q-14 wrong IPv4 header checksum");
	second(profile);
	in_ip()[11] ^= 1;
	refused_early(profile, SEGOFF_V_GRO_CSUM);

	test("R-GRO-9 Q-14 wrong transport checksum");
	for (v6 = false;; v6 = true) {
		second(profile);
		in.at[in.data + 3] ^= 1;
		refused_early(profile, SEGOFF_V_GRO_CSUM);
		if (v6)
			break;
	}
	v6 = false;

	test("R-GRO-9 Q-14 TCP header cut short, data offset below 5");
	second(profile);
	in.len = in.th + 19;
	refused_early(profile, SEGOFF_V_TRUNCATED);
	second(profile);
	in_th()[12] = 0x40;
	refused_early(profile, SEGOFF_V_TCP_HEADER);
}

static void test_ipv6_fragment(unsigned int profile)
{
	test("R-GRO-9 Q-14 IPv6 fragments");
	v6 = true;
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	ethernet(0x86dd);
	ipv6(44);
	extension(6, 8);
	tcp(100, ACK, 0);
	payload(100);
	refused_early(profile, SEGOFF_V_FRAGMENT);
	v6 = false;
}

static void refused_late(enum segoff_verdict want)
{
	why_is(push(), want);
	leaves(0, 1);
	leaves(1, 1);
	nothing_leaves();
}

static void test_late(unsigned int profile)
{
	test("R-GRO-10 Q-15 padding: no merge, order and pad bytes are kept");
	second(profile);
	memset(in.at + in.len, 0xee, 6);
	in.len += 6;
	refused_late(SEGOFF_V_GRO_LENGTH);

	test("R-GRO-10 total length beyond the packet");
	second(profile);
	ref_put16(in_ip() + 2, 1000);
	ref_put16(in_ip() + 10, 0);
	ref_put16(in_ip() + 10, ref_not(ref_fold(ref_sum(in_ip(), 20))));
	refused_late(SEGOFF_V_GRO_LENGTH);

	test("R-GRO-10 reserved flag bit: no merge, order is kept");
	second(profile);
	in_ip()[6] |= 0x80;
	put_right();
	refused_late(SEGOFF_V_GRO_RESERVED);

	test("R-GRO-10 IPv6: payload length is not what is there");
	v6 = true;
	second(profile);
	in.len += 2;
	refused_late(SEGOFF_V_GRO_LENGTH);
	v6 = false;
}

/* IPv6 with one extension header of 16 bytes, @fill in its last byte. */
static void build_extended(uint8_t kind, uint32_t seq, uint8_t fill)
{
	ethernet(0x86dd);
	ipv6(kind);
	extension(6, 16);
	in.at[in.th - 13] = 0; /* a Routing header that is used up */
	in.at[in.th - 1] = fill;
	tcp(seq, ACK, 0);
	payload(100);
	finish();
}

static void test_extensions(unsigned int profile)
{
	static const uint8_t kinds[] = { 0, 43, 60 };

	test("R-GRO-11 extension headers 0, 43, 60: equal ones merge");
	for (size_t i = 0; i < 3; i++) {
		start(profile, 0);
		build_extended(kinds[i], 0, 9);
		push();
		build_extended(kinds[i], 100, 9);
		why_is(push(), SEGOFF_V_OK);
		flush_all();
		leaves(0, 2);
		eq(got.th, 14 + 40 + 16);
		eq(ref_get16(got_ip() + 4), 16 + 20 + 200);
		eq(got.s.meta.csum_start, got.th);
		payload_is(0, 2);
	}

	test("R-GRO-11 different ones do not");
	for (size_t i = 0; i < 3; i++) {
		start(profile, 0);
		build_extended(kinds[i], 0, 9);
		push();
		build_extended(kinds[i], 100, 8);
		why_is(push(), profile == SEGOFF_GRO_LINUX ?
				       SEGOFF_V_GRO_FIRST :
				       SEGOFF_V_GRO_IP);
		two_leave(0, 1, 2);
	}
}

/* A packet behind two VLAN tags, the inner one with this tag. */
static void build_tagged(uint32_t seq, uint16_t id, uint16_t tag)
{
	ethernet(0x88a8);
	ref_put32(in.at + in.len, 0x00058100);
	ref_put16(in.at + in.len + 4, tag);
	ref_put16(in.at + in.len + 6, 0x0800);
	in.len += 8;
	ipv4(6, id, 0x4000);
	tcp(seq, ACK, 0);
	payload(100);
	finish();
}

static void test_link(unsigned int profile)
{
	const enum segoff_verdict other = profile == SEGOFF_GRO_LINUX ?
						  SEGOFF_V_GRO_FIRST :
						  SEGOFF_V_GRO_LINK;

	test("R-GRO-19 every byte of the Ethernet addresses");
	for (size_t at = 0; at < 12; at++) {
		second(profile);
		in.at[at] ^= 1;
		why_is(push(), other);
		two_leave(0, 1, 2);
	}

	test("R-GRO-19 equal VLAN tags merge");
	start(profile, 0);
	build_tagged(0, 1, 0x2007);
	push();
	build_tagged(100, 2, 0x2007);
	why_is(push(), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.net_off, 22);
	eq(ref_get16(got_ip() + 2), 240);

	test("R-GRO-19 VID, PCP and DEI must match");
	for (uint16_t bit = 1; bit; bit = (uint16_t)(bit << 1)) {
		start(profile, 0);
		build_tagged(0, 1, 0x2007);
		push();
		build_tagged(100, 2, 0x2007 ^ bit);
		why_is(push(), other);
		two_leave(0, 1, 2);
	}

	test("R-GRO-19 with and without a tag");
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	build_tagged(100, 2, 7);
	why_is(push(), other);
	two_leave(0, 1, 2);
}

static void test_hash(void)
{
	test("R-GRO-19 LINUX: another hash, same bucket: another flow");
	second(SEGOFF_GRO_LINUX);
	gro.hash = 8;
	why_is(push(), SEGOFF_V_GRO_FIRST);
	two_leave(0, 1, 2);
	test("LOSSLESS: the hash plays no part");
	second(SEGOFF_GRO_LOSSLESS);
	gro.hash = 8;
	why_is(push(), SEGOFF_V_OK);
}

int main(void)
{
	defaults();
	both_profiles(profile)
	{
		test_match(profile);
		test_ids(profile);
		test_early(profile);
		test_ipv6_fragment(profile);
		test_late(profile);
		test_extensions(profile);
		test_link(profile);
	}
	test_flow_label();
	test_hash();
	free(gro.g);
	return test_end();
}

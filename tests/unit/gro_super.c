/* SPDX-License-Identifier: MIT */
/*
 * gro_super.c - superpackets as input, what metadata says of checksums, and
 * what LOSSLESS refuses because it would not come back (R-GRO-20 to R-GRO-22)
 */
#include "gro_make.h"

/* The next packet of @n bytes is a superpacket. */
static void build_super(uint32_t seq, uint16_t id, size_t n, uint32_t type)
{
	build_tcp(seq, id, ACK, 0, n);
	gro.has_meta = true;
	gro.meta = (struct segoff_meta){
		.gso_type = type | (v6 ? SEGOFF_GSO_TCPV6 : SEGOFF_GSO_TCPV4),
		.gso_size = 100,
		.gso_segs = (uint16_t)((n + 99) / 100),
	};
}

static enum segoff_verdict push_super(uint32_t seq, uint16_t id, size_t n,
				      uint32_t type)
{
	enum segoff_verdict v;

	build_super(seq, id, n, type);
	v = push();
	gro.has_meta = false;
	return v;
}

static void test_input(unsigned int profile)
{
	test("superpackets merge with packets and with each other");
	start(profile, 0);
	push_tcp(0, 10, ACK, 100);
	why_is(push_super(100, 11, 300, 0), SEGOFF_V_OK);
	why_is(push_super(400, 14, 200, 0), SEGOFF_V_OK);
	why_is(push_tcp(600, 16, ACK, 100), SEGOFF_V_OK);
	flush_all();
	leaves(0, 4);
	eq(got.s.meta.gso_size, 100);
	eq(got.s.meta.gso_segs, 7);
	header_is(0, 0);
	payload_is(0, 4);

	test("a superpacket first; its number of segments may be left out");
	start(profile, 0);
	build_super(0, 10, 300, 0);
	gro.meta.gso_segs = 0;
	why_is(push(), SEGOFF_V_GRO_FIRST);
	gro.has_meta = false;
	why_is(push_tcp(300, 13, ACK, 100), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.gso_segs, 4);

	test("a superpacket with a shorter last segment ends");
	start(profile, 0);
	push_super(0, 10, 300, 0);
	why_is(push_super(300, 13, 250, 0), SEGOFF_V_OK);
	leaves(0, 2);
	why_is(push_super(550, 16, 250, 0), SEGOFF_V_GRO_FIRST);
	leaves(2, 1);
	eq(got.s.meta.gso_size, 100);

	test("another gso_size does not merge");
	start(profile, 0);
	push_tcp(0, 10, ACK, 99);
	why_is(push_super(99, 11, 200, 0), SEGOFF_V_GRO_LARGER);
	leaves(0, 1);
	start(profile, 0);
	push_tcp(0, 10, ACK, 200);
	why_is(push_super(200, 11, 200, 0), SEGOFF_V_GRO_LARGER);

	test("identifications count segments");
	start(profile, 0);
	push_super(0, 10, 300, 0);
	why_is(push_super(300, 11, 200, 0), SEGOFF_V_GRO_ID);
}

/* The number of segments that a superpacket claims is wrong. */
static void test_wrong_count(void)
{
	test("LINUX: a wrong number of segments ends");
	start(SEGOFF_GRO_LINUX, 0);
	push_tcp(0, 10, ACK, 100);
	build_super(100, 11, 300, 0);
	gro.meta.gso_segs = 2;
	why_is(push(), SEGOFF_V_OK);
	leaves(0, 2);
	eq(got.s.meta.gso_segs, 3);
	build_super(400, 14, 300, 0);
	gro.meta.gso_segs = 4;
	why_is(push(), SEGOFF_V_GRO_FIRST);
	leaves(2, 1);

	test("LOSSLESS: it is not believed");
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_tcp(0, 10, ACK, 100);
	build_super(100, 11, 300, 0);
	gro.meta.gso_segs = 2;
	why_is(push(), SEGOFF_V_OK);
	gro.has_meta = false;
	why_is(push_tcp(400, 14, ACK, 100), SEGOFF_V_OK);
	flush_all();
	leaves(0, 3);
	eq(got.s.meta.gso_segs, 5);
}

static void test_refused(unsigned int profile)
{
	test("R-GRO-20 a UDP superpacket goes alone, in order");
	start(profile, SEGOFF_GRO_UDP);
	push_udp(1, 100);
	build_udp(2, 200);
	gro.has_meta = true;
	gro.meta = (struct segoff_meta){ .gso_type = SEGOFF_GSO_UDP_L4,
					 .gso_size = 100,
					 .gso_segs = 2 };
	why_is(push(), SEGOFF_V_GRO_SUPER);
	leaves(0, 1);
	leaves(1, 1);
	eq(got.s.meta.gso_size, 100);
	nothing_leaves();
}

static void test_dodgy(void)
{
	test("R-GRO-20 LINUX: a DODGY superpacket goes alone, in order");
	start(SEGOFF_GRO_LINUX, 0);
	push_tcp(0, 10, ACK, 100);
	why_is(push_super(100, 11, 200, SEGOFF_GSO_DODGY), SEGOFF_V_GRO_SUPER);
	leaves(0, 1);
	leaves(1, 1);
	nothing_leaves();

	test("LOSSLESS: it merges");
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_tcp(0, 10, ACK, 100);
	why_is(push_super(100, 11, 200, SEGOFF_GSO_DODGY), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.gso_type, SEGOFF_GSO_TCPV4);
}

/* LOSSLESS: a superpacket's identifications may stay. */
static void test_fixed_id(void)
{
	const uint32_t fixed = SEGOFF_GSO_TCP_FIXEDID;

	test("LOSSLESS: a superpacket of equal IDs and one that counts on");
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_super(0, 10, 300, fixed);
	why_is(push_tcp(300, 13, ACK, 100), SEGOFF_V_GRO_ID);

	test("LOSSLESS: the other way round");
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_super(0, 10, 300, 0);
	why_is(push_super(300, 13, 200, fixed), SEGOFF_V_GRO_ID);
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_tcp(0, 10, ACK, 100);
	why_is(push_super(100, 11, 200, fixed), SEGOFF_V_GRO_ID);
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_tcp(0, 10, ACK, 100);
	why_is(push_super(100, 10, 200, 0), SEGOFF_V_GRO_ID);

	test("LOSSLESS: equal IDs all over merge");
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_tcp(0, 10, ACK, 100);
	why_is(push_super(100, 10, 200, fixed), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(got.s.meta.gso_type, SEGOFF_GSO_TCPV4 | fixed);
}

static void test_count_id(void)
{
	test("COUNT_ID: equal identifications do not merge");
	start(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_COUNT_ID | SEGOFF_GRO_UDP);
	push_tcp(0, 10, ACK, 100);
	why_is(push_tcp(100, 10, ACK, 100), SEGOFF_V_GRO_ID);
	why_is(push_tcp(200, 11, ACK, 100), SEGOFF_V_OK);
	push_udp(7, 50);
	why_is(push_udp(7, 50), SEGOFF_V_GRO_ID);
	flush_all();
	for (nout = 0; pop(); nout++)
		eq(got.s.meta.gso_type & SEGOFF_GSO_TCP_FIXEDID, 0);
	eq(nout, 4);
}

/* A superpacket that segmentation refuses goes as it came. */
static void test_types(void)
{
	static const uint32_t more[] = { SEGOFF_GSO_FRAGLIST,
					 SEGOFF_GSO_PARTIAL, SEGOFF_GSO_GRE,
					 SEGOFF_GSO_UDP_TUNNEL };

	test("LOSSLESS: superpackets of a kind that cannot be cut");
	for (size_t i = 0; i < 4; i++) {
		start(SEGOFF_GRO_LOSSLESS, 0);
		push_tcp(0, 10, ACK, 100);
		why_is(push_super(100, 11, 200, more[i]), SEGOFF_V_GRO_SUPER);
		two_leave(0, 1, 2);
	}
	start(SEGOFF_GRO_LOSSLESS, 0);
	push_tcp(0, 10, ACK, 100);
	build_super(100, 11, 200, 0);
	gro.meta.gso_type = SEGOFF_GSO_UDP_L4;
	why_is(push(), SEGOFF_V_GRO_SUPER);
	two_leave(0, 1, 2);
}

/* Two packets; the second has a wrong checksum, and this is said of it. */
static enum segoff_verdict said(unsigned int profile, uint32_t flags,
				enum segoff_checksum state, size_t csum_start)
{
	enum segoff_verdict v;

	start(profile, flags);
	push_tcp(0, 10, ACK, 100);
	build_tcp(100, 11, ACK, 0, 100);
	ref_put16(in_check(), ref_get16(in_check()) ^ 0x1111);
	gro.has_meta = true;
	gro.meta = (struct segoff_meta){ .ip_summed = (uint8_t)state,
					 .csum_start = (uint16_t)csum_start,
					 .csum_offset = 16 };
	v = push();
	gro.has_meta = false;
	return v;
}

static void test_vouched(unsigned int profile)
{
	test("UNNECESSARY, VOUCHED: the checksum is not looked at");
	why_is(said(profile, 0, SEGOFF_CHECKSUM_UNNECESSARY, 0), SEGOFF_V_OK);
	why_is(said(profile, SEGOFF_GRO_VOUCHED, SEGOFF_CHECKSUM_NONE, 0),
	       SEGOFF_V_OK);

	test("NONE, COMPLETE: it is");
	why_is(said(profile, 0, SEGOFF_CHECKSUM_NONE, 0), SEGOFF_V_GRO_CSUM);
	why_is(said(profile, 0, SEGOFF_CHECKSUM_COMPLETE, 0),
	       SEGOFF_V_GRO_CSUM);

	test("PARTIAL: unfinished at the transport header, or not at all");
	why_is(said(profile, 0, SEGOFF_CHECKSUM_PARTIAL, 34), SEGOFF_V_OK);
	why_is(said(profile, 0, SEGOFF_CHECKSUM_PARTIAL, 20),
	       SEGOFF_V_GRO_CSUM);
}

/* The second packet is as its sender left it; the verdict on it. */
static enum segoff_verdict unfinished(unsigned int profile, bool is_udp,
				      bool with_length)
{
	start(profile, SEGOFF_GRO_UDP);
	for (uint32_t i = 0; i < 2; i++) {
		if (is_udp)
			build_udp((uint16_t)i, 100);
		else
			build_tcp(100 * i, (uint16_t)i, ACK, 12, 100);
		if (!i)
			push();
	}
	ref_put16(in_check(), seed_for(with_length ? in.len - in.th : 0));
	return push();
}

static void test_partial(unsigned int profile)
{
	const bool early = profile == SEGOFF_GRO_LINUX;

	test("a partial checksum without metadata: named, and not merged");
	for (int is_udp = 0; is_udp < 2; is_udp++)
		for (int with = 0; with < 2; with++) {
			why_is(unfinished(profile, is_udp, with),
			       SEGOFF_V_GRO_PARTIAL);
			flush_all();
			leaves(early, 1);
			leaves(!early, 1);
			nothing_leaves();
		}
	test("one bit beside it is damage");
	unfinished(profile, false, true);
	ref_put16(in_check(), ref_get16(in_check()) ^ 0x0100);
	why_is(push(), SEGOFF_V_GRO_CSUM);
}

/* The second packet: its checksum is zero, in this form. */
static enum segoff_verdict zero(unsigned int profile, uint32_t flags,
				uint16_t form)
{
	uint8_t *at;

	start(profile, flags);
	push_tcp(0, 10, ACK, 100);
	build_tcp(100, 11, ACK, 0, 100);
	at = in.at + in.data;
	ref_put16(at,
		  ref_fold((uint64_t)ref_get16(at) + ref_get16(in_check())));
	put_right();
	eq(ref_get16(in_check()), 0);
	ref_put16(in_check(), form);
	return push();
}

static void test_zero_forms(unsigned int profile)
{
	const enum segoff_verdict other = profile == SEGOFF_GRO_LINUX ?
						  SEGOFF_V_OK :
						  SEGOFF_V_GRO_CSUM_FORM;

	test("a TCP checksum of 0 comes back, one of 0xffff would not");
	why_is(zero(profile, 0, 0), SEGOFF_V_OK);
	why_is(zero(profile, 0, 0xffff), other);
	test("nor if somebody vouches for it");
	why_is(zero(profile, SEGOFF_GRO_VOUCHED, 0), SEGOFF_V_OK);
	why_is(zero(profile, SEGOFF_GRO_VOUCHED, 0xffff), other);

	test("nor an IPv4 header checksum of 0xffff");
	start(profile, 0);
	build_tcp(0, 10, ACK, 0, 100);
	ref_put16(in_ip() + 4,
		  ref_fold(10u + (uint64_t)ref_get16(in_ip() + 10)));
	ref_put16(in_ip() + 10, 0xffff);
	why_is(push(), other ? other : SEGOFF_V_GRO_FIRST);
	start(profile, 0);
	ref_put16(in_ip() + 10, 0);
	why_is(push(), SEGOFF_V_GRO_FIRST);
}

/* Routing header with a segment left: another final destination. */
static void build_routed(uint32_t seq)
{
	ethernet(0x86dd);
	ipv6(43);
	extension(6, 24);
	in.at[in.th - 22] = 0;
	in.at[in.th - 21] = 1;
	for (size_t i = 0; i < 16; i++)
		in.at[in.th - 16 + i] = (uint8_t)(0x40 + i);
	tcp(seq, ACK, 0);
	payload(100);
	finish();
}

/* As RFC 8200 8.1 wants the checksum: about the final destination. */
static void about_final(void)
{
	struct ref_pkt p = { in.at, in.len, in.link };
	struct ref_checksum c;

	ref_checksum(&p, true, &c);
	ref_put16(in.at + c.field, c.right);
}

static void test_routing(void)
{
	test("a Routing header in use: checksum about the header's address");
	both_profiles(profile)
	{
		start(profile, 0);
		build_routed(0);
		why_is(push(), SEGOFF_V_GRO_FIRST);
		build_routed(100);
		why_is(push(), SEGOFF_V_OK);
	}
	test("about the final destination: alone");
	both_profiles(profile)
	{
		start(profile, 0);
		build_routed(0);
		about_final();
		why_is(push(), SEGOFF_V_GRO_CSUM);
	}
	test("LOSSLESS: even if somebody vouches for it");
	start(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_VOUCHED);
	build_routed(0);
	about_final();
	push();
	build_routed(100);
	about_final();
	ok(push() != SEGOFF_V_OK);
}

static void test_long_headers(unsigned int profile)
{
	test("headers longer than 512 bytes: alone; LOSSLESS: in order");
	start(profile, 0);
	v6 = true;
	push_tcp(0, 1, ACK, 100);
	ethernet(0x86dd);
	ipv6(60);
	extension(6, 448);
	tcp(100, ACK, 0);
	payload(100);
	finish();
	why_is(push(), SEGOFF_V_GRO_HEADERS);
	if (profile == SEGOFF_GRO_LOSSLESS)
		leaves(0, 1);
	leaves(1, 1);
	v6 = false;
}

/* Segments of a superpacket, pushed; the superpacket is in @whole. */
static void back(unsigned int profile, uint32_t type, uint16_t size,
		 const uint8_t *whole, size_t len)
{
	struct segoff_meta m = meta_for(type | SEGOFF_GSO_DODGY, size);

	gro.n = gro.used = 0;
	start(profile, SEGOFF_GRO_UDP);
	ok(cut(&m) > 1);
	for (size_t i = 0; i < nout; i++) {
		in.len = out[i].len;
		memcpy(in.at, out[i].at, in.len);
		push();
	}
	flush_all();
	leaves(0, nout);
	mem_eq(got.at, got.s.len, whole, len);
	eq(got.s.meta.gso_type, type);
	eq(got.s.meta.gso_size, size);
	eq(got.s.meta.gso_segs, nout);
}

static void test_back(unsigned int profile)
{
	static void (*const make[])(size_t) = { tcp4, tcp6, udp4, udp6 };
	static const uint32_t type[] = { SEGOFF_GSO_TCPV4, SEGOFF_GSO_TCPV6,
					 SEGOFF_GSO_UDP_L4, SEGOFF_GSO_UDP_L4 };
	static uint8_t whole[70000];

	test("R-GRO-22 segments of a superpacket merge back to it");
	for (size_t i = 0; i < 4; i++) {
		make[i](6310);
		memcpy(whole, in.at, in.len);
		back(profile, type[i], 100, whole, in.len);
	}
	test("R-GRO-22 with equal identifications, FIN and PSH");
	tcp4(5000);
	in_th()[13] |= FIN | PSH;
	memcpy(whole, in.at, in.len);
	back(profile, SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCP_FIXEDID, 1448, whole,
	     in.len);
}

int main(void)
{
	both_profiles(profile)
	{
		defaults();
		test_input(profile);
		test_refused(profile);
		test_vouched(profile);
		test_partial(profile);
		test_zero_forms(profile);
		test_long_headers(profile);
		test_back(profile);
	}
	test_wrong_count();
	test_dodgy();
	test_fixed_id();
	test_count_id();
	test_types();
	test_routing();
	free(gro.g);
	return test_end();
}

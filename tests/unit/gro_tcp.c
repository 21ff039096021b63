/* SPDX-License-Identifier: MIT */
/* gro_tcp.c - TCP coalescing (R-GRO-1 to R-GRO-6) */
#include "gro_make.h"

static void meta_is(uint32_t type, uint16_t size, uint16_t segs)
{
	const struct segoff_meta *m = &got.s.meta;

	eq(m->gso_type, type);
	eq(m->gso_size, size);
	eq(m->gso_segs, segs);
	eq(m->hdr_len, got.data);
	eq(m->ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(m->encapsulation, 0);
	eq(m->csum_start, got.th);
	eq(m->csum_offset, 16);
	eq(m->protocol, v6 ? 0x86dd : 0x0800);
	eq(m->mac_off, 0);
	eq(m->net_off, 14);
	eq(m->th_off, got.th);
}

static void test_merge(unsigned int profile)
{
	start(profile, 0);
	gro.time = 17;
	why_is(push_tcp(1000, 1, ACK, 100), SEGOFF_V_GRO_FIRST);
	gro.time = 18;
	why_is(push_tcp(1100, 2, ACK, 100), SEGOFF_V_OK);
	why_is(push_tcp(1200, 3, ACK, 100), SEGOFF_V_OK);
	nothing_leaves();
	flush_all();
	leaves(0, 3);
	eq(got.s.cookie, 0);
	eq(got.s.time, 17);
	eq(got.s.len, 14 + (v6 ? 60 : 40) + 300);
	eq(got.s.hlen, got.data);
	header_is(0, 0);
	payload_is(0, 3);
	meta_is(v6 ? SEGOFF_GSO_TCPV6 : SEGOFF_GSO_TCPV4, 100, 3);
	nothing_leaves();
}

/* The header of three times 100 bytes, written down. */
static void test_bytes(unsigned int profile)
{
	static const uint8_t want[] = {
		2,    0,    0,	  0,	0,    2,    2,	  0,	0,
		0,    0,    1,	  0x08, 0x00, 0x45, 0,	  0x01, 0x54,
		0,    1,    0x40, 0,	64,   6,    0x25, 0xa1, 10,
		0,    0,    1,	  10,	0,    0,    2,	  0x1f, 0x90,
		0xc3, 0x50, 0,	  0,	0x03, 0xe8, 0x11, 0x22, 0x33,
		0x44, 0x50, 0x10, 2,	0,    0x15, 0x49, 0xab, 0xcd
	};

	start(profile, 0);
	push_tcp(1000, 1, ACK, 100);
	push_tcp(1100, 2, ACK, 100);
	push_tcp(1200, 3, ACK, 100);
	flush_all();
	leaves(0, 3);
	mem_eq(got.at, 54, want, 54);
}

static void test_sizes(unsigned int profile)
{
	test("R-GRO-2 a shorter segment merges as the last");
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	why_is(push_tcp(100, 2, ACK, 99), SEGOFF_V_OK);
	leaves(0, 2);
	eq(got.s.meta.gso_size, 100);
	eq(got.s.meta.gso_segs, 2);
	eq(got.s.len - got.data, 199);
	why_is(push_tcp(199, 3, ACK, 99), SEGOFF_V_GRO_FIRST);
	why_is(push_tcp(298, 4, ACK, 99), SEGOFF_V_OK);
	flush_all();
	leaves(2, 2);

	test("R-GRO-2 a longer segment starts anew");
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	why_is(push_tcp(100, 2, ACK, 101), SEGOFF_V_GRO_LARGER);
	leaves(0, 1);
	nothing_leaves();
	why_is(push_tcp(201, 3, ACK, 101), SEGOFF_V_OK);
	flush_all();
	leaves(1, 2);

	test("R-GRO-2 no payload: not held, and its flow leaves first");
	start(profile, 0);
	why_is(push_tcp(0, 1, ACK, 0), SEGOFF_V_GRO_EMPTY);
	leaves(0, 1);
	push_tcp(0, 2, ACK, 100);
	why_is(push_tcp(100, 3, ACK, 0), SEGOFF_V_GRO_EMPTY);
	leaves(1, 1);
	leaves(2, 1);
	nothing_leaves();
}

/* A last packet with these flags merges and ends; a first one goes alone. */
static void last_flag(unsigned int profile, uint16_t flag)
{
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	push_tcp(100, 2, ACK, 100);
	why_is(push_tcp(200, 3, ACK | flag, 100), SEGOFF_V_OK);
	leaves(0, 3);
	header_is(0, (uint8_t)flag);
	eq(got_th()[13], ACK | flag);
	why_is(push_tcp(300, 4, ACK | flag, 100), SEGOFF_V_GRO_FIRST);
	leaves(3, 1);
	nothing_leaves();
	why_is(push_tcp(400, 5, ACK, 100), SEGOFF_V_GRO_FIRST);
	nothing_leaves();
	flush_all();
	leaves(4, 1);
}

/* Neither after a packet without it, nor after one with it. */
static void never_merges(unsigned int profile, uint16_t flag)
{
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	why_is(push_tcp(100, 2, ACK | flag, 100), SEGOFF_V_GRO_FLAGS);
	leaves(0, 1);
	ok(push_tcp(200, 3, ACK | flag, 100) != SEGOFF_V_OK);
	ok(push_tcp(300, 4, ACK, 100) != SEGOFF_V_OK);
	flush_all();
	leaves(1, 1);
	leaves(2, 1);
	leaves(3, 1);
	nothing_leaves();
}

static void merges_if_equal(unsigned int profile, uint16_t flag)
{
	start(profile, 0);
	push_tcp(0, 1, ACK | flag, 100);
	why_is(push_tcp(100, 2, ACK | flag, 100), SEGOFF_V_OK);
	why_is(push_tcp(200, 3, ACK, 100), SEGOFF_V_GRO_FLAGS);
	why_is(push_tcp(300, 4, ACK | flag, 100), SEGOFF_V_GRO_FLAGS);
	flush_all();
	leaves(0, 2);
	eq(ref_get16(got_th() + 12) & 0xfff, ACK | flag);
	leaves(2, 1);
	leaves(3, 1);
}

static void test_flags(unsigned int profile)
{
	test("R-GRO-3 PSH on the last merges, on the first goes alone");
	last_flag(profile, PSH);
	test("R-GRO-3 FIN on the last merges, on the first goes alone");
	last_flag(profile, FIN);
	test("R-GRO-3 FIN and PSH together");
	last_flag(profile, FIN | PSH);
	test("R-GRO-4 SYN, RST, URG and CWR never merge");
	never_merges(profile, SYN);
	never_merges(profile, RST);
	never_merges(profile, URG);
	never_merges(profile, CWR);
	test("R-GRO-4 ECE and AE merge if equal");
	merges_if_equal(profile, ECE);
	merges_if_equal(profile, AE);
	test("R-GRO-4 without ACK, or with reserved bits, if equal");
	merges_if_equal(profile, 0x200);
	merges_if_equal(profile, 0xc00);
}

/* A byte of the TCP header that must be equal. */
static void must_match(unsigned int profile, size_t at,
		       enum segoff_verdict want)
{
	start(profile, 0);
	build_tcp(0, 1, ACK, 12, 100);
	push();
	build_tcp(100, 2, ACK, 12, 100);
	in_th()[at] ^= 1;
	put_right();
	why_is(push(), want);
	two_leave(0, 1, 2);
}

static void test_fields(unsigned int profile)
{
	test("R-GRO-5 ack, window, every option byte must match");
	for (size_t at = 8; at < 12; at++)
		must_match(profile, at, SEGOFF_V_GRO_ACK);
	must_match(profile, 14, SEGOFF_V_GRO_WINDOW);
	must_match(profile, 15, SEGOFF_V_GRO_WINDOW);
	for (size_t at = 20; at < 32; at++)
		must_match(profile, at, SEGOFF_V_GRO_OPTIONS);

	test("R-GRO-5 reserved bits must match");
	for (unsigned int bit = 1; bit < 4; bit++) {
		start(profile, 0);
		push_tcp(0, 1, ACK, 100);
		why_is(push_tcp(100, 2, (uint16_t)(ACK | 0x100 << bit), 100),
		       SEGOFF_V_GRO_FLAGS);
	}

	test("R-GRO-5 data offset must match");
	start(profile, 0);
	build_tcp(0, 1, ACK, 4, 100);
	push();
	build_tcp(100, 2, ACK, 8, 100);
	why_is(push(), SEGOFF_V_GRO_FLAGS);
	two_leave(0, 1, 2);

	test("R-GRO-5 equal options merge");
	start(profile, 0);
	build_tcp(0, 1, ACK, 40, 100);
	push();
	build_tcp(100, 2, ACK, 40, 100);
	why_is(push(), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	header_is(0, 0);
	payload_is(0, 2);
}

static void test_urgent_pointer(void)
{
	test("R-GRO-5 Q-7 LINUX: the urgent pointer is not compared");
	start(SEGOFF_GRO_LINUX, 0);
	push_tcp(0, 1, ACK, 100);
	build_tcp(100, 2, ACK, 0, 100);
	in_th()[19] ^= 1;
	put_right();
	why_is(push(), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	eq(ref_get16(got_th() + 18), 0xabcd);

	test("Q-7 LOSSLESS: it is, or it would be lost");
	must_match(SEGOFF_GRO_LOSSLESS, 18, SEGOFF_V_GRO_URGENT);
	must_match(SEGOFF_GRO_LOSSLESS, 19, SEGOFF_V_GRO_URGENT);
}

static void sequence(unsigned int profile, uint32_t seq)
{
	start(profile, 0);
	push_tcp(1000, 1, ACK, 100);
	push_tcp(1100, 2, ACK, 100);
	why_is(push_tcp(seq, 3, ACK, 100), SEGOFF_V_GRO_SEQ);
	leaves(0, 2);
	why_is(push_tcp(seq + 100, 4, ACK, 100), SEGOFF_V_OK);
	flush_all();
	leaves(2, 2);
	nothing_leaves();
}

static void test_sequence(unsigned int profile)
{
	test("R-GRO-6 a gap, an overlap, a duplicate, one from before");
	sequence(profile, 1300);
	sequence(profile, 1201);
	sequence(profile, 1199);
	sequence(profile, 1100);
	sequence(profile, 900);

	test("R-GRO-6 sequence numbers wrap");
	start(profile, 0);
	push_tcp(0xffffffce, 1, ACK, 100);
	why_is(push_tcp(50, 2, ACK, 100), SEGOFF_V_OK);
}

/* Three flows; the first of them has two packets. */
static void leaves_any_order(void)
{
	size_t n = 0;

	for (; pop(); n++)
		eq(got.s.npkt, got.cookie[0] ? 1 : 2);
	eq(n, 3);
}

static void test_flows(unsigned int profile)
{
	test("other ports and addresses are other flows");
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	build_tcp(0, 7, ACK, 0, 100);
	in_th()[1] ^= 1;
	put_right();
	why_is(push(), SEGOFF_V_GRO_FIRST);
	build_tcp(0, 9, ACK, 0, 100);
	in_ip()[v6 ? 23 : 15] ^= 4;
	put_right();
	why_is(push(), SEGOFF_V_GRO_FIRST);
	nothing_leaves();
	why_is(push_tcp(100, 2, ACK, 100), SEGOFF_V_OK);
	flush_all();
	leaves_any_order();
}

int main(void)
{
	both_profiles(profile)
	{
		defaults();
		test("R-GRO-1 three packets, byte by byte");
		test_bytes(profile);
		for (v6 = false;; v6 = true) {
			test("R-GRO-1 lengths, seed, metadata, order");
			test_merge(profile);
			test_sizes(profile);
			test_flags(profile);
			test_fields(profile);
			test_sequence(profile);
			test_flows(profile);
			if (v6)
				break;
		}
	}
	defaults();
	test_urgent_pointer();
	free(gro.g);
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/*
 * gro_outer.c - tunnels as Linux coalesces them, where nobody would guess it
 * (R-GRO-18, R-GRO-9, Q-14)
 */
#include "gro_make.h"

#define OUTER_NET 14
#define OUTER_TH  34

static size_t carried = 100;

/* Lengths and checksums of the outer headers; @extra: added to the length. */
static void outer_right(size_t check, bool has_sum, uint16_t extra)
{
	uint8_t *ip = in.at + OUTER_NET, *p = in.at + OUTER_TH;
	uint64_t sum = 0;

	ref_put16(ip + 2, in.len - OUTER_NET + extra);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, 20))));
	ref_put16(p + check, 0);
	if (ip[9] == 17) {
		ref_put16(p + 4, in.len - OUTER_TH);
		sum = ref_sum(ip + 12, 8) + 17 + in.len - OUTER_TH;
	}
	if (has_sum)
		ref_put16(
			p + check,
			ref_not(ref_fold(sum + ref_sum(p, in.len - OUTER_TH))));
}

static void inner(uint32_t seq, uint16_t id, size_t n)
{
	ipv4(6, id, 0x4000);
	tcp(seq, ACK, 0);
	payload(n);
	finish();
}

/* With a checksum, and perhaps a key. */
static enum segoff_verdict push_gre(uint32_t seq, uint16_t id, bool key,
				    size_t n)
{
	const uint8_t gre[12] = {
		key ? 0xa0 : 0x80, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 7
	};

	ethernet(0x0800);
	ipv4(47, id, 0x4000);
	put(gre, key ? 12 : 8);
	inner(seq, id, n);
	outer_right(4, true, 0);
	return push();
}

static enum segoff_verdict push_vxlan(uint32_t seq, uint16_t id, bool has_sum,
				      uint16_t extra)
{
	static const uint8_t vxlan[] = { 0x12, 0x34, 0x12, 0xb5, 0, 0, 0, 0,
					 8,    0,    0,	   0,	 0, 0, 7, 0 };
	static const uint8_t link[] = {
		2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 8, 0
	};

	ethernet(0x0800);
	ipv4(17, id, 0x4000);
	put(vxlan, sizeof(vxlan));
	put(link, sizeof(link));
	inner(seq, id, carried);
	outer_right(6, has_sum, extra);
	return push();
}

static void gre_checksum_for_key(void)
{
	test("R-GRO-18 Linux compares GRE's checksum where it looks for the key");
	start(SEGOFF_GRO_LINUX, 0);
	why_is(push_gre(0, 1, false, 100), SEGOFF_V_GRO_FIRST);
	why_is(push_gre(100, 2, false, 60), SEGOFF_V_OK);
	start(SEGOFF_GRO_LINUX, 0);
	why_is(push_gre(0, 1, true, 100), SEGOFF_V_GRO_FIRST);
	why_is(push_gre(100, 2, true, 100), SEGOFF_V_OK);
	why_is(push_gre(200, 3, true, 60), SEGOFF_V_GRO_FIRST);
	flush_all();
	leaves(0, 2);
	leaves(2, 1);
	start(SEGOFF_GRO_LOSSLESS, 0);
	why_is(push_gre(0, 1, true, 100), SEGOFF_V_GRO_FIRST);
	why_is(push_gre(100, 2, true, 60), SEGOFF_V_OK);
}

static void sum_makes_a_flow(void)
{
	test("R-GRO-18 to Linux a tunnel without checksums is another flow");
	start(SEGOFF_GRO_LINUX, 0);
	why_is(push_vxlan(0, 1, true, 0), SEGOFF_V_GRO_FIRST);
	why_is(push_vxlan(100, 2, true, 0), SEGOFF_V_OK);
	carried = 60; /* so that it is not taken for one of them at once */
	why_is(push_vxlan(200, 3, false, 0), SEGOFF_V_GRO_FIRST);
	carried = 100;
	nothing_leaves();
	why_is(push_vxlan(200, 3, true, 0), SEGOFF_V_OK);
	nothing_leaves();
}

static void given_up_behind_a_checksum(void)
{
	test("Q-14 a wrong outer length overtakes, if there is a checksum");
	start(SEGOFF_GRO_LINUX, 0);
	push_vxlan(0, 1, true, 0);
	why_is(push_vxlan(100, 2, true, 4), SEGOFF_V_GRO_LENGTH);
	leaves(1, 1);
	nothing_leaves();
	start(SEGOFF_GRO_LINUX, 0);
	push_vxlan(0, 1, false, 0);
	why_is(push_vxlan(100, 2, false, 4), SEGOFF_V_GRO_LENGTH);
	leaves(0, 1);
	leaves(1, 1);
}

/* What was given up is not verified, so a wrong checksum changes nothing. */
static void given_up_and_wrong(void)
{
	test("Q-14 of what was given up no checksum is verified");
	start(SEGOFF_GRO_LINUX, 0);
	push_gre(0, 1, false, 100);
	push_gre(100, 2, false, 100);
	ethernet(0x0800);
	ipv4(47, 3, 0x4000);
	put("\x80\0\x08\0\0\0\0\0", 8);
	inner(200, 3, 100);
	outer_right(4, true, 4);
	in.at[in.len - 1] ^= 1;
	why_is(push(), SEGOFF_V_GRO_LENGTH);
	leaves(0, 2);
	leaves(2, 1);
}

/* VXLAN over IPv6; the outer header begins with @first. */
static enum segoff_verdict push_over_ipv6(uint32_t seq, uint8_t first)
{
	static const uint8_t vxlan[] = { 0x12, 0x34, 0x12, 0xb5, 0, 0, 0, 0,
					 8,    0,    0,	   0,	 0, 0, 7, 0 };
	static const uint8_t link[] = {
		2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 8, 0
	};
	uint8_t *ip = in.at + 14, *p = in.at + 54;
	size_t n;

	ethernet(0x86dd);
	ipv6(17);
	put(vxlan, sizeof(vxlan));
	put(link, sizeof(link));
	inner(seq, 1, 100);
	n = in.len - 54;
	ip[0] = first;
	ref_put16(ip + 4, n);
	ref_put16(p + 4, n);
	ref_put16(p + 6, ref_not(ref_fold(ref_sum(ip + 8, 32) + 17 + n +
					  ref_sum(p, n))));
	return push();
}

static void outer_version_claimed(void)
{
	test("R-GRO-18 an outer IPv6 header that claims another version");
	start(SEGOFF_GRO_LINUX, 0);
	why_is(push_over_ipv6(0, 0x61), SEGOFF_V_GRO_FIRST);
	why_is(push_over_ipv6(100, 0x41), SEGOFF_V_GRO_FIRST);
	nothing_leaves();
}

int main(void)
{
	gre_checksum_for_key();
	sum_makes_a_flow();
	given_up_behind_a_checksum();
	given_up_and_wrong();
	outer_version_claimed();
	return test_end();
}

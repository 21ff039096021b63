/* SPDX-License-Identifier: MIT */
/*
 * gro_tunnel.c - what a packet in a tunnel must share with the one before, and
 * what makes it go alone (R-GRO-18, R-GRO-7 to R-GRO-11, R-GRO-19)
 */
#include "gro_tunnel_make.h"

/**
 * struct rule - a byte of a header that differs in the second packet
 * @what: what is tested
 * @names: headers
 * @header: which of them, by its name
 * @nth: of those with this name
 * @at: where in it
 * @flip: bits that differ
 * @lossless: verdict
 * @as_linux: verdict
 */
struct rule {
	const char *what;
	const char *names;
	const char *header;
	size_t nth;
	size_t at;
	uint8_t flip;
	enum segoff_verdict lossless;
	enum segoff_verdict as_linux;
};

#define V4     "eth ip4 vxlan* eth ip4 tcp"
#define V6     "eth ip6 vxlan* eth ip6 tcp"
#define FIRST  SEGOFF_V_GRO_FIRST
#define IP     SEGOFF_V_GRO_IP
#define TUNNEL SEGOFF_V_GRO_TUNNEL
#define LINK   SEGOFF_V_GRO_LINK
#define NOT_IP SEGOFF_V_NOT_IP

/* To Linux what is not of the same flow follows nothing. */
static const struct rule rules[] = {
	{ "R-GRO-18 outer type of service", V4, "ip4", 0, 1, 4, IP, IP },
	{ "R-GRO-18 outer time to live", V4, "ip4", 0, 8, 1, IP, IP },
	{ "R-GRO-18 outer DF", V4, "ip4", 0, 6, 0x40, IP, IP },
	{ "R-GRO-18 outer identification", V4, "ip4", 0, 4, 1, SEGOFF_V_GRO_ID,
	  SEGOFF_V_GRO_ID },
	{ "R-GRO-18 outer source", V4, "ip4", 0, 15, 1, FIRST, FIRST },
	{ "R-GRO-18 outer destination", V4, "ip4", 0, 19, 1, FIRST, FIRST },
	{ "R-GRO-18 inner type of service", V4, "ip4", 1, 1, 4, IP, IP },
	{ "R-GRO-18 inner identification", V4, "ip4", 1, 4, 1, SEGOFF_V_GRO_ID,
	  SEGOFF_V_GRO_ID },
	{ "R-GRO-18 outer traffic class", V6, "ip6", 0, 1, 0x10, IP, IP },
	{ "R-GRO-18 outer flow label", V6, "ip6", 0, 3, 1, IP, FIRST },
	{ "R-GRO-18 outer hop limit", V6, "ip6", 0, 7, 1, IP, IP },
	{ "R-GRO-18 outer source", V6, "ip6", 0, 23, 1, FIRST, FIRST },
	{ "R-GRO-18 outer destination", V6, "ip6", 0, 39, 1, FIRST, FIRST },
	{ "R-GRO-18 inner flow label", V6, "ip6", 1, 3, 1, IP, FIRST },
	{ "R-GRO-18 outer source port", V4, "vxlan", 0, 1, 1, FIRST, FIRST },
	{ "R-GRO-18 VXLAN flags", V4, "vxlan", 0, 8, 1, TUNNEL, FIRST },
	{ "R-GRO-18 VXLAN reserved bits", V4, "vxlan", 0, 10, 1, TUNNEL,
	  FIRST },
	{ "R-GRO-18 VNI", V4, "vxlan", 0, 14, 1, FIRST, FIRST },
	{ "R-GRO-18 VXLAN reserved byte", V4, "vxlan", 0, 15, 1, TUNNEL,
	  FIRST },
	{ "R-GRO-18 inner destination MAC", V4, "eth", 1, 5, 1, LINK, FIRST },
	{ "R-GRO-18 inner source MAC", V4, "eth", 1, 11, 1, LINK, FIRST },
	{ "R-GRO-18 inner VLAN tag", "eth ip4 vxlan eth vlan ip4 tcp", "vlan",
	  0, 1, 1, LINK, FIRST },
	{ "R-GRO-18 VXLAN-GPE VNI", "eth ip4 gpe ip4 tcp", "gpe", 0, 12, 1,
	  FIRST, FIRST },
	{ "R-GRO-18 Geneve option", "eth ip4 geneve ip4 tcp", "geneve", 0, 20,
	  1, TUNNEL, FIRST },
	{ "R-GRO-18 Geneve critical bit", "eth ip4 geneve ip4 tcp", "geneve", 0,
	  9, 0x40, TUNNEL, FIRST },
	{ "R-GRO-18 Geneve VNI", "eth ip4 geneve ip4 tcp", "geneve", 0, 13, 1,
	  FIRST, FIRST },
	{ "R-GRO-18 GRE key", "eth ip4 gre-key ip4 tcp", "gre-key", 0, 7, 1,
	  FIRST, FIRST },
	{ "R-GRO-18 MPLS label", "eth ip4 gre mpls ip4 tcp", "mpls", 0, 1, 1,
	  TUNNEL, NOT_IP },
	{ "R-GRO-18 PPPoE session", "eth ip4 gre eth pppoe ip4 tcp", "pppoe", 0,
	  3, 1, LINK, NOT_IP },
	{ "R-GRO-18 window", V4, "tcp", 0, 15, 1, SEGOFF_V_GRO_WINDOW,
	  SEGOFF_V_GRO_WINDOW },
	{ "R-GRO-18 inner source port", V4, "tcp", 0, 1, 1, FIRST, FIRST },
};

static void one_field(unsigned int profile, const struct rule *r)
{
	enum segoff_verdict v = profile == SEGOFF_GRO_LINUX ? r->as_linux :
							      r->lossless;

	begin_train(profile, 0, r->names, 3);
	push_next(0);
	expect(1, SIZE, 0);
	want_at[part[part_of(r->header, r->nth)].at + r->at] ^= r->flip;
	want_sums();
	why_is(push_want(), v);
	two_leave(0, 1, 2);
}

static void fields(void)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		test(rules[i].what);
		both_profiles(profile) one_field(profile, &rules[i]);
	}
}

/* The second packet with one byte changed, all else as it was. */
static enum segoff_verdict push_damaged(const char *header, size_t at,
					uint8_t flip)
{
	expect(gro.n, SIZE, 0);
	want_at[part[part_of(header, 0)].at + at] ^= flip;
	return push_want();
}

static void damaged(unsigned int profile, const char *names, const char *header,
		    size_t at, enum segoff_verdict v)
{
	begin_train(profile, 0, names, 3);
	push_next(0);
	why_is(push_damaged(header, at, 1), v);
	flush_all();
	if (v == SEGOFF_V_OK)
		leaves(0, 2);
}

static void outer_flaws(void)
{
	test("R-GRO-9 a wrong outer checksum: IPv4, UDP, GRE");
	both_profiles(profile)
	{
		damaged(profile, V4, "ip4", 10, SEGOFF_V_GRO_CSUM);
		damaged(profile, V4, "vxlan", 6, SEGOFF_V_GRO_CSUM);
		damaged(profile, V6, "vxlan", 7, SEGOFF_V_GRO_CSUM);
		damaged(profile, "eth ip4 gre* ip4 tcp", "gre", 4,
			SEGOFF_V_GRO_CSUM);
		damaged(profile, "eth ip4 ip4 tcp", "tcp", 16,
			SEGOFF_V_GRO_CSUM);
	}
	test("R-GRO-10 a wrong outer length");
	both_profiles(profile)
	{
		damaged(profile, "eth ip6 ip4 tcp", "ip6", 5,
			SEGOFF_V_GRO_LENGTH);
		damaged(profile, V6, "ip6", 5, SEGOFF_V_GRO_LENGTH);
	}
	damaged(SEGOFF_GRO_LOSSLESS, "eth ip4 gre eth pppoe ip4 tcp", "pppoe",
		5, SEGOFF_V_GRO_LENGTH);
	test("R-GRO-18 the length of a tunnel's UDP header is not Linux's affair");
	damaged(SEGOFF_GRO_LOSSLESS, "eth ip4 vxlan eth ip4 tcp", "vxlan", 5,
		SEGOFF_V_GRO_LENGTH);
	damaged(SEGOFF_GRO_LINUX, "eth ip4 vxlan eth ip4 tcp", "vxlan", 5,
		SEGOFF_V_OK);
}

/* The outer IPv4 header, its checksum right. */
static enum segoff_verdict push_outer(size_t at, uint8_t flip)
{
	expect(gro.n, SIZE, 0);
	want_at[part[part_of("ip4", 0)].at + at] ^= flip;
	want_sums();
	return push_want();
}

static void outer_flags(void)
{
	test("R-GRO-9, R-GRO-10 outer fragments, and the reserved bit");
	both_profiles(profile)
	{
		begin_train(profile, 0, "eth ip4 ip4 tcp", 4);
		push_next(0);
		why_is(push_outer(6, 0x80), SEGOFF_V_GRO_RESERVED);
		leaves(0, 1);
		leaves(1, 1);
		why_is(push_outer(6, 0x20), SEGOFF_V_FRAGMENT);
		leaves(2, 1);
		why_is(push_outer(7, 1), SEGOFF_V_FRAGMENT);
		leaves(3, 1);
	}
}

static void padding(void)
{
	test("R-GRO-10 Ethernet padding behind a tunnel");
	both_profiles(profile)
	{
		begin_train(profile, 0, "eth ip4 ip4 tcp", 2);
		push_next(0);
		expect(1, SIZE, 0);
		memset(want_at + want_len, 0, 4);
		want_len += 4;
		why_is(push_want(), SEGOFF_V_GRO_LENGTH);
		two_leave(0, 1, 2);
	}
}

/* A GUE header with a bit of its flags changed, and what Linux says then. */
static void gue_flag(const char *gue, size_t at, uint8_t flip)
{
	char names[40];

	snprintf(names, sizeof(names), "eth ip4 %s ip4 tcp", gue);
	both_profiles(profile)
	{
		bool as_linux = profile == SEGOFF_GRO_LINUX;

		begin_train(profile, 0, names, 3);
		push_next(0);
		why_is(push_damaged(gue, at, flip),
		       as_linux ? SEGOFF_V_GRO_NESTED : TUNNEL);
		if (as_linux)
			leaves(1, 1);
		flush_all();
		leaves(0, 1);
		if (!as_linux)
			leaves(1, 1);
	}
}

static void gue_flags(void)
{
	test("R-GRO-18 Linux looks behind no GUE with flags it does not know");
	gue_flag("gue", 10, 1);
	gue_flag("gue", 11, 2);
	gue_flag("gue-private", 11, 2);
	gue_flag("gue-private", 12, 0x40);
	gue_flag("gue-private", 15, 1);
	test("R-GRO-18 nor with flags whose fields are not there");
	gue_flag("gue", 11, 1);
	gue_flag("gue-private", 12, 0x80);
}

static void both_or_none(void)
{
	test("R-GRO-18 outer checksums are both there, or both not");
	both_profiles(profile)
	{
		begin_train(profile, 0, V4, 3);
		push_next(0);
		expect(1, SIZE, 0);
		ref_put16(want_at + part[2].at + 6, 0);
		why_is(push_want(), profile == SEGOFF_GRO_LINUX ?
					    FIRST :
					    SEGOFF_V_GRO_CSUM_NONE);
		two_leave(0, 1, 2);
	}
}

/* GRE's checksum made right with something behind it. */
static enum segoff_verdict push_gre_with(uint16_t reserved)
{
	uint8_t *gre = want_at + part[2].at;

	expect(gro.n, SIZE, 0);
	ref_put16(gre + 6, reserved);
	want_at[part[2].at + 4] = want_at[part[2].at + 5] = 0;
	ref_put16(gre + 4,
		  ref_not(ref_fold(ref_sum(gre, want_len - part[2].at))));
	return push_want();
}

static void gre_forms(void)
{
	test("R-GRO-22 LOSSLESS merges no GRE that comes back otherwise");
	begin_train(SEGOFF_GRO_LOSSLESS, 0, "eth ip4 gre* ip4 tcp", 3);
	push_next(0);
	why_is(push_gre_with(7), SEGOFF_V_GRO_RESERVED);
}

static void gre_not_compared(void)
{
	test("R-GRO-18 Linux compares nothing behind a GRE checksum but a key");
	begin_train(SEGOFF_GRO_LINUX, 0, "eth ip4 gre* ip4 tcp", 3);
	why_is(push_gre_with(7), FIRST);
	why_is(push_gre_with(8), SEGOFF_V_OK);
}

static void not_a_tunnel(void)
{
	size_t vxlan;

	test("R-GRO-18 what is no tunnel, on the port of one, goes alone");
	both_profiles(profile)
	{
		begin_train(profile, 0, "eth ip4 vxlan* eth ip4 tcp", 4);
		vxlan = part[2].at;
		push_next(0);
		expect(1, SIZE, 0);
		want_at[vxlan + 8] = 0;
		want_sums();
		why_is(push_want(), SEGOFF_V_TUNNEL);
		if (profile == SEGOFF_GRO_LOSSLESS)
			leaves(0, 1); /* it may be of any flow */
		leaves(1, 1);
		expect(2, SIZE, 0);
		want_at[vxlan + 8] = 0;
		want_sums();
		why_is(push_want(), SEGOFF_V_TUNNEL);
		leaves(2, 1);
		why_is(push_next(0),
		       profile == SEGOFF_GRO_LINUX ? SEGOFF_V_GRO_SEQ : FIRST);
	}
}

/* The flow is the same, whatever is odd about a packet of it. */
static void order_is_kept(void)
{
	test("R-GRO-21 a packet with outer options does not overtake its flow");
	begin_train(SEGOFF_GRO_LOSSLESS, 0, "eth ip4 ip4 tcp", 2);
	push_next(0);
	expect(1, SIZE, 0);
	memmove(want_at + 38, want_at + 34, want_len - 34);
	memset(want_at + 34, 1, 4);
	want_len += 4;
	want_at[14] = 0x46;
	ref_put16(want_at + 16, want_len - 14);
	ref_put16(want_at + 24, 0);
	ref_put16(want_at + 24, ref_not(ref_fold(ref_sum(want_at + 14, 24))));
	why_is(push_want(), SEGOFF_V_GRO_IP_OPTIONS);
	leaves(0, 1);
	leaves(1, 1);
}

static void vouched(void)
{
	test("VOUCHED is about the checksums of tunnels, too; not of headers");
	both_profiles(profile)
	{
		begin_train(profile, SEGOFF_GRO_VOUCHED, V4, 3);
		push_next(0);
		why_is(push_damaged("vxlan", 6, 1), SEGOFF_V_OK);
		why_is(push_damaged("ip4", 10, 1), SEGOFF_V_GRO_CSUM);
	}
}

/* Metadata that leave the inner checksum to somebody else. */
static void unfinished(uint16_t start)
{
	gro.has_meta = true;
	gro.meta = (struct segoff_meta){ .ip_summed = SEGOFF_CHECKSUM_PARTIAL,
					 .csum_start = start,
					 .csum_offset = 16 };
}

static void push_seeds(unsigned int profile, uint16_t seed_xor,
		       enum segoff_verdict v)
{
	begin_train(profile, 0, V4, 2);
	unfinished((uint16_t)in.th);
	for (size_t k = 0; k < 2; k++) {
		expect(k, SIZE, 0);
		ref_put16(want_at + in.th + 16,
			  ref_fold(pseudo_for(want_at, nparts - 1, 6,
					      want_len - in.th)) ^
				  seed_xor);
		why_is(push_want(), k || v != SEGOFF_V_OK ? v : FIRST);
	}
}

static void unfinished_inside(void)
{
	test("R-GRO-18 the outer checksum is about the inner one, finished");
	both_profiles(profile) push_seeds(profile, 0, SEGOFF_V_OK);
	test("R-GRO-18 Linux verifies no checksum that begins before such a one");
	begin_train(SEGOFF_GRO_LINUX, 0, V4, 3);
	unfinished((uint16_t)(in.th + 2));
	push_next(0);
	why_is(push_damaged("vxlan", 6, 1), SEGOFF_V_OK);
	test("R-GRO-22 a seed that is none is not made anew in a tunnel");
	push_seeds(SEGOFF_GRO_LOSSLESS, 1, SEGOFF_V_GRO_CSUM);
}

static void one_flow_flushed(void)
{
	struct segoff_gro_pkt p = { .pkt = { &gro.iov[1], 1, 0 } };

	test("flush_flow: that of a tunnel, no other");
	both_profiles(profile)
	{
		begin_train(profile, 0, V4, 3);
		p.pkt.link = in.link;
		push_next(0);
		expect(1, SIZE, 0);
		want_at[part[2].at + 14] ^= 1;
		want_sums();
		why_is(push_want(), FIRST);
		nothing_leaves();
		segoff_gro_flush_flow(gro.g, &p);
		leaves(1, 1);
		nothing_leaves();
	}
}

static void no_lists(void)
{
	test("R-GRO-17 lists hold no tunnels");
	both_profiles(profile)
	{
		begin_train(profile, SEGOFF_GRO_FRAGLIST, V4, 2);
		why_is(push_next(0), SEGOFF_V_TUNNEL);
		why_is(push_next(0), SEGOFF_V_TUNNEL);
	}
}

static void no_ports(void)
{
	static const struct segoff_ports none;

	test("R-GRO-18 without a port there is no tunnel");
	both_profiles(profile)
	{
		begin_train(profile, 0, V4, 2);
		gro.o.ports = &none;
		start(profile, 0);
		why_is(push_next(0), SEGOFF_V_GRO_UDP_OFF);
		start(profile, SEGOFF_GRO_UDP);
		why_is(push_next(0), FIRST);
	}
	gro.o.ports = &tunnel_ports;
}

int main(void)
{
	fields();
	outer_flaws();
	gue_flags();
	outer_flags();
	padding();
	both_or_none();
	gre_forms();
	gre_not_compared();
	not_a_tunnel();
	order_is_kept();
	vouched();
	unfinished_inside();
	one_flow_flushed();
	no_lists();
	no_ports();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/*
 * gro_next.c - what looks like the packet that everybody expects, and is not:
 * one thing is wrong, and nothing else would tell (R-GRO-1, R-GRO-7 to
 * R-GRO-10, R-GRO-18 to R-GRO-20)
 */
#include "gro_tunnel_make.h"

#define VXLAN "eth ip4 vxlan* eth ip4 tcp"

/* Bytes that are there but not counted, or counted but not there. */
static enum segoff_verdict wrong_length(unsigned int profile, int there)
{
	start(profile, SEGOFF_GRO_VOUCHED);
	push_tcp(0, 1, ACK, 100);
	build_tcp(100, 2, ACK, 0, 100);
	in.len = (size_t)((int)in.len + there);
	return push();
}

static void lengths(unsigned int profile)
{
	test("R-GRO-10 nobody vouches for lengths");
	why_is(wrong_length(profile, 0), SEGOFF_V_OK);
	for (int there = 1; there <= 6; there++) {
		why_is(wrong_length(profile, there), SEGOFF_V_GRO_LENGTH);
		why_is(wrong_length(profile, -there), SEGOFF_V_GRO_LENGTH);
	}
	/* all of the payload is missing */
	why_is(wrong_length(profile, -100), SEGOFF_V_GRO_LENGTH);
	two_leave(0, 1, 2);

	test("R-GRO-10 as long as the first, but of another total length");
	start(profile, SEGOFF_GRO_VOUCHED);
	push_tcp(0, 1, ACK, 100);
	build_tcp(100, 2, ACK, 0, 100);
	ref_put16(in_ip() + 2, 139);
	ref_put16(in_ip() + 10, 0);
	ref_put16(in_ip() + 10, ref_not(ref_fold(ref_sum(in_ip(), 20))));
	why_is(push(), SEGOFF_V_GRO_LENGTH);
	two_leave(0, 1, 2);
}

/* The next packet has the identification that makes its checksum zero. */
static enum segoff_verdict ip_zero(unsigned int profile, uint16_t form)
{
	uint16_t id;

	start(profile, 0);
	build_tcp(0, 10, ACK, 0, 100);
	id = ref_fold(10u + (uint64_t)ref_get16(in_ip() + 10));
	push_tcp(0, (uint16_t)(id - 1), ACK, 100);
	build_tcp(100, id, ACK, 0, 100);
	eq(ref_get16(in_ip() + 10), 0);
	ref_put16(in_ip() + 10, form);
	return push();
}

static void ip_zero_forms(unsigned int profile)
{
	const enum segoff_verdict other = profile == SEGOFF_GRO_LINUX ?
						  SEGOFF_V_OK :
						  SEGOFF_V_GRO_CSUM_FORM;

	test("a follower's IPv4 header checksum of 0 comes back, not 0xffff");
	why_is(ip_zero(profile, 0), SEGOFF_V_OK);
	why_is(ip_zero(profile, 0xffff), other);
}

static void as_long_as_a_superpacket(unsigned int profile)
{
	test("R-GRO-20 a packet that is as long as a superpacket before it");
	start(profile, 0);
	build_tcp(0, 10, ACK, 0, 300);
	gro.has_meta = true;
	gro.meta = (struct segoff_meta){ .gso_type = SEGOFF_GSO_TCPV4,
					 .gso_size = 100,
					 .gso_segs = 3 };
	push();
	gro.has_meta = false;
	why_is(push_tcp(300, 13, ACK, 300), SEGOFF_V_GRO_LARGER);
	two_leave(0, 1, 2);
}

/* One of another flow is between them, so that both have to be looked for. */
static void options_in_another_piece(unsigned int profile)
{
	struct iovec v[2];

	test("options in the second piece are not read from the first");
	start(profile, 0);
	build_tcp(0, 1, ACK, 12, 100);
	push();
	build_tcp(0, 1, ACK, 12, 100);
	ref_put16(in_th(), 7777);
	put_right();
	push();
	build_tcp(100, 2, ACK, 12, 100);
	v[0] = (struct iovec){ in.at, in.data - 12 };
	v[1] = (struct iovec){ in.at + in.data - 12, 112 };
	why_is(push_pieces(v, 2), SEGOFF_V_TRUNCATED);
	flush_all();
	while (pop())
		eq(got.s.npkt, 1);
}

/* What the checksum is right about lies behind the first piece, by chance. */
static void sum_of_pieces(unsigned int profile)
{
	static uint8_t damaged[100];
	struct iovec v[2];

	test("R-GRO-9 the checksum is about the pieces");
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	build_tcp(100, 2, ACK, 0, 100);
	v[0] = (struct iovec){ in.at, in.data };
	v[1] = (struct iovec){ damaged, 100 };
	memcpy(damaged, in.at + in.data, 100);
	damaged[7] ^= 1;
	why_is(push_pieces(v, 2), SEGOFF_V_GRO_CSUM);
	damaged[7] ^= 1;
	start(profile, 0);
	push_tcp(0, 1, ACK, 100);
	build_tcp(100, 2, ACK, 0, 100);
	in.at[in.data] ^= 1;
	why_is(push_pieces(v, 2), SEGOFF_V_OK);
}

/* Exactly as large as it is, so that a sanitizer sees who reads more. */
static void first_pieces(unsigned int profile, size_t before)
{
	struct iovec v[2];

	build_tcp(100, 2, ACK, 12, 100);
	for (size_t n = 0; n < in.data; n++) {
		start(profile, 0);
		for (size_t i = 0; i < before; i++)
			push_tcp((uint32_t)i, 1, ACK, 30);
		build_tcp(100, 2, ACK, 12, 100);
		v[0] = (struct iovec){ malloc(n), n };
		if (n)
			memcpy(v[0].iov_base, in.at, n);
		v[1] = (struct iovec){ in.at + n, in.len - n };
		why_is(push_pieces(v, 2), SEGOFF_V_TRUNCATED);
		free(v[0].iov_base);
	}
}

static void short_first_piece(unsigned int profile)
{
	test("a first piece without all headers: before, and behind others");
	for (size_t before = 0; before < 3; before++)
		first_pieces(profile, before);
}

/* Family of a loopback header; the same bytes under two links. */
static enum segoff_verdict push_loop(unsigned int link, uint32_t seq)
{
	static const uint8_t family[] = { 0, 0, 0, 2 };

	in.len = in.net = 0;
	in.link = link;
	put(family, 4);
	ipv4(6, (uint16_t)(seq / 100), 0x4000);
	tcp(seq, ACK, 0);
	payload(100);
	finish();
	return push();
}

static void other_link(unsigned int profile)
{
	test("R-GRO-19 the same bytes, but another link");
	start(profile, 0);
	why_is(push_loop(SEGOFF_LINK_NULL, 0), SEGOFF_V_GRO_FIRST);
	why_is(push_loop(SEGOFF_LINK_NULL, 100), SEGOFF_V_OK);
	why_is(push_loop(SEGOFF_LINK_LOOP, 200), SEGOFF_V_GRO_LINK);
	two_leave(0, 2, 3);
}

/* Three packets in a tunnel; the third has this outer identification. */
static enum segoff_verdict third_outer_id(unsigned int profile, uint32_t type,
					  uint16_t step)
{
	uint8_t *ip;

	begin_train(profile, 0, VXLAN, 4);
	push_next(type);
	why_is(push_next(type), SEGOFF_V_OK);
	expect(2, SIZE, type);
	ip = want_at + part[part_of("ip4", 0)].at;
	ref_put16(ip + 4, (uint16_t)(ref_get16(in.at + part[1].at + 4) + step));
	want_sums();
	return push_want();
}

static void outer_ids(unsigned int profile)
{
	test("R-GRO-8 outer identifications go on as the second packet said");
	why_is(third_outer_id(profile, 0, 2), SEGOFF_V_OK);
	why_is(third_outer_id(profile, 0, 0), SEGOFF_V_GRO_ID);
	why_is(third_outer_id(profile, 0, 3), SEGOFF_V_GRO_ID);
	why_is(third_outer_id(profile, SEGOFF_GSO_TCP_FIXEDID, 0), SEGOFF_V_OK);
	why_is(third_outer_id(profile, SEGOFF_GSO_TCP_FIXEDID, 2),
	       SEGOFF_V_GRO_ID);
}

/* Segment 0, 1 or 2 with the outer checksum changed. */
static enum segoff_verdict push_outer_wrong(void)
{
	expect(gro.n, SIZE, 0);
	want_at[part[part_of("vxlan", 0)].at + 6] ^= 1;
	return push_want();
}

static void outer_sums(unsigned int profile)
{
	test("R-GRO-9 an outer checksum that is as wrong as the first one");
	begin_train(profile, 0, VXLAN, 4);
	gro.has_meta = true;
	gro.meta.ip_summed = SEGOFF_CHECKSUM_UNNECESSARY;
	why_is(push_outer_wrong(), SEGOFF_V_GRO_FIRST);
	gro.has_meta = false;
	why_is(push_outer_wrong(), SEGOFF_V_GRO_CSUM);

	test("R-GRO-9 a wrong outer checksum on the third");
	begin_train(profile, 0, VXLAN, 4);
	push_next(0);
	why_is(push_next(0), SEGOFF_V_OK);
	why_is(push_outer_wrong(), SEGOFF_V_GRO_CSUM);
}

/* Routing header with a segment left, checksum about the final destination. */
static void build_routed(uint32_t seq, bool final)
{
	struct ref_pkt p = { in.at, 0, SEGOFF_LINK_ETHERNET };
	struct ref_checksum c;

	ethernet(0x86dd);
	ipv6(43);
	extension(6, 24);
	in.at[in.th - 22] = 0;
	in.at[in.th - 21] = 1;
	tcp(seq, ACK, 0);
	payload(100);
	finish();
	p.len = in.len;
	ref_checksum(&p, final, &c);
	ref_put16(in.at + c.field, c.right);
}

static void routed(void)
{
	test("LOSSLESS: behind one about the header's destination, vouched for");
	start(SEGOFF_GRO_LOSSLESS, SEGOFF_GRO_VOUCHED);
	build_routed(0, false);
	why_is(push(), SEGOFF_V_GRO_FIRST);
	build_routed(100, false);
	why_is(push(), SEGOFF_V_OK);
	build_routed(200, true);
	why_is(push(), SEGOFF_V_GRO_CSUM);
}

int main(void)
{
	defaults();
	both_profiles(profile)
	{
		lengths(profile);
		ip_zero_forms(profile);
		as_long_as_a_superpacket(profile);
		options_in_another_piece(profile);
		sum_of_pieces(profile);
		short_first_piece(profile);
		other_link(profile);
		outer_ids(profile);
		outer_sums(profile);
	}
	routed();
	free(gro.g);
	return test_end();
}

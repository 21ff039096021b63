/* SPDX-License-Identifier: MIT */
/* gro_list.c - packets as members of a list (R-GRO-15, R-GRO-17, Q-5) */
#include "gro_make.h"

#define LIST (SEGOFF_GRO_UDP | SEGOFF_GRO_FRAGLIST)

static bool is_udp;

static enum segoff_verdict next(uint32_t i, uint16_t flags, size_t n)
{
	return is_udp ? push_udp((uint16_t)(10 + i), n) :
			push_tcp(100 * i, (uint16_t)(10 + i), ACK | flags, n);
}

static uint32_t type(void)
{
	if (is_udp)
		return SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_FRAGLIST;
	return SEGOFF_GSO_FRAGLIST | (v6 ? SEGOFF_GSO_TCPV6 : SEGOFF_GSO_TCPV4);
}

/* What left has the transport header of its first packet, UDP's length aside. */
static void transport_is_first(void)
{
	uint8_t want[60];
	const uint8_t *first = gro.iov[got.s.cookie].iov_base;
	size_t n = got.data - got.th;

	memcpy(want, first + got.th, n);
	if (is_udp)
		ref_put16(want + 4, got.s.len - got.th);
	mem_eq(got_th(), n, want, n);
}

static void network_is_whole(void)
{
	if (v6) {
		eq(ref_get16(got_ip() + 4), got.s.len - got.net - 40);
		return;
	}
	eq(ref_get16(got_ip() + 2), got.s.len - got.net);
	eq(ref_get16(got_ip() + 4), 10 + got.s.cookie);
	eq(ref_fold(ref_sum(got_ip(), 20)), 0xffff);
}

static void test_merge(unsigned int profile)
{
	test("R-GRO-17 a list: lengths are the whole's, the rest the first's");
	start(profile, LIST);
	why_is(next(0, 0, 100), SEGOFF_V_GRO_FIRST);
	why_is(next(1, 0, 100), SEGOFF_V_OK);
	why_is(next(2, 0, 100), SEGOFF_V_OK);
	flush_all();
	leaves(0, 3);
	network_is_whole();
	transport_is_first();
	payload_is(0, 3);
	eq(got.s.meta.gso_type, type());
	eq(got.s.meta.gso_size, 100);
	eq(got.s.meta.gso_segs, 3);
	eq(got.s.meta.hdr_len, got.data);
	eq(got.s.meta.ip_summed, SEGOFF_CHECKSUM_UNNECESSARY);
	eq(got.s.meta.csum_start, 0);
	nothing_leaves();
}

static void member_is(const struct segoff_pkt *pkt, const struct iovec *want)
{
	uint8_t whole[300];
	size_t n = 0;

	eq(pkt->link, SEGOFF_LINK_ETHERNET);
	for (unsigned int i = 0; i < pkt->niov; i++) {
		memcpy(whole + n, pkt->iov[i].iov_base, pkt->iov[i].iov_len);
		n += pkt->iov[i].iov_len;
	}
	mem_eq(whole, n, want->iov_base, want->iov_len);
}

static void test_members(unsigned int profile)
{
	static struct iovec cut[3][2], iov[8];
	struct segoff_pkt pkt[3];

	test("members: every packet whole, as it came, in pieces or not");
	for (size_t pieces = 1; pieces <= 2; pieces++) {
		start(profile, LIST);
		for (uint32_t i = 0; i < 3; i++) {
			next(i, 0, 100);
			cut[i][0] = gro.iov[i];
			cut[i][1] = gro.iov[i];
		}
		segoff_gro_init(gro.g, segoff_gro_size(&gro.o), &gro.o);
		gro.n = 0;
		for (uint32_t i = 0; i < 3; i++) {
			cut[i][0].iov_len = pieces == 2 ? 120 :
							  cut[i][0].iov_len;
			cut[i][1].iov_base =
				(uint8_t *)cut[i][0].iov_base + 120;
			cut[i][1].iov_len -= 120;
			push_pieces(cut[i], (unsigned int)pieces);
		}
		flush_all();
		leaves(0, 3);
		eq(segoff_super_members(&got.s, pkt, 2, iov, 8), -ENOSPC);
		eq(segoff_super_members(&got.s, pkt, 3, iov, got.s.niov - 1),
		   -ENOSPC);
		eq(segoff_super_members(&got.s, pkt, 3, iov, got.s.niov), 3);
		for (uint32_t i = 0; i < 3; i++)
			member_is(&pkt[i], &gro.iov[i]);
	}
}

static void test_flags(unsigned int profile)
{
	static const uint16_t flags[] = { PSH, FIN, PSH | FIN };

	for (size_t k = 0; k < 3; k++) {
		test("R-GRO-17 FIN and PSH must be equal: they do not merge");
		start(profile, LIST);
		next(0, 0, 100);
		next(1, 0, 100);
		why_is(next(2, flags[k], 100), SEGOFF_V_GRO_FLAGS);
		leaves(0, 2);
		leaves(2, 1);
		nothing_leaves();
	}
}

static void test_sizes(unsigned int profile)
{
	test("R-GRO-17 a shorter one merges and ends, a longer starts anew");
	start(profile, LIST);
	next(0, 0, 100);
	why_is(next(1, 0, 40), SEGOFF_V_OK);
	leaves(0, 2);
	eq(got.s.meta.gso_size, 100);
	next(2, 0, 40);
	why_is(next(3, 0, 100), SEGOFF_V_GRO_LARGER);
	leaves(2, 1);
	nothing_leaves();

	test("R-GRO-17 at most 64");
	start(profile, LIST);
	for (uint32_t i = 0; i < 100; i++)
		why_is(next(i, 0, 100), i == 0 ? SEGOFF_V_GRO_FIRST :
					i == 64 && !is_udp ? SEGOFF_V_GRO_FULL :
					i == 64 ? SEGOFF_V_GRO_FIRST :
						  SEGOFF_V_OK);
	leaves(0, 64);
	flush_all();
	leaves(64, 36);
	nothing_leaves();
}

/* How many packets of this payload make the first list. */
static size_t fills(unsigned int profile, size_t n)
{
	start(profile, LIST);
	for (uint32_t i = 0; i < 30; i++)
		push_udp((uint16_t)i, n);
	flush_all();
	ok(pop());
	return got.s.npkt;
}

static void test_room(void)
{
	/* 16 of 4,093 are 65,516 bytes with one header, 65,544 with two */
	test("R-GRO-17 below 65536: LINUX counts the headers of the last one");
	eq(fills(SEGOFF_GRO_LOSSLESS, 4093), 16);
	eq(fills(SEGOFF_GRO_LINUX, 4093), 15);
	eq(fills(SEGOFF_GRO_LINUX, 4091), 16);

	test("R-GRO-17 max_size: LINUX does not look at it");
	gro.o.max_size = 4200;
	eq(fills(SEGOFF_GRO_LOSSLESS, 1000), 4);
	eq(fills(SEGOFF_GRO_LINUX, 1000), 30);
	gro.o.max_size = 0;
}

static void test_ids(void)
{
	test("Q-5 equal IDs: LINUX forgets them, LOSSLESS says FIXEDID");
	both_profiles(profile)
	{
		start(profile, LIST);
		for (uint32_t i = 0; i < 3; i++)
			why_is(is_udp ? push_udp(7, 100) :
					push_tcp(100 * i, 7, ACK, 100),
			       i ? SEGOFF_V_OK : SEGOFF_V_GRO_FIRST);
		flush_all();
		leaves(0, 3);
		eq(got.s.meta.gso_type,
		   type() | (profile == SEGOFF_GRO_LINUX ?
				     0 :
				     SEGOFF_GSO_TCP_FIXEDID));
	}
	test("LOSSLESS, COUNT_ID: equal IDs do not merge");
	start(SEGOFF_GRO_LOSSLESS, LIST | SEGOFF_GRO_COUNT_ID);
	push_udp(7, 100);
	why_is(push_udp(7, 100), SEGOFF_V_GRO_ID);
}

/* The second packet is unfinished, and says so; the first perhaps, too. */
static enum segoff_verdict unfinished(unsigned int profile, bool first)
{
	enum segoff_verdict v = SEGOFF_V_OK;

	start(profile, LIST);
	for (uint32_t i = 0; i < 2; i++) {
		gro.has_meta = i || first;
		if (is_udp)
			build_udp((uint16_t)(10 + i), 100);
		else
			build_tcp(100 * i, (uint16_t)(10 + i), ACK, 0, 100);
		if (gro.has_meta)
			reseed();
		gro.meta = meta_for(0, 0);
		v = push();
	}
	gro.has_meta = false;
	return v;
}

static void test_summed(unsigned int profile)
{
	test("R-GRO-17 what is known of checksums must be equal");
	why_is(unfinished(profile, false), SEGOFF_V_GRO_SUMMED);
	if (is_udp && profile == SEGOFF_GRO_LINUX) {
		leaves(1, 1); /* it overtakes what is held */
		nothing_leaves();
	} else {
		leaves(0, 1);
		nothing_leaves();
	}

	test("R-GRO-17 all unfinished: so is the list");
	why_is(unfinished(profile, true), SEGOFF_V_OK);
	flush_all();
	leaves(0, 2);
	transport_is_first();
	eq(got.s.meta.ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(got.s.meta.csum_start, got.th);
	eq(got.s.meta.csum_offset, is_udp ? 6 : 16);
}

static void test_super(unsigned int profile)
{
	test("a superpacket is no member");
	start(profile, LIST);
	next(0, 0, 100);
	is_udp ? build_udp(11, 200) : build_tcp(100, 11, ACK, 0, 200);
	reseed();
	gro.has_meta = true;
	gro.meta = meta_for(type() & ~SEGOFF_GSO_FRAGLIST, 100);
	why_is(push(), SEGOFF_V_GRO_SUPER);
	flush_all();
	ok(pop() && got.s.npkt == 1 && pop() && got.s.npkt == 1);
	nothing_leaves();
}

/* Datagrams that Linux may not merge overtake those that it holds. */
static void test_late_udp(void)
{
	test("R-GRO-10 R-GRO-17 LINUX: the reserved bit, and what is held stays");
	start(SEGOFF_GRO_LINUX, LIST);
	push_udp(10, 100);
	build_udp(11, 100);
	in_ip()[6] |= 0x80;
	put_right();
	why_is(push(), SEGOFF_V_GRO_RESERVED);
	leaves(1, 1);
	nothing_leaves();

	test("R-GRO-17 but not with another TTL");
	start(SEGOFF_GRO_LINUX, LIST);
	push_udp(10, 100);
	build_udp(11, 100);
	in_ip()[6] |= 0x80;
	in_ip()[8]++;
	put_right();
	push();
	leaves(0, 1);
	leaves(1, 1);
}

static void test_udp_off(unsigned int profile)
{
	test("R-GRO-15 FRAGLIST alone does not merge datagrams");
	start(profile, SEGOFF_GRO_FRAGLIST);
	push_udp(10, 100);
	why_is(push_udp(11, 100), SEGOFF_V_GRO_UDP_OFF);
}

static void every_kind(void (*run)(unsigned int profile))
{
	for (int k = 0; k < 4; k++) {
		defaults();
		v6 = k & 1;
		is_udp = k & 2;
		both_profiles(profile)
		{
			run(profile);
		}
	}
	defaults();
}

int main(void)
{
	every_kind(test_merge);
	every_kind(test_members);
	every_kind(test_sizes);
	every_kind(test_summed);
	every_kind(test_super);
	is_udp = false;
	both_profiles(profile)
	{
		test_flags(profile);
		test_udp_off(profile);
	}
	test_room();
	test_ids();
	is_udp = true;
	test_ids();
	test_late_udp();
	return test_end();
}

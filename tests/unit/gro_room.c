/* SPDX-License-Identifier: MIT */
/* gro_room.c - memory, pools, flushes, pieces, cookies */
#include "gro_make.h"

static void test_size(void)
{
	struct segoff_gro_opts o = { .sz = sizeof(o) };
	uint64_t mem[16];
	size_t size;
	void *p;

	test("segoff_gro_size: 0 for options that make no sense");
	ok(segoff_gro_size(NULL) > 0);
	eq(segoff_gro_size(&o), segoff_gro_size(NULL));
	o.profile = 2;
	eq(segoff_gro_size(&o), 0);
	eq(segoff_gro_init(mem, SIZE_MAX, &o) == NULL, true);
	o = (struct segoff_gro_opts){ .sz = 0 };
	eq(segoff_gro_size(&o), 0);
	o.sz = 3;
	eq(segoff_gro_size(&o), 0);
	o = (struct segoff_gro_opts){ .sz = sizeof(o), .packets = 1 };
	eq(segoff_gro_size(&o), 0);
	o.packets = UINT32_MAX;
	eq(segoff_gro_size(&o), 0);
	o = (struct segoff_gro_opts){ .sz = sizeof(o), .flows = UINT32_MAX };
	eq(segoff_gro_size(&o), 0);

	test("options of an older caller: the rest is default");
	o = (struct segoff_gro_opts){ .sz = 8, .profile = 77, .packets = 1 };
	eq(segoff_gro_size(&o), segoff_gro_size(NULL));

	test("segoff_gro_init: a byte too little");
	o = (struct segoff_gro_opts){ .sz = sizeof(o), .packets = 2 };
	size = segoff_gro_size(&o);
	p = malloc(size);
	ok(segoff_gro_init(p, size - 1, &o) == NULL);
	ok(segoff_gro_init(p, 0, &o) == NULL);
	ok(segoff_gro_init(p, size, &o) == p);
	free(p);
}

static void test_no_room(unsigned int profile)
{
	test("no room: -ENOBUFS, and on after a flush and pops");
	gro.o.packets = 4;
	start(profile, 0);
	for (uint32_t i = 0; i < 5; i++)
		why_is(push_tcp(i * 100, (uint16_t)i, ACK, 100),
		       i ? SEGOFF_V_OK : SEGOFF_V_GRO_FIRST);
	why_is(push_tcp(500, 5, ACK, 100), SEGOFF_V_COUNT);
	eq(gro.ret, -ENOBUFS);
	nothing_leaves();
	why_is(push(), SEGOFF_V_COUNT);
	eq(gro.ret, -ENOBUFS);
	flush_all();
	leaves(0, 5);
	nothing_leaves();
	why_is(push(), SEGOFF_V_GRO_FIRST);
	eq(gro.ret, 0);
	flush_all();
	leaves(5, 1);

	test("no room for packets that do not merge");
	start(profile, 0);
	for (uint16_t i = 0; i < 4; i++)
		push_tcp(0, i, ACK, 0);
	push_tcp(0, 4, ACK, 0);
	eq(gro.ret, -ENOBUFS);
	leaves(0, 1);
	leaves(1, 1);
	push_tcp(0, 4, ACK, 0);
	eq(gro.ret, 0);
	leaves(2, 1);
	leaves(3, 1);
	leaves(4, 1);
	nothing_leaves();
	defaults();
}

/* Nothing of the pools is lost, however packets leave. */
static void test_for_ever(unsigned int profile)
{
	size_t came = 0, left = 0;

	test("push and pop for ever with room for two");
	gro.o.packets = 2;
	start(profile, SEGOFF_GRO_UDP);
	for (uint32_t i = 0; i < 20000; i++) {
		gro.used = gro.n = 0;
		v6 = i & 1;
		if (i % 7 == 0)
			push_udp((uint16_t)i, 10);
		else
			push_tcp(i / 4 * 100, (uint16_t)i, i % 5 ? ACK : PSH,
				 i % 3 ? 100 : 10);
		if (!ok(!gro.ret))
			break;
		came++;
		while (pop())
			left += got.s.npkt;
		if (i % 2)
			flush_all();
		while (pop())
			left += got.s.npkt;
	}
	flush_all();
	while (pop())
		left += got.s.npkt;
	eq(left, came);
	defaults();
}

/* One packet each of four flows, at times 10, 20, 20, 30. */
static void four_flows(unsigned int profile)
{
	start(profile, 0);
	for (unsigned int k = 0; k < 4; k++) {
		gro.time = 10 + 10 * (k ? (k + 1) / 2 : 0);
		build_tcp(0, 1, ACK, 0, 100);
		ref_put16(in_th(), k);
		put_right();
		push();
	}
}

static void test_age(unsigned int profile)
{
	test("flush by age: of the first packet");
	four_flows(profile);
	segoff_gro_flush(gro.g, 9);
	nothing_leaves();
	segoff_gro_flush(gro.g, 10);
	leaves(0, 1);
	nothing_leaves();
	gro.time = 40;
	build_tcp(100, 2, ACK, 0, 100);
	ref_put16(in_th(), 1);
	put_right();
	why_is(push(), SEGOFF_V_OK);
	segoff_gro_flush(gro.g, 20);
	leaves_of("14");
	eq(got.s.time, 20);
	leaves(2, 1);
	nothing_leaves();
	segoff_gro_flush(gro.g, 100);
	leaves(3, 1);
	nothing_leaves();
}

/* A packet of the first or second flow; @k counts within it. */
static enum segoff_verdict push_turn(unsigned int flow, uint16_t k)
{
	build_tcp(k * 100u, k, ACK, 0, 100);
	ref_put16(in_th(), flow);
	put_right();
	return push();
}

static void test_turns(unsigned int profile)
{
	struct segoff_gro_pkt p = { .hash = 0 };

	test("flows in turn; one leaves, and its packets are gone");
	start(profile, 0);
	for (uint16_t k = 0; k < 3; k++)
		for (unsigned int flow = 0; flow < 2; flow++)
			why_is(push_turn(flow, k),
			       k ? SEGOFF_V_OK : SEGOFF_V_GRO_FIRST);
	p.pkt = (struct segoff_pkt){ &gro.iov[1], 1, in.link };
	segoff_gro_flush_flow(gro.g, &p);
	leaves_of("135");
	nothing_leaves();
	for (size_t i = 1; i < 6; i += 2)
		memset(gro.iov[i].iov_base, 0xff, gro.iov[i].iov_len);
	why_is(push_turn(0, 3), SEGOFF_V_OK);
	test("what left has no next, where its packet was or not");
	memcpy(gro.iov[1].iov_base, gro.iov[0].iov_base, gro.iov[0].iov_len);
	ref_put16((uint8_t *)gro.iov[1].iov_base + in.th, 1);
	why_is(push_turn(1, 3), SEGOFF_V_GRO_FIRST);
	why_is(push_turn(0, 4), SEGOFF_V_OK);
	why_is(push_turn(1, 4), SEGOFF_V_OK);
	flush_all();
	leaves_of("02468");
	leaves_of("79");
	nothing_leaves();
}

static void test_flush_flow(unsigned int profile)
{
	struct segoff_gro_pkt p = { .hash = 0 };

	test("flush of one flow");
	four_flows(profile);
	p.pkt = (struct segoff_pkt){ &gro.iov[2], 1, in.link };
	segoff_gro_flush_flow(gro.g, &p);
	leaves(2, 1);
	nothing_leaves();
	segoff_gro_flush_flow(gro.g, &p);
	nothing_leaves();
	test("flush of a flow that is not held, of no flow, of nothing");
	ref_put16(in_th(), 99);
	put_right();
	gro.iov[5] = (struct iovec){ in.at, in.len };
	p.pkt.iov = &gro.iov[5];
	segoff_gro_flush_flow(gro.g, &p);
	gro.iov[5].iov_len = 13;
	segoff_gro_flush_flow(gro.g, &p);
	p.pkt.niov = 0;
	segoff_gro_flush_flow(gro.g, &p);
	nothing_leaves();
	flush_all();
	leaves(0, 1);
	leaves(1, 1);
	leaves(3, 1);
}

static void test_batch(unsigned int profile)
{
	struct segoff_gro_pkt p[6];

	test("a batch: how many were taken, a verdict each");
	gro.o.packets = 4;
	start(profile, 0);
	memset(p, 0, sizeof(p));
	for (uint32_t i = 0; i < 6; i++) {
		build_tcp(i * 100, (uint16_t)i, ACK, 0, 100);
		gro.iov[i] = (struct iovec){ gro.arena + i * 200, in.len };
		memcpy(gro.iov[i].iov_base, in.at, in.len);
		p[i].pkt = (struct segoff_pkt){ &gro.iov[i], 1, in.link };
		p[i].cookie = i;
		p[i].why = SEGOFF_V_COUNT;
	}
	eq(segoff_gro_push_batch(gro.g, p, 0), 0);
	eq(segoff_gro_push_batch(gro.g, p, 6), 5);
	why_is(p[0].why, SEGOFF_V_GRO_FIRST);
	for (size_t i = 1; i < 5; i++)
		why_is(p[i].why, SEGOFF_V_OK);
	why_is(p[5].why, SEGOFF_V_COUNT);
	flush_all();
	leaves(0, 5);
	nothing_leaves();
	eq(segoff_gro_push_batch(gro.g, p + 5, 1), 1);
	why_is(p[5].why, SEGOFF_V_GRO_FIRST);
	defaults();
}

/* Bytes of @in; there is something else behind them. */
static struct iovec apart(size_t from, size_t n)
{
	struct iovec v = { gro.arena + gro.used, n };

	memcpy(v.iov_base, in.at + from, n);
	memset(gro.arena + gro.used + n, 0x5a, 3);
	gro.used += n + 3;
	return v;
}

/*
 * The packet of @in, cut behind its headers into pieces of @size, none of them
 * beside the next.
 */
static enum segoff_verdict push_cut(size_t size, struct iovec *iov)
{
	unsigned int n = 0;

	gro.iov[gro.n] = apart(0, in.len);
	iov[n++] = apart(0, in.data);
	iov[n++] = (struct iovec){ NULL, 0 };
	for (size_t i = in.data; i < in.len; i += size)
		iov[n++] = apart(i, in.len - i < size ? in.len - i : size);
	return push_pieces(iov, n);
}

/* Scatter gives the bytes that flat gave, and nothing that is empty. */
static void scatter_is_flat(void)
{
	static struct iovec iov[400];
	uint8_t hdr[256];
	ssize_t n =
		segoff_super_scatter(&got.s, hdr, got.s.hlen, iov, got.s.niov);
	size_t at = 0;

	ok(n > 0 && (size_t)n <= got.s.niov);
	for (ssize_t i = 0; i < n; at += iov[i++].iov_len) {
		ok(iov[i].iov_len > 0);
		mem_eq(iov[i].iov_base, iov[i].iov_len, got.at + at,
		       iov[i].iov_len);
	}
	eq(at, got.s.len);
	eq(segoff_super_scatter(&got.s, hdr, got.s.hlen, iov, got.s.niov - 1),
	   -ENOSPC);
	if (got.s.hlen)
		eq(segoff_super_scatter(&got.s, hdr, got.s.hlen - 1, iov,
					got.s.niov),
		   -ENOSPC);
	eq(segoff_super_flat(&got.s, got.at, got.s.len - 1), -ENOSPC);
}

static void test_pieces(unsigned int profile)
{
	static struct iovec iov[4][110];

	test("packets in pieces of odd lengths; flat is scatter");
	for (size_t size = 1; size < 102; size += size < 9 ? 1 : 23) {
		start(profile, 0);
		for (uint32_t i = 0; i < 3; i++) {
			build_tcp(i * 101, (uint16_t)i, ACK, 12, 101);
			why_is(push_cut(size, iov[i]),
			       i ? SEGOFF_V_OK : SEGOFF_V_GRO_FIRST);
		}
		build_tcp(303, 3, ACK, 12, 101);
		in.at[in.data + size / 2] ^= 1;
		why_is(push_cut(size, iov[3]), SEGOFF_V_GRO_CSUM);
		flush_all();
		eq(pop(), true);
		if (got.s.npkt == 1)
			eq(pop(), true);
		eq(got.s.npkt, 3);
		header_is(0, 0);
		payload_is(0, 3);
		scatter_is_flat();
	}
}

static void test_alone(unsigned int profile)
{
	static struct iovec iov[110];

	test("R-GRO-23 a single packet leaves as it came, without a header");
	start(profile, 0);
	build_tcp(0, 1, ACK, 0, 100);
	gro.meta.ip_summed = SEGOFF_CHECKSUM_UNNECESSARY;
	gro.meta.hdr_len = 1234;
	gro.has_meta = true;
	push_cut(33, iov);
	gro.meta.hdr_len = 1;
	flush_all();
	leaves(0, 1);
	eq(got.s.hlen, 0);
	eq(got.s.meta.gso_size, 0);
	eq(got.s.meta.ip_summed, SEGOFF_CHECKSUM_UNNECESSARY);
	eq(got.s.meta.hdr_len, 1234);
	scatter_is_flat();
}

static void test_nothing(unsigned int profile)
{
	test("packets that are not even there");
	start(profile, 0);
	in.len = 0;
	why_is(push(), SEGOFF_V_TRUNCATED);
	why_is(push_pieces(NULL, 0), SEGOFF_V_TRUNCATED);
	in.link = 77;
	why_is(push_pieces(NULL, 0), SEGOFF_V_LINK);
	for (size_t i = 0; i < 3; i++) {
		ok(segoff_gro_pop(gro.g, &got.s));
		eq(got.s.len, 0);
		eq(got.s.cookie, i);
		eq(segoff_super_flat(&got.s, got.at, 0), 0);
	}
	ok(!segoff_gro_pop(gro.g, &got.s));
}

static void test_cookies(unsigned int profile)
{
	uint64_t c[5] = { 9, 9, 9, 9, 9 };

	test("cookies: as many as there is room for");
	start(profile, 0);
	for (uint32_t i = 0; i < 4; i++)
		push_tcp(i * 100, (uint16_t)i, ACK, 100);
	flush_all();
	leaves(0, 4);
	eq(segoff_super_cookies(&got.s, c, 0), 0);
	eq(c[0], 9);
	eq(segoff_super_cookies(&got.s, c, 2), 2);
	eq(c[1], 1);
	eq(c[2], 9);
	eq(segoff_super_cookies(&got.s, c, 5), 4);
	eq(c[3], 3);
	eq(c[4], 9);
}

static void test_huge(void)
{
	struct segoff_gro_opts o = { .sz = sizeof(o) };
	struct iovec v[2] = { { in.at, 100 }, { in.at, UINT32_MAX - 100 } };
	struct segoff_gro_pkt p = { .pkt = { v, 2, SEGOFF_LINK_ETHERNET } };
	struct segoff_super s;
	struct segoff_gro *g;
	size_t size = segoff_gro_size(&o);
	void *mem = malloc(size);

	test("a packet of 4 GiB or more is not taken");
	g = segoff_gro_init(mem, size, &o);
	eq(segoff_gro_push(g, &p), -EMSGSIZE);
	v[1].iov_len = SIZE_MAX;
	eq(segoff_gro_push(g, &p), -EMSGSIZE);
	eq(segoff_gro_push_batch(g, &p, 1), 0);
	ok(!segoff_gro_pop(g, &s));
	free(mem);
}

int main(void)
{
	defaults();
	test_size();
	both_profiles(profile)
	{
		test_no_room(profile);
		test_for_ever(profile);
		test_age(profile);
		test_turns(profile);
		test_flush_flow(profile);
		test_batch(profile);
		test_pieces(profile);
		test_alone(profile);
		test_nothing(profile);
		test_cookies(profile);
	}
	free(gro.g);
	test_huge();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/* udp_run.c - which datagrams may leave as one train */
#include "make.h"
#include "run.h"

static struct iovec out[64];
static struct segoff__udp_limit limit = { 128, 65507, 65535 };
static struct segoff__udp_pieces to = { out, 64 };

static struct segoff__udp_run run(void)
{
	return segoff__udp_run(dgram, ndgram, &limit, &to);
}

static void sizes(const size_t *len, size_t n)
{
	make_none();
	for (size_t i = 0; i < n; i++)
		make(v4(1), len[i]);
}

#define SIZES(...)                             \
	sizes((const size_t[]){ __VA_ARGS__ }, \
	      sizeof((size_t[]){ __VA_ARGS__ }) / sizeof(size_t))

static void test_sizes(void)
{
	test("equal sizes are a run, and the last may be shorter");
	SIZES(100, 100, 100);
	eq(run().n, 3);
	eq(run().bytes, 300);
	SIZES(100, 100, 99, 100);
	eq(run().n, 3);
	eq(run().size, 100);
	eq(run().bytes, 299);
	SIZES(100, 1);
	eq(run().n, 2);

	test("a longer one begins another run");
	SIZES(100, 101);
	eq(run().n, 1);
	SIZES(100, 100, 101);
	eq(run().n, 2);

	test("an empty datagram is never in a run: it would vanish");
	SIZES(100, 0);
	eq(run().n, 1);
	SIZES(0, 0);
	eq(run().n, 1);
	SIZES(100, 100, 0, 100);
	eq(run().n, 2);
}

static void test_limits(void)
{
	test("R-SOCK-3 no more datagrams than the kernel takes: 64, 128");
	make_none();
	make_many(v4(1), 200, 10);
	eq(run().n, 128);
	limit.segs = 64;
	eq(run().n, 64);
	limit.segs = 1;
	eq(run().n, 1);
	limit.segs = 128;

	test("R-SOCK-4 no more bytes: 65507 and 65527, the last one counted");
	make_none();
	make_many(v4(1), 44, 1488);
	make(v4(1), 35);
	eq(run().n, 45);
	eq(run().bytes, 65507);
	piece[44].iov_len = 36;
	eq(run().n, 44);
	limit.bytes = 65527;
	piece[44].iov_len = 55;
	eq(run().n, 45);
	piece[44].iov_len = 56;
	eq(run().n, 44);
	limit.bytes = 65507;
	make_none();
	make_many(v4(1), 2, 40000);
	eq(run().n, 1);

	test("what is larger than trains may hold goes by itself");
	limit.size = 1200;
	make_none();
	make_many(v4(1), 4, 1201);
	eq(run().n, 1);
	make_none();
	make_many(v4(1), 4, 1200);
	eq(run().n, 4);
	limit.size = 65535;

	test("lengths that overflow are no run");
	make_many(v4(1), 2, 100);
	piece[0].iov_len = SIZE_MAX;
	eq(run().n, 1);
	piece[0].iov_len = 100;
	piece[1].iov_len = SIZE_MAX;
	eq(run().n, 1);
}

static void cut_at(size_t k)
{
	eq(run().n, k);
	make_none();
	make_many(v4(1), 4, 100);
}

static void test_attributes(void)
{
	struct sockaddr_in a, b;

	test("a run ends where path or attributes change");
	make_none();
	make_many(v4(1), 4, 100);
	dgram[2].to = v4(2);
	cut_at(2);
	dgram[1].from = v4(9);
	cut_at(1);
	dgram[3].txtime = 1;
	cut_at(3);
	dgram[2].ifindex = 1;
	cut_at(2);
	dgram[2].flags = SEGOFF_UDP_TOS;
	cut_at(2);
	dgram[2].tos = 1;
	cut_at(2);
	dgram[2].to = NULL;
	cut_at(2);
	dgram[0].to = NULL;
	cut_at(1);

	test("the same address elsewhere in memory is the same");
	memcpy(&a, v4(1), sizeof(a));
	b = a;
	memset(b.sin_zero, 7, sizeof(b.sin_zero));
	dgram[1].to = (const struct sockaddr *)&a;
	dgram[2].to = (const struct sockaddr *)&b;
	cut_at(4);
	test("another port is another destination");
	b.sin_port = htons(1);
	dgram[2].to = (const struct sockaddr *)&b;
	cut_at(2);
	test("IPv6: address, port, scope and flow label count");
	dgram[0].to = dgram[1].to = v6(1, false);
	dgram[2].to = v6(1, true);
	cut_at(2);
}

static void test_pieces(void)
{
	struct iovec two[2] = { { payload, 60 }, { payload + 5000, 40 } };

	test("pieces that adjoin become one");
	make_none();
	make_many(v4(1), 40, 100);
	eq(run().niov, 1);
	eq(out[0].iov_len, 4000);
	ok(out[0].iov_base == payload);

	test("those that do not stay, and datagrams may be in pieces");
	piece[2].iov_base = payload + 9000;
	dgram[10].iov = two;
	dgram[10].niov = 2;
	eq(run().n, 40);
	eq(run().niov, 6);
	eq(out[0].iov_len, 200);
	eq(out[1].iov_len, 100);
	eq(out[2].iov_len, 700);
	eq(out[3].iov_len, 60);
	eq(out[4].iov_len, 40);
	eq(out[5].iov_len, 2900);

	test("where no room is left for pieces the run ends, nothing half in it");
	to.max = 4;
	eq(run().n, 10);
	eq(run().full, true);
	eq(run().niov, 3);
	eq(out[2].iov_len, 700);
	to.max = 3;
	eq(run().n, 10);
	to.max = 2;
	eq(run().n, 3);
	eq(run().bytes, 300);
	to.max = 0;
	eq(run().n, 1);
	eq(run().full, true);
	to.max = 64;
}

int main(void)
{
	test_sizes();
	test_limits();
	test_attributes();
	test_pieces();
	return test_end();
}

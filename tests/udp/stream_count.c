/* SPDX-License-Identifier: MIT */
/* stream_count.c - what segoff recv makes of the numbers of datagrams */
#include "../../cli/udp/stream.h"

#include "../test.h"

static struct stream s;

static enum stream_is came(uint64_t seq)
{
	struct stream_head h = { .id = 1, .seq = seq };

	return stream_count(&s, &h);
}

static void ended(uint64_t total)
{
	struct stream_head h = { .flags = STREAM_END, .id = 1, .seq = total };

	eq(stream_count(&s, &h), STREAM_ENDED);
}

static void fresh(void)
{
	s = (struct stream){ .id = 1 };
}

static void header_there_and_back(void)
{
	struct stream_head h = { STREAM_END, 0x0102030405060708ull, 9 }, got;
	uint8_t p[STREAM_HEADER];

	test("header there and back");
	stream_write(p, &h);
	eq(p[0], 'S');
	eq(p[7], STREAM_END);
	eq(p[8], 1);
	eq(p[15], 8);
	eq(p[23], 9);
	eq(stream_read(p, sizeof(p), &got), true);
	eq(got.flags, h.flags);
	eq(got.id, h.id);
	eq(got.seq, h.seq);
	eq(stream_read(p, sizeof(p) - 1, &got), false);
	p[3] ^= 1;
	eq(stream_read(p, sizeof(p), &got), false);
}

static void in_order(void)
{
	test("in order");
	fresh();
	for (uint64_t i = 0; i < 10000; i++)
		eq(came(i), STREAM_NEXT);
	eq(s.unique, 10000);
	eq(stream_lost(&s), 0);
	ended(10000);
	eq(stream_lost(&s), 0);
}

static void a_gap_is_lost_until_it_comes(void)
{
	test("a gap is lost until it comes");
	fresh();
	eq(came(0), STREAM_NEXT);
	eq(came(3), STREAM_NEXT);
	eq(stream_lost(&s), 2);
	eq(came(2), STREAM_LATE);
	eq(came(1), STREAM_LATE);
	eq(stream_lost(&s), 0);
	eq(s.late, 2);
	eq(s.twice, 0);
}

static void the_first_ones_may_be_missing(void)
{
	test("the first ones may be missing");
	fresh();
	eq(came(5), STREAM_NEXT);
	eq(stream_lost(&s), 5);
	eq(came(0), STREAM_LATE);
	eq(stream_lost(&s), 4);
}

static void twice_is_no_gain(void)
{
	test("twice is no gain");
	fresh();
	eq(came(0), STREAM_NEXT);
	eq(came(2), STREAM_NEXT);
	eq(came(2), STREAM_TWICE);
	eq(came(0), STREAM_TWICE);
	eq(came(1), STREAM_LATE);
	eq(came(1), STREAM_TWICE);
	eq(s.unique, 3);
	eq(s.twice, 3);
	eq(stream_lost(&s), 0);
}

static void the_end_tells_of_the_tail(void)
{
	test("the end tells of the tail");
	fresh();
	eq(came(0), STREAM_NEXT);
	ended(4);
	eq(stream_lost(&s), 3);
	eq(came(3), STREAM_NEXT);
	eq(stream_lost(&s), 2);
}

/* A jump leaves no bits of long ago behind. */
static void the_window_is_clean_after_a_jump(void)
{
	test("the window is clean after a jump");
	fresh();
	for (uint64_t i = 0; i < STREAM_WINDOW; i++)
		came(i);
	eq(came(3 * STREAM_WINDOW), STREAM_NEXT);
	eq(came(3 * STREAM_WINDOW - 7), STREAM_LATE);
	eq(came(3 * STREAM_WINDOW - 7), STREAM_TWICE);
	eq(came(2 * STREAM_WINDOW + 1), STREAM_LATE);
	/* too old to be known: counted, once more than can be right */
	eq(came(2 * STREAM_WINDOW), STREAM_LATE);
	eq(s.unique, STREAM_WINDOW + 4);
}

static void numbers_of_an_enemy(void)
{
	test("numbers of an enemy");
	fresh();
	eq(came(UINT64_MAX - 1), STREAM_NEXT);
	eq(came(0), STREAM_LATE);
	eq(came(UINT64_MAX - 1), STREAM_TWICE);
	ended(0);
	eq(stream_lost(&s), UINT64_MAX - 2);
}

int main(void)
{
	header_there_and_back();
	in_order();
	a_gap_is_lost_until_it_comes();
	the_first_ones_may_be_missing();
	twice_is_no_gain();
	the_end_tells_of_the_tail();
	the_window_is_clean_after_a_jump();
	numbers_of_an_enemy();
	return test_end();
}

/* SPDX-License-Identifier: MIT */
/*
 * port_hold.c - records that stay in memory while the reader goes on
 *
 * The file is larger than the reader's buffer, and each byte of it can be
 * computed from where it is, so that whatever is held can be checked.
 */
#include "port_make.h"

#include <reader.h>

#define HELD_MAX 4096

static uint32_t state;

static uint32_t rnd(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)state * below >> 32);
}

static uint8_t byte_at(uint64_t at)
{
	return (uint8_t)(at ^ at >> 8 ^ at >> 16);
}

static void put_bytes(FILE *f, const void *p, size_t n)
{
	if (fwrite(p, 1, n, f) != n)
		exit(1);
}

/* A pcap file of packets of these sizes, in turn, until it has @total bytes.
 * Returns how many. */
static unsigned int make(const uint32_t *sizes, unsigned int nsizes,
			 uint64_t total)
{
	FILE *f = fopen(at("in"), "wb");
	uint64_t pos = 24;
	struct file head = { 0 };
	unsigned int i;
	uint8_t b;

	if (!f)
		exit(1);
	pcap_header(&head, 0xa1b2c3d4, 1);
	put_bytes(f, head.p, head.n);
	for (i = 0; pos < total; i++) {
		head.n = 0;
		pcap_packet(&head, 0, 0, 0, i);
		head.n = 8;
		u32(&head, sizes[i % nsizes]);
		head.n = 16;
		put_bytes(f, head.p, head.n);
		pos += head.n;
		for (uint32_t k = 0; k < sizes[i % nsizes]; k++, pos++) {
			b = byte_at(pos);
			put_bytes(f, &b, 1);
		}
	}
	if (fclose(f))
		exit(1);
	return i;
}

/* First, last and some bytes between are right. */
static bool intact(const struct capture_reader *r,
		   const struct capture_record *rec)
{
	const uint8_t *p = capture_bytes(r, rec);
	uint32_t i;

	for (int k = 0; k < 8 && rec->caplen; k++) {
		i = rec->data + (k == 0 ? 0 :
				 k == 1 ? rec->caplen - 1 :
					  rnd(rec->caplen));
		if (p[i] != byte_at(rec->at + i))
			return eq(p[i], byte_at(rec->at + i));
	}
	return true;
}

struct held {
	struct capture_record rec[HELD_MAX];
	unsigned int first, end;
};

static bool all_intact(const struct capture_reader *r, const struct held *h)
{
	for (unsigned int i = h->first; i != h->end; i++)
		if (!intact(r, &h->rec[i % HELD_MAX]))
			return false;
	return true;
}

/* Hold up to @most records, let go of some of them at random. */
static void hold(unsigned int most, unsigned int expected)
{
	static struct held h;
	struct capture_reader *r;
	struct capture_record *rec;
	struct port_error e;
	uint64_t at_next = 24;
	int ret;

	h.first = h.end = 0;
	if (!eq(capture_open(&r, at("in"), &e), 0))
		return;
	for (;;) {
		rec = &h.rec[h.end % HELD_MAX];
		ret = capture_next(r, rec, &e);
		if (ret <= 0)
			break;
		if (!eq(rec->at, at_next))
			break;
		at_next += rec->size;
		h.end++;
		if (rnd(64) == 0 && !all_intact(r, &h))
			break;
		if (h.end - h.first < most && rnd(4))
			continue;
		h.first += 1 + rnd(h.end - h.first);
		rec = &h.rec[h.first % HELD_MAX];
		capture_release(r, h.first == h.end ? UINT64_MAX : rec->at);
		capture_release(r, 0);
	}
	eq(ret, 0);
	eq(h.end, expected);
	all_intact(r, &h);
	if (most == 1)
		eq(r->span.size, SPAN_SIZE);
	capture_close(r);
}

/* Nothing is ever let go. */
static void hold_all(unsigned int expected)
{
	static struct held h;
	struct capture_reader *r;
	struct port_error e;

	h.first = h.end = 0;
	if (!eq(capture_open(&r, at("in"), &e), 0))
		return;
	while (capture_next(r, &h.rec[h.end], &e) > 0)
		h.end++;
	eq(h.end, expected);
	all_intact(r, &h);
	capture_close(r);
}

/* A large record passes, and soon the memory that it needed, too. */
static void memory_is_flat(void)
{
	static const uint32_t sizes[] = { CAPTURE_RECORD_MAX - 16,
					  99999,
					  99999,
					  99999,
					  99999,
					  99999,
					  99999,
					  99999 };
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	unsigned int i, n = make(sizes, 8, 2 * CAPTURE_RECORD_MAX + 1400000);

	eq(capture_open(&r, at("in"), &e), 0);
	for (i = 0; capture_next(r, &rec, &e) > 0; i++) {
		intact(r, &rec);
		capture_release(r, rec.at + rec.size);
		ok(r->span.size <= 2 * CAPTURE_RECORD_MAX);
		if (i % 8 >= 6)
			eq(r->span.size, SPAN_SIZE);
	}
	eq(i, n);
	eq(i, 16);
	capture_close(r);
}

/* A caller who holds half of the normal buffer does not make it grow. */
static void memory_is_enough(unsigned int n)
{
	struct capture_record rec[256];
	struct capture_reader *r;
	struct port_error e;
	unsigned int i;

	eq(capture_open(&r, at("in"), &e), 0);
	for (i = 0; capture_next(r, &rec[i % 256], &e) > 0; i++)
		if (i >= 255)
			capture_release(r, rec[(i + 1) % 256].at);
	eq(i, n);
	eq(r->span.size, SPAN_SIZE);
	capture_close(r);
}

static void hold_in_patterns(unsigned int n)
{
	for (unsigned int most = 1; most < HELD_MAX; most *= 4)
		for (uint32_t seed = 1; seed < 4; seed++) {
			state = seed;
			hold(most, n);
		}
}

int main(void)
{
	static const char *const names[] = { "in", NULL };
	static const uint32_t small[] = { 60, 1514, 0, 1, 333 };
	static const uint32_t mixed[] = { 60, 65535, 1514, 300000, 9 };
	static const uint32_t even[] = { 2032 };
	const uint64_t total = 6 << 20;
	unsigned int n;

	make_begin();
	test("small packets, held in odd patterns");
	hold_in_patterns(make(small, 5, total));
	test("large and small packets, held in odd patterns");
	n = make(mixed, 5, total);
	hold_in_patterns(n);
	test("everything is held");
	hold_all(n);
	test("half of the buffer may be held without growth");
	memory_is_enough(make(even, 1, total));
	test("the buffer shrinks after a large record");
	memory_is_flat();
	return make_end(names);
}

/* SPDX-License-Identifier: MIT */
/*
 * port_frames.c - pcapng packets that are written anew
 */
#include "port_make.h"

#include <writer.h>

static void start(struct file *f, bool big)
{
	*f = (struct file){ .big = big };
	section(f, UINT64_MAX);
	interface(f, 1, 100, 0);
}

/* Write the one packet of "in" as these frames. */
static void rebuild(const struct file *f, const struct capture_frame *frames,
		    int n)
{
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	const uint8_t *bytes;
	uint8_t *to;

	if (!eq(open_made(&r, f, &e), 0))
		return;
	eq(capture_create(&w, at("out"), r, -1, 0, &e), 0);
	while (capture_next(r, &rec, &e) > 0) {
		bytes = capture_bytes(r, &rec);
		if (!rec.packet) {
			eq(capture_copy(w, &rec, bytes, &e), 0);
			continue;
		}
		for (int i = 0; i < n; i++) {
			to = capture_begin(w, &rec, frames[i].len, &e);
			memset(to, 0xee, frames[i].len + 16);
			memcpy(to, bytes + rec.data, frames[i].len);
			capture_end(w, &rec, bytes, &frames[i]);
		}
	}
	eq(capture_packets(w), n);
	eq(capture_finish(w, &e), 0);
	capture_close(r);
}

/* All options that a packet may have, with flags of @flags. */
static size_t with_options(struct file *f, uint32_t flags)
{
	size_t b = enhanced(f, 0, 1000, 7, 50, 60);

	option(f, 1, "first", 5);
	option_u32(f, 2, flags);
	option(f, 3, "\2hash", 5);
	option(f, 4, "dropcnt8", 8);
	option(f, 5, "packetid", 8);
	option_u32(f, 6, 3);
	option(f, 7, "\1verdict", 8);
	option(f, 8, "proc+tid", 8);
	option(f, 2988, "PEN.text", 8);
	option(f, 19373, "PEN.b", 5);
	option(f, 999, "new", 3);
	option(f, 1, "second comment", 14);
	return b;
}

static void whole(bool big)
{
	struct capture_frame c = { .len = 50, .orig_len = 60, .time = 1000 };
	struct file f;
	size_t b;

	start(&f, big);
	b = with_options(&f, EPB_INBOUND);
	option(&f, 0, "", 0);
	block_end(&f, b);
	rebuild(&f, &c, 1);
	written_is("out", f.p, f.n);
}

/* Options of the first frame: all but the hash. */
static void want_first(struct file *f, uint32_t flags)
{
	option(f, 1, "first", 5);
	option_u32(f, 2, flags);
	option(f, 4, "dropcnt8", 8);
	option(f, 5, "packetid", 8);
	option_u32(f, 6, 3);
	option(f, 7, "\1verdict", 8);
	option(f, 8, "proc+tid", 8);
	option(f, 2988, "PEN.text", 8);
	option(f, 19373, "PEN.b", 5);
	option(f, 999, "new", 3);
	option(f, 1, "second comment", 14);
	option(f, 0, "", 0);
}

static void want_later(struct file *f, uint32_t flags)
{
	option_u32(f, 2, flags);
	option_u32(f, 6, 3);
	option(f, 7, "\1verdict", 8);
	option(f, 8, "proc+tid", 8);
	option(f, 0, "", 0);
}

static void segments(bool big, bool set)
{
	uint32_t old = EPB_OUTBOUND | EPB_TCP_PENDING, new = EPB_OUTBOUND;
	struct capture_frame c[3];
	struct file f, want;
	size_t b;

	for (uint32_t i = 0; i < 3; i++)
		c[i] = (struct capture_frame){
			.time = 0x700000000 + i,
			.len = 21 + i,
			.orig_len = 30 + i,
			.segment = i + 1,
			.changed = true,
			.has_flags = set,
			.flags = new,
		};
	start(&f, big);
	block_end(&f, with_options(&f, old));
	rebuild(&f, c, 3);

	start(&want, big);
	for (uint32_t i = 0; i < 3; i++) {
		b = enhanced(&want, 0, 0x700000000 + i, 7, 21 + i, 30 + i);
		if (i)
			want_later(&want, set ? new : old);
		else
			want_first(&want, set ? new : old);
		block_end(&want, b);
	}
	written_is("out", want.p, want.n);
}

/* A hash stays as long as the bytes do. */
static void hash(bool big)
{
	struct capture_frame c[] = {
		{ .len = 5, .orig_len = 5, .segment = 1 },
		{ .len = 5, .orig_len = 5, .segment = 1, .changed = true },
		{ .len = 5, .orig_len = 5, .segment = 2 },
	};
	struct file f, want;
	size_t b;

	start(&f, big);
	b = enhanced(&f, 0, 0, 7, 5, 5);
	option(&f, 3, "\2hash", 5);
	block_end(&f, b);
	rebuild(&f, c, 3);
	start(&want, big);
	b = enhanced(&want, 0, 0, 7, 5, 5);
	option(&want, 3, "\2hash", 5);
	option(&want, 0, "", 0);
	block_end(&want, b);
	block_end(&want, enhanced(&want, 0, 0, 7, 5, 5));
	block_end(&want, enhanced(&want, 0, 0, 7, 5, 5));
	written_is("out", want.p, want.n);
}

static void flags_added(bool big)
{
	struct capture_frame c = { .len = 49,
				   .orig_len = 49,
				   .has_flags = true,
				   .flags = EPB_CSUM_VALID };
	struct file f, want;
	size_t b;

	start(&f, big);
	block_end(&f, enhanced(&f, 0, 0, 7, 50, 50));
	rebuild(&f, &c, 1);
	start(&want, big);
	b = enhanced(&want, 0, 0, 7, 49, 49);
	option_u32(&want, 2, EPB_CSUM_VALID);
	option(&want, 0, "", 0);
	block_end(&want, b);
	written_is("out", want.p, want.n);
}

/* Options that end without opt_endofopt, flags of a wrong size, twice. */
static void flags_odd(bool big)
{
	struct capture_frame c = {
		.len = 8, .orig_len = 8, .has_flags = true, .flags = 0
	};
	struct file f, want;
	size_t b;

	start(&f, big);
	b = enhanced(&f, 0, 0, 7, 8, 8);
	option(&f, 2, "ab", 2);
	option(&f, 1, "c", 1);
	option_u32(&f, 2, EPB_INBOUND);
	block_end(&f, b);
	rebuild(&f, &c, 1);
	start(&want, big);
	b = enhanced(&want, 0, 0, 7, 8, 8);
	option_u32(&want, 2, 0);
	option(&want, 1, "c", 1);
	option(&want, 0, "", 0);
	block_end(&want, b);
	written_is("out", want.p, want.n);
}

/* Packets that were lost before a packet were lost once. */
static void obsolete_frames(bool big, unsigned int drops, unsigned int later)
{
	struct capture_frame c[] = {
		{ .len = 6, .orig_len = 6, .time = 9, .segment = 1 },
		{ .len = 7, .orig_len = 8, .time = 10, .segment = 2 },
	};
	struct file f, want;
	size_t b;

	start(&f, big);
	b = obsolete(&f, 0, drops, 9, 7, 30, 30);
	option_u32(&f, 2, EPB_OUTBOUND);
	block_end(&f, b);
	rebuild(&f, c, 2);
	start(&want, big);
	for (unsigned int i = 0; i < 2; i++) {
		b = obsolete(&want, 0, i ? later : drops, 9 + i, 7, 6 + i,
			     6 + 2 * i);
		option_u32(&want, 2, EPB_OUTBOUND);
		option(&want, 0, "", 0);
		block_end(&want, b);
	}
	written_is("out", want.p, want.n);
}

/* No time, no flags, and no captured length. */
static void simple_frames(bool big)
{
	struct capture_frame c[] = {
		{ .len = 100, .orig_len = 300, .has_flags = true, .flags = 1 },
		{ .len = 21, .orig_len = 21, .segment = 1, .time = 5 },
		{ .len = 22, .orig_len = 40, .segment = 2 },
	};
	struct file f, want;

	start(&f, big);
	simple(&f, 7, 100, 300);
	rebuild(&f, c, 3);
	start(&want, big);
	simple(&want, 7, 100, 300);
	simple(&want, 7, 21, 21);
	simple(&want, 7, 22, 22);
	written_is("out", want.p, want.n);
}

/* Frames that leave so many bytes of the writer's buffer, or want more. */
static void full_buffer(void)
{
	struct capture_frame c = { .has_flags = true };
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	struct file f;
	size_t size;
	uint8_t *to;

	start(&f, false);
	block_end(&f, enhanced(&f, 0, 0, 7, 1, 1));
	eq(open_made(&r, &f, &e), 0);
	eq(capture_create(&w, at("out"), r, -1, 0, &e), 0);
	while (capture_next(r, &rec, &e) > 0 && !rec.packet)
		capture_copy(w, &rec, capture_bytes(r, &rec), &e);
	size = w->size;
	for (size_t left = 0; left < 80; left++) {
		c.len = (uint32_t)(w->size - w->fill - left);
		to = capture_begin(w, &rec, c.len, &e);
		memset(to, 0, c.len);
		capture_end(w, &rec, capture_bytes(r, &rec), &c);
		ok(w->fill <= w->size);
		to = capture_begin(w, &rec, 1000, &e);
		memset(to, 0, 1000);
		c.len = 1000;
		capture_end(w, &rec, capture_bytes(r, &rec), &c);
		ok(w->size >= size && w->size <= size + 100);
	}
	capture_abandon(w);
	capture_close(r);
}

int main(void)
{
	static const char *const names[] = { "in", "out", NULL };

	make_begin();
	for (int big = 0; big < 2; big++) {
		test(big ? "big-endian: a whole packet keeps everything" :
			   "little-endian: a whole packet keeps everything");
		whole(big);
		test("segments keep what holds for each");
		segments(big, false);
		test("segments get new flags in the old place");
		segments(big, true);
		test("a hash goes when the bytes change");
		hash(big);
		test("flags are added to a packet without options");
		flags_added(big);
		test("odd flags are replaced by one");
		flags_odd(big);
		test("obsolete packets stay so");
		obsolete_frames(big, 3, 0);
		obsolete_frames(big, 0xffff, 0xffff);
		test("simple packets stay so");
		simple_frames(big);
	}
	test("a frame that just fits, or just does not");
	full_buffer();
	return make_end(names);
}

/* SPDX-License-Identifier: MIT */
/*
 * fuzz_capture.h - what must be true of any capture file
 *
 * Theory of operation
 * -------------------
 * Each input is read three times. First with a window of held records: they
 * follow each other without gaps, lie inside the file, and their bytes are
 * those of the file for as long as they are held. Then it is copied: the bytes
 * are the same again, except for the length of a pcapng section. Last, packets
 * are written anew, whole or cut into frames, and what was written is read
 * back: the same frames, and nothing damaged. The input itself decides, by a
 * hash, how much is held and what is cut, so that every run is the same.
 *
 * Files are memory: the input and what is read back have no name but that of
 * their descriptor, and output goes into a pipe that can hold it all.
 */
#ifndef SEGOFF_TESTS_FUZZ_CAPTURE_H
#define SEGOFF_TESTS_FUZZ_CAPTURE_H

#define _GNU_SOURCE

#include <capture.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX   (64u << 10)
#define OUTPUT_MAX  (1u << 20)
#define HELD_MAX    64u
#define FRAMES_MAX  (2 * INPUT_MAX / 12)
#define SECTION_LEN 16

#define must(cond)                                                         \
	do {                                                               \
		if (!(cond)) {                                             \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, \
				__LINE__, #cond);                          \
			abort();                                           \
		}                                                          \
	} while (0)

struct memory {
	int fd;
	char path[40];
};

static struct {
	const uint8_t *data;
	size_t size;
	uint32_t state;
	struct memory in;
	struct memory back;
	int out[2];
	char out_path[40];
	uint8_t written[OUTPUT_MAX];
	size_t nwritten;
	struct capture_record held[HELD_MAX];
	unsigned int first, end;
	struct {
		uint64_t at;
		uint64_t time;
		uint32_t len;
	} frames[FRAMES_MAX];
	unsigned int nframes;
} fuzz;

static uint32_t fuzz_rnd(uint32_t below)
{
	fuzz.state = fuzz.state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)fuzz.state * below >> 32);
}

static void fuzz_memory(struct memory *m)
{
	m->fd = memfd_create("segoff-fuzz", MFD_CLOEXEC);
	must(m->fd >= 0);
	snprintf(m->path, sizeof(m->path), "/proc/self/fd/%d", m->fd);
}

static void fuzz_fill(struct memory *m, const uint8_t *p, size_t n)
{
	must(ftruncate(m->fd, 0) == 0);
	must(pwrite(m->fd, p, n, 0) == (ssize_t)n);
}

static void fuzz_start(const uint8_t *data, size_t size)
{
	if (!fuzz.in.fd) {
		fuzz_memory(&fuzz.in);
		fuzz_memory(&fuzz.back);
		must(pipe2(fuzz.out, O_CLOEXEC | O_NONBLOCK) == 0);
		must(fcntl(fuzz.out[1], F_SETPIPE_SZ, OUTPUT_MAX) > 0);
		snprintf(fuzz.out_path, sizeof(fuzz.out_path),
			 "/proc/self/fd/%d", fuzz.out[1]);
	}
	fuzz.data = data;
	fuzz.size = size;
	fuzz.state = 2166136261;
	for (size_t i = 0; i < size; i++)
		fuzz.state = (fuzz.state ^ data[i]) * 16777619;
	fuzz_fill(&fuzz.in, data, size);
}

/* Take what is in the pipe. */
static void fuzz_take(void)
{
	ssize_t n;

	fuzz.nwritten = 0;
	while ((n = read(fuzz.out[0], fuzz.written + fuzz.nwritten,
			 OUTPUT_MAX - fuzz.nwritten)) > 0)
		fuzz.nwritten += (size_t)n;
}

/* ---------------------------------------------------------------- reading */

static void fuzz_check_record(const struct capture_reader *r,
			      const struct capture_record *rec)
{
	const uint32_t trailer = capture_format(r) == CAPTURE_PCAP ? 0 : 4;

	must(rec->size > 0 && rec->size <= CAPTURE_RECORD_MAX);
	must(rec->at + rec->size <= fuzz.size);
	if (!rec->packet)
		return;
	must(rec->data > 0 && rec->data + trailer <= rec->size);
	must(rec->caplen <= rec->size - rec->data - trailer);
	must(capture_ticks(r, rec->iface) > 0);
	must(rec->has_flags || !rec->flags);
}

static void fuzz_check_held(const struct capture_reader *r)
{
	const struct capture_record *rec;

	for (unsigned int i = fuzz.first; i != fuzz.end; i++) {
		rec = &fuzz.held[i % HELD_MAX];
		must(!memcmp(capture_bytes(r, rec), fuzz.data + rec->at,
			     rec->size));
	}
}

static void fuzz_let_go(struct capture_reader *r, unsigned int most)
{
	while (fuzz.end - fuzz.first > fuzz_rnd(most))
		fuzz.first++;
	if (fuzz.first == fuzz.end)
		capture_release(r, UINT64_MAX);
	else
		capture_release(r, fuzz.held[fuzz.first % HELD_MAX].at);
}

static void fuzz_read(struct capture_reader *r)
{
	const unsigned int most = 1 + fuzz_rnd(HELD_MAX - 1);
	struct port_error e = { 0 }, again = { 0 };
	struct capture_record rec;
	uint64_t next = capture_format(r) == CAPTURE_PCAP ? 24 : 0;
	uint64_t packets = 0;
	int ret;

	fuzz.first = fuzz.end = 0;
	while ((ret = capture_next(r, &rec, &e)) > 0) {
		must(rec.at == next);
		next += rec.size;
		fuzz_check_record(r, &rec);
		must(!rec.packet || rec.number == ++packets);
		fuzz.held[fuzz.end++ % HELD_MAX] = rec;
		fuzz_check_held(r);
		fuzz_let_go(r, most);
	}
	must(ret || next == fuzz.size);
	must(ret == 0 || (e.code == ret && *e.text));
	must(capture_next(r, &rec, &again) == ret);
	must(!strcmp(e.text, again.text));
	fuzz_check_held(r);
}

/* ---------------------------------------------------------------- copying */

/* The part of the input that is good, as it must come out. */
static size_t fuzz_copy(struct capture_reader *r, uint8_t *want)
{
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;
	size_t n = capture_format(r) == CAPTURE_PCAP ? 24 : 0;

	memcpy(want, fuzz.data, fuzz.size);
	must(!capture_create(&w, fuzz.out_path, r, -1, 0, &e));
	while (capture_next(r, &rec, &e) > 0) {
		must(!capture_copy(w, &rec, capture_bytes(r, &rec), &e));
		capture_release(r, rec.at + rec.size);
		if (!rec.packet && !memcmp(want + rec.at, "\n\r\r\n", 4))
			memset(want + rec.at + SECTION_LEN, 0xff, 8);
		n = rec.at + rec.size;
	}
	must(capture_written(w) == n);
	must(!capture_finish(w, &e));
	return n;
}

static void fuzz_check_copy(struct capture_reader *r)
{
	static uint8_t want[INPUT_MAX];
	size_t n = fuzz_copy(r, want);

	fuzz_take();
	must(fuzz.nwritten == n);
	must(!memcmp(fuzz.written, want, n));
}

/* ------------------------------------------------------------ new frames */

static void fuzz_write_frame(struct capture_writer *w,
			     const struct capture_record *rec,
			     const uint8_t *bytes, uint32_t from,
			     struct capture_frame *f)
{
	struct port_error e;
	uint8_t *to;

	f->time = rec->time;
	f->orig_len = f->len;
	f->has_flags = fuzz_rnd(2);
	f->flags = f->has_flags ? fuzz_rnd(0x1000) : 0;
	to = capture_begin(w, rec, f->len + fuzz_rnd(100), &e);
	must(to);
	memcpy(to, bytes + rec->data + from, f->len);
	capture_end(w, rec, bytes, f);
	must(fuzz.nframes < FRAMES_MAX);
	fuzz.frames[fuzz.nframes].at = rec->at + rec->data + from;
	fuzz.frames[fuzz.nframes].time = rec->has_time ? rec->time : 0;
	fuzz.frames[fuzz.nframes++].len = f->len;
}

/* The packet as it is, or in two pieces. */
static void fuzz_write_packet(struct capture_writer *w,
			      const struct capture_record *rec,
			      const uint8_t *bytes)
{
	struct capture_frame f = { .changed = fuzz_rnd(2) };

	f.len = rec->caplen;
	if (fuzz_rnd(2)) {
		fuzz_write_frame(w, rec, bytes, 0, &f);
		return;
	}
	f.segment = 1;
	f.len = fuzz_rnd(rec->caplen + 1);
	fuzz_write_frame(w, rec, bytes, 0, &f);
	f.segment = 2;
	f.len = rec->caplen - f.len;
	fuzz_write_frame(w, rec, bytes, rec->caplen - f.len, &f);
}

static void fuzz_write(struct capture_reader *r)
{
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e;

	fuzz.nframes = 0;
	must(!capture_create(&w, fuzz.out_path, r, 1, 147, &e));
	while (capture_next(r, &rec, &e) > 0) {
		if (rec.packet)
			fuzz_write_packet(w, &rec, capture_bytes(r, &rec));
		else
			must(!capture_copy(w, &rec, capture_bytes(r, &rec),
					   &e));
		capture_release(r, rec.at + rec.size);
	}
	must(capture_packets(w) == fuzz.nframes);
	must(!capture_finish(w, &e));
	fuzz_take();
}

static void fuzz_check_frame(const struct capture_reader *r,
			     const struct capture_record *rec)
{
	const uint64_t ticks = capture_ticks(r, rec->iface);
	const unsigned int i = (unsigned int)rec->number - 1;

	must(i < fuzz.nframes);
	must(rec->linktype != 1);
	must(rec->caplen == fuzz.frames[i].len);
	must(rec->len == rec->caplen);
	must(!memcmp(capture_bytes(r, rec) + rec->data,
		     fuzz.data + fuzz.frames[i].at, rec->caplen));
	/* The seconds of pcap have 32 bits. */
	if (capture_format(r) == CAPTURE_PCAPNG ||
	    fuzz.frames[i].time / ticks <= UINT32_MAX)
		must(rec->time == fuzz.frames[i].time);
}

static void fuzz_read_back(void)
{
	struct capture_reader *r;
	struct capture_record rec;
	struct port_error e;
	uint64_t packets = 0;
	int ret;

	if (!fuzz.nwritten)
		return;
	fuzz_fill(&fuzz.back, fuzz.written, fuzz.nwritten);
	must(!capture_open(&r, fuzz.back.path, &e));
	while ((ret = capture_next(r, &rec, &e)) > 0) {
		if (rec.packet) {
			fuzz_check_frame(r, &rec);
			packets++;
		}
		capture_release(r, rec.at + rec.size);
	}
	must(ret == 0);
	must(packets == fuzz.nframes);
	capture_close(r);
}

/* ------------------------------------------------------------------------ */

static void fuzz_pass(enum capture_format format,
		      void (*check)(struct capture_reader *r))
{
	struct capture_reader *r;
	struct port_error e = { 0 };
	int err = capture_open(&r, fuzz.in.path, &e);

	must(err <= 0);
	if (err) {
		must(!r && e.code == err && *e.text);
		return;
	}
	if (capture_format(r) == format && !*capture_compression(r))
		check(r);
	capture_close(r);
}

static void fuzz_write_and_read_back(struct capture_reader *r)
{
	fuzz_write(r);
	fuzz_read_back();
}

static int fuzz_capture(const uint8_t *data, size_t size,
			enum capture_format format)
{
	if (size > INPUT_MAX)
		return 0;
	fuzz_start(data, size);
	fuzz_pass(format, fuzz_read);
	fuzz_pass(format, fuzz_check_copy);
	fuzz_pass(format, fuzz_write_and_read_back);
	return 0;
}

#endif

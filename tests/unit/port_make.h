/* SPDX-License-Identifier: MIT */
/*
 * port_make.h - capture files for the tests of src/port
 *
 * Files are built in memory, byte by byte and in either order, and lie in a
 * directory of their own that goes when the test ends.
 */
#ifndef SEGOFF_TESTS_PORT_MAKE_H
#define SEGOFF_TESTS_PORT_MAKE_H

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <capture.h>

#include "../test.h"

/* ------------------------------------------------------ files on disk */

static char make_dir[] = "/tmp/segoff-port-XXXXXX";

/* A name in the directory of the test; good until the 4th next call. */
static inline const char *at(const char *name)
{
	static char path[4][256];
	static unsigned int turn;
	char *p = path[turn++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", make_dir, name);
	return p;
}

static inline void make_begin(void)
{
	if (!mkdtemp(make_dir)) {
		perror(make_dir);
		exit(1);
	}
}

/* Every name that a test makes is given here, so nothing is left behind. */
static inline int make_end(const char *const *names)
{
	test("nothing is left behind");
	for (; *names; names++)
		unlink(at(*names));
	eq(rmdir(make_dir), 0);
	return test_end();
}

static inline void save(const char *name, const void *p, size_t n)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n || close(fd)) {
		perror(name);
		exit(1);
	}
}

/* ------------------------------------------------------ files in memory */

struct file {
	uint8_t p[4096];
	size_t n;
	bool big;
};

static inline void put(struct file *f, const void *p, size_t n)
{
	if (f->n + n > sizeof(f->p))
		exit(1);
	memcpy(f->p + f->n, p, n);
	f->n += n;
}

static inline void put_num(struct file *f, uint64_t v, int bytes)
{
	uint8_t b;

	for (int i = 0; i < bytes; i++) {
		b = (uint8_t)(v >> 8 * (f->big ? bytes - 1 - i : i));
		put(f, &b, 1);
	}
}

static inline void u16(struct file *f, unsigned int v)
{
	put_num(f, v, 2);
}

static inline void u32(struct file *f, uint64_t v)
{
	put_num(f, v, 4);
}

static inline void u64(struct file *f, uint64_t v)
{
	put_num(f, v, 8);
}

/* A frame whose bytes count up from @first. */
static inline void frame(struct file *f, unsigned int first, size_t n)
{
	uint8_t b;

	for (size_t i = 0; i < n; i++) {
		b = (uint8_t)(first + i);
		put(f, &b, 1);
	}
}

static inline void pad(struct file *f)
{
	while (f->n % 4)
		put(f, "", 1);
}

static inline void pcap_header(struct file *f, uint32_t magic, uint32_t link)
{
	u32(f, magic);
	u16(f, 2);
	u16(f, 4);
	u32(f, 0);
	u32(f, 0);
	u32(f, 262144);
	u32(f, link);
}

static inline void pcap_packet(struct file *f, uint32_t sec, uint32_t frac,
			       size_t n, uint32_t len)
{
	u32(f, sec);
	u32(f, frac);
	u32(f, n);
	u32(f, len);
	frame(f, sec, n);
}

/* Begin a block; returns where, for block_end(). */
static inline size_t block(struct file *f, uint32_t type)
{
	size_t start = f->n;

	u32(f, type);
	u32(f, 0);
	return start;
}

static inline void block_end(struct file *f, size_t start)
{
	struct file size = { .big = f->big };

	pad(f);
	u32(&size, f->n + 4 - start);
	memcpy(f->p + start + 4, size.p, 4);
	put(f, size.p, 4);
}

static inline void section(struct file *f, uint64_t length)
{
	size_t b = block(f, 0x0a0d0d0a);

	u32(f, 0x1a2b3c4d);
	u16(f, 1);
	u16(f, 0);
	u64(f, length);
	block_end(f, b);
}

static inline void option(struct file *f, unsigned int code, const void *p,
			  size_t n)
{
	u16(f, code);
	u16(f, (unsigned int)n);
	put(f, p, n);
	pad(f);
}

static inline void option_u32(struct file *f, unsigned int code, uint32_t v)
{
	u16(f, code);
	u16(f, 4);
	u32(f, v);
}

/* An interface; @resolution is if_tsresol, 0 for none. */
static inline void interface(struct file *f, unsigned int link,
			     uint32_t snaplen, uint8_t resolution)
{
	size_t b = block(f, 1);

	u16(f, link);
	u16(f, 0);
	u32(f, snaplen);
	if (resolution) {
		option(f, 9, &resolution, 1);
		option(f, 0, "", 0);
	}
	block_end(f, b);
}

/* The fixed part and the frame of an Enhanced Packet Block. */
static inline size_t enhanced(struct file *f, uint32_t iface, uint64_t time,
			      unsigned int first, size_t n, uint32_t len)
{
	size_t b = block(f, 6);

	u32(f, iface);
	u32(f, time >> 32);
	u32(f, (uint32_t)time);
	u32(f, n);
	u32(f, len);
	frame(f, first, n);
	pad(f);
	return b;
}

/* The fixed part and the frame of an obsolete Packet Block. */
static inline size_t obsolete(struct file *f, unsigned int iface,
			      unsigned int drops, uint64_t time,
			      unsigned int first, size_t n, uint32_t len)
{
	size_t b = block(f, 2);

	u16(f, iface);
	u16(f, drops);
	u32(f, time >> 32);
	u32(f, (uint32_t)time);
	u32(f, n);
	u32(f, len);
	frame(f, first, n);
	pad(f);
	return b;
}

static inline void simple(struct file *f, unsigned int first, size_t n,
			  uint32_t len)
{
	size_t b = block(f, 3);

	u32(f, len);
	frame(f, first, n);
	block_end(f, b);
}

/* ------------------------------------------- reading and writing them */

static inline bool contains(const struct port_error *e, const char *what)
{
	if (strstr(e->text, what))
		return true;
	printf("#   text: %s\n#   lacks: %s\n", e->text, what);
	return false;
}

/* Open what was built. */
static inline int open_made(struct capture_reader **r, const struct file *f,
			    struct port_error *e)
{
	save("in", f->p, f->n);
	return capture_open(r, at("in"), e);
}

/* A file that was written is this. */
#define written_is(name, want, n) \
	test_written(name, want, n, __FILE__, __LINE__)

static inline bool test_written(const char *name, const void *want, size_t n,
				const char *file, int line)
{
	static uint8_t got[1 << 20];
	int fd = open(at(name), O_RDONLY);
	ssize_t have = fd < 0 ? -1 : read(fd, got, sizeof(got));

	if (fd >= 0)
		close(fd);
	if (have < 0) {
		test_fail(file, line);
		printf("%s: %s\n", name, strerror(errno));
		return false;
	}
	return test_mem_eq(got, (size_t)have, want, n, name, file, line);
}

/* Read "in" and copy every record to "out". */
static inline void copy_all(int from, int to)
{
	struct capture_reader *r;
	struct capture_writer *w;
	struct capture_record rec;
	struct port_error e = { 0 };
	int ret;

	if (!eq(capture_open(&r, at("in"), &e), 0) ||
	    !eq(capture_create(&w, at("out"), r, from, to, &e), 0)) {
		printf("#   %s\n", e.text);
		return;
	}
	while ((ret = capture_next(r, &rec, &e)) > 0) {
		eq(capture_copy(w, &rec, capture_bytes(r, &rec), &e), 0);
		capture_release(r, rec.at + rec.size);
	}
	if (!eq(ret, 0))
		printf("#   %s\n", e.text);
	eq(capture_finish(w, &e), 0);
	capture_close(r);
}

#endif

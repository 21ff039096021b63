/* SPDX-License-Identifier: MIT */
/*
 * span.c - the part of a file that is in memory
 */
#include "span.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "fd.h"
#include "map.h"

/* What is moved although there is room, as a part of what was let go. */
#define CHEAP_PART 8

static bool resize(struct span *s, size_t size)
{
	uint8_t *room = realloc(s->room, size);

	if (!room)
		return false;
	s->buf = s->room = room;
	s->size = size;
	return true;
}

int span_open(struct span *s, struct input *in, struct port_error *e)
{
	*s = (struct span){ .in = in, .patience = -1 };
	if (input_mappable(in) && map_claim())
		return 0;
	return resize(s, SPAN_SIZE) ? 0 :
				      port_fail(e, -ENOMEM, "out of memory");
}

/* The buffer begins at another place of the file from now on. */
static void rebase(struct span *s, uint64_t base)
{
	size_t on = (size_t)(base - s->base);

	s->base = base;
	s->keep -= on;
	s->at -= on;
	s->end -= on;
}

/* Move what is kept to the front of the buffer. */
static void slide(struct span *s)
{
	memmove(s->room, s->room + s->keep, s->end - s->keep);
	rebase(s, s->base + s->keep);
	if (s->size > SPAN_SIZE && s->end <= SPAN_SIZE / 2)
		resize(s, SPAN_SIZE);
}

/* Make room for a chunk. */
static int make_room(struct span *s, struct port_error *e)
{
	size_t kept = s->end - s->keep;

	if (s->keep / CHEAP_PART >= kept ||
	    (s->size - s->end < SPAN_CHUNK && s->keep >= kept))
		slide(s);
	if (s->size - s->end >= SPAN_CHUNK)
		return 0;
	if (s->size > SIZE_MAX / 2 || !resize(s, s->size * 2))
		return port_fail(
			e, -ENOMEM,
			"out of memory: %zu bytes of the file are kept",
			s->end - s->keep);
	return 0;
}

/* Map on, so that the next record has this many bytes, or to the end. */
static int map_on(struct span *s, size_t n, struct port_error *e)
{
	uint64_t kept = s->base + s->keep;
	uint64_t base = kept - kept % map_page();
	size_t len = (size_t)(s->base + s->at - base) + n;

	if (port_stopped())
		return port_fail_file(e, -EINTR, input_name(s->in), "");
	if (len < MAP_SIZE)
		len = MAP_SIZE;
	s->buf = input_map(s->in, base, &len);
	if (!s->buf)
		return port_fail(e, -EIO,
				 PORT_NAME ": cannot be read: it became "
					   "shorter, or memory is short",
				 input_name(s->in));
	rebase(s, base);
	s->end = len;
	return 0;
}

/* The same as reading, for a file that is mapped. */
static int fill_mapped(struct span *s, size_t n, struct port_error *e)
{
	uint64_t end = s->base + s->end;
	int err = map_on(s, n, e);

	if (err == -EIO && !end && resize(s, SPAN_SIZE)) {
		map_release(); /* not a file system that maps: read it */
		return span_fill(s, n, e);
	}
	if (err)
		return err;
	return s->base + s->end > end && span_ahead(s) >= n;
}

int span_fill(struct span *s, size_t n, struct port_error *e)
{
	ssize_t got;
	int err;

	if (span_ahead(s) >= n)
		return 1;
	if (!s->room)
		return fill_mapped(s, n, e);
	while (span_ahead(s) < n) {
		if (s->patience >= 0 && !input_wait(s->in, s->patience))
			return -EAGAIN;
		err = make_room(s, e);
		if (err)
			return err;
		got = input_read(s->in, s->room + s->end, SPAN_CHUNK, e);
		if (got <= 0)
			return (int)got;
		s->end += (size_t)got;
	}
	return 1;
}

void span_release(struct span *s, uint64_t at)
{
	uint64_t most = s->base + s->at;

	if (at > most)
		at = most;
	if (at > s->base + s->keep)
		s->keep = (size_t)(at - s->base);
}

void span_close(struct span *s)
{
	if (!s->room)
		map_release();
	input_close(s->in);
	free(s->room);
}

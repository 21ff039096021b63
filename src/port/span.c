/* SPDX-License-Identifier: MIT */
/*
 * span.c - the part of a file that is in memory
 */
#include "span.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is moved although there is room, as a part of what was let go. */
#define CHEAP_PART 8

int span_open(struct span *s, struct input *in, struct port_error *e)
{
	*s = (struct span){ .in = in, .size = SPAN_SIZE };
	s->buf = malloc(s->size);
	return s->buf ? 0 : port_fail(e, -ENOMEM, "out of memory");
}

static bool resize(struct span *s, size_t size)
{
	uint8_t *buf = realloc(s->buf, size);

	if (!buf)
		return false;
	s->buf = buf;
	s->size = size;
	return true;
}

/* Move what is kept to the front of the buffer. */
static void slide(struct span *s)
{
	memmove(s->buf, s->buf + s->keep, s->end - s->keep);
	s->base += s->keep;
	s->at -= s->keep;
	s->end -= s->keep;
	s->keep = 0;
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

int span_fill(struct span *s, size_t n, struct port_error *e)
{
	ssize_t got;
	int err;

	while (span_ahead(s) < n) {
		err = make_room(s, e);
		if (err)
			return err;
		got = input_read(s->in, s->buf + s->end, SPAN_CHUNK, e);
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
	input_close(s->in);
	free(s->buf);
}

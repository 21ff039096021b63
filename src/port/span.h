/* SPDX-License-Identifier: MIT */
/*
 * span.h - the part of a file that is in memory
 *
 * Theory of operation
 * -------------------
 *	buf                                              buf + size
 *	 | let go | kept by the caller | read ahead | room |
 *	          keep                 at           end
 *
 * A plain file is mapped (map.h): the buffer is a part of it, and is moved on by
 * mapping the next part. Other inputs are read into memory of our own:
 *
 * The file is read in chunks to the end of the buffer. When what is kept is
 * small against what was let go, it is moved to the front first, so that the
 * same memory, which the processor's cache holds, is used for every chunk. The
 * buffer doubles when what is kept fills most of it, and shrinks again later.
 * Each byte moved has a byte read since the last move that pays for it, so the
 * whole takes time linear in the size of the file. Memory follows the bytes
 * that are really there, never a length that the file claims.
 */
#ifndef SEGOFF_PORT_SPAN_H
#define SEGOFF_PORT_SPAN_H

#include "stream.h"

/* Bytes read at once: one fits into a second-level cache with its copy. */
#define SPAN_CHUNK (256u << 10)

/* Size of the buffer, unless the caller keeps more. */
#define SPAN_SIZE ((1u << 20) + SPAN_CHUNK)

/**
 * struct span - the part of a file that is in memory
 * @in: the file
 * @buf: memory
 * @room: the same, if it is our own to write to; NULL if mapped
 * @size: of @room
 * @keep: offset in @buf of the first byte that the caller may ask for
 * @at: of the next record
 * @end: of the first byte that was not yet read
 * @base: place in the file of @buf's first byte
 * @patience: milliseconds that span_fill() waits for more, or -1
 */
struct span {
	struct input *in;
	const uint8_t *buf;
	uint8_t *room;
	size_t size;
	size_t keep;
	size_t at;
	size_t end;
	uint64_t base;
	int patience;
};

/* Return: 0 or -ENOMEM. @s->in belongs to the span from now on. */
int span_open(struct span *s, struct input *in, struct port_error *e);

/**
 * span_fill() - read until the next record has this many bytes
 * @s: span
 * @n: bytes
 * @e: receives the reason of a failure
 *
 * Return: 1; 0 if the file ends before; a negative errno (-EAGAIN: nothing came
 * in time).
 */
int span_fill(struct span *s, size_t n, struct port_error *e);

/* Let go of everything before this place in the file. */
void span_release(struct span *s, uint64_t at);

void span_close(struct span *s);

/* Bytes of the next record, and of those behind it, that are there. */
static inline size_t span_ahead(const struct span *s)
{
	return s->end - s->at;
}

/* The next record, until the next span_fill(). */
static inline const uint8_t *span_next(const struct span *s)
{
	return s->buf + s->at;
}

#endif

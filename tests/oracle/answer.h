/* SPDX-License-Identifier: MIT */
/* answer.h - what became of a superpacket */
#ifndef SEGOFF_ORACLE_ANSWER_H
#define SEGOFF_ORACLE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_BYTES  (64u << 20)
#define ANSWER_FRAMES 131072u

/**
 * struct answer - what one side made of a superpacket
 * @err: errno of the write, or of the engine in its place; 0: accepted
 * @n: frames that came out
 * @used: their bytes
 * @bytes: the frames, one behind the other
 * @end: where each ends in @bytes
 *
 * Accepted and nothing came out: dropped on the way.
 */
struct answer {
	int err;
	size_t n;
	size_t used;
	uint8_t *bytes;
	size_t *end;
};

/* A new one; its memory is taken as it is touched. */
struct answer *answer_new(void);

void answer_free(struct answer *a);

/* Begin anew. */
void answer_clear(struct answer *a);

/* The last @len bytes behind @a->used are a frame. */
void answer_add(struct answer *a, size_t len);

static inline size_t answer_start(const struct answer *a, size_t i)
{
	return i ? a->end[i - 1] : 0;
}

static inline size_t answer_len(const struct answer *a, size_t i)
{
	return a->end[i] - answer_start(a, i);
}

/* The first frame in which two answers differ, or that only one has. */
size_t answer_differs(const struct answer *a, const struct answer *b);

/* Print bytes in hex, not all of many but if @all of them are wanted. */
void answer_print(const void *p, size_t n, bool all);

/* Print a few of the frames, from one on; @who is the side that made them. */
void answer_print_frames(const char *who, const struct answer *a, size_t from,
			 bool all);

/* Equal in number, order and bytes. */
bool answer_equal(const struct answer *a, const struct answer *b);

#endif

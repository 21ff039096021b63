/* SPDX-License-Identifier: MIT */
/* answer.c - what became of a superpacket */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

#define HEX_MOST    256
#define FRAMES_MOST 3

struct answer *answer_new(void)
{
	struct answer *a = calloc(1, sizeof(*a));

	if (!a)
		net_die("memory");
	a->bytes = malloc(ANSWER_BYTES);
	a->end = calloc(ANSWER_FRAMES, sizeof(*a->end));
	if (!a->bytes || !a->end)
		net_die("memory");
	return a;
}

void answer_free(struct answer *a)
{
	free(a->bytes);
	free(a->end);
	free(a);
}

void answer_clear(struct answer *a)
{
	a->err = 0;
	a->n = 0;
	a->used = 0;
}

void answer_add(struct answer *a, size_t len)
{
	if (a->n == ANSWER_FRAMES || ANSWER_BYTES - a->used < len)
		net_die("an answer is too large");
	a->used += len;
	a->end[a->n++] = a->used;
}

bool answer_equal(const struct answer *a, const struct answer *b)
{
	return a->err == b->err && a->n == b->n && a->used == b->used &&
	       !memcmp(a->end, b->end, a->n * sizeof(*a->end)) &&
	       !memcmp(a->bytes, b->bytes, a->used);
}

size_t answer_differs(const struct answer *a, const struct answer *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (answer_len(a, i) != answer_len(b, i) ||
		    memcmp(a->bytes + answer_start(a, i),
			   b->bytes + answer_start(b, i), answer_len(a, i)))
			return i;
	return i;
}

void answer_print(const void *p, size_t n, bool all)
{
	size_t most = all || n < HEX_MOST ? n : HEX_MOST;

	for (size_t i = 0; i < most; i++)
		printf("%02x", ((const uint8_t *)p)[i]);
	printf("%s\n", n > most ? " ..." : "");
}

void answer_print_frames(const char *who, const struct answer *a, size_t from,
			 bool all)
{
	printf("  %s: %zu frames, first shown: %zu\n", who, a->n, from);
	for (size_t i = from; i < a->n && i < from + FRAMES_MOST; i++) {
		printf("  %s, %zu bytes: ", who, answer_len(a, i));
		answer_print(a->bytes + answer_start(a, i), answer_len(a, i),
			     all);
	}
}

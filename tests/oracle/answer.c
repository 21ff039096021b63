/* SPDX-License-Identifier: MIT */
/* answer.c - what became of a superpacket */
#include "answer.h"

#include <string.h>
#include <stdlib.h>

#include "net.h"

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

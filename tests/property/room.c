/* SPDX-License-Identifier: MIT */
/* room.c - memory with a border that is watched */
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* More than any vector that a copy might run over by. */
#define BORDER 128
#define CANARY 0xa5

/* The place differs, so that no alignment is relied on. */
void room_make(struct room *m, size_t size, struct rnd *r)
{
	size_t shift = rnd_below(r, 64);

	m->all = malloc(size + 2 * BORDER + 64);
	m->at = m->all + BORDER + shift;
	m->size = size;
	memset(m->at - BORDER, CANARY, BORDER);
	memset(m->at + size, CANARY, BORDER);
}

bool room_overrun(const struct room *m)
{
	for (size_t i = 0; i < BORDER; i++)
		if (m->at[m->size + i] != CANARY ||
		    *(m->at - BORDER + i) != CANARY)
			return true;
	return false;
}

void room_free(struct room *m)
{
	free(m->all);
}

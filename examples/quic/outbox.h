/* SPDX-License-Identifier: MIT */
/* outbox.h - packets that were written and have to leave */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "wire.h"

#define OUTBOX 128 /* packets */

/**
 * struct outbox - packets that were written and have to leave
 * @wire: how they leave
 * @first: the first one that has not left
 * @end: behind the last one
 * @written: all packets so far
 * @refused: packets that were left out, because the kernel would not take them
 * @full: how often there was no room for them at once
 */
struct outbox {
	const struct wire *wire;
	struct packet packet[OUTBOX];
	size_t first;
	size_t end;
	unsigned long long written;
	unsigned long long refused;
	unsigned long long full;
};

/* Where to write the next one; NULL: there is no room. */
struct packet *outbox_next(struct outbox *o);

/* It was written there, and has to leave. */
void outbox_add(struct outbox *o, size_t len, uint32_t ecn);

/* Let them go: 0 if all have left, else -EAGAIN or -ENOBUFS, and they stay. */
int outbox_flush(struct outbox *o);

#endif

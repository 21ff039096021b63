/* SPDX-License-Identifier: MIT */
/*
 * batch.h - packets of a capture that are in memory together
 *
 * Theory of operation
 * -------------------
 * Packets that are to be merged must stay where they are until the superpacket
 * was written, and the reader may move them when it reads on. So a capture is
 * taken in batches: read one, work on it, let it go. A batch ends when it is
 * full, before a block that is no packet, and when nothing comes from a live
 * pipe.
 */
#ifndef SEGOFF_CLI_BATCH_H
#define SEGOFF_CLI_BATCH_H

#include "../src/port/capture.h"

/* The most packets of a batch. */
#define BATCH_MAX 4096u

/* Packets of a batch if nobody says more: they fit into a second-level cache,
 * and a flow in full has a dozen superpackets there. */
#define BATCH_DEFAULT 1024u

/**
 * struct batch - packets of a capture that are in memory together
 * @reader: where they come from
 * @most: packets of a batch
 * @n: how many there are
 * @has_block: @block, which is no packet, comes behind them
 * @idle: nothing more came in time
 * @since: when the first one came, by a clock in milliseconds (live pipes)
 * @over: there is nothing behind this batch
 * @error: if @over: its code is not 0 if the capture ended early
 * @rec: the packets' records
 * @bytes: of these records
 */
struct batch {
	struct capture_reader *reader;
	size_t most;
	size_t n;
	bool has_block;
	bool idle;
	bool over;
	int64_t since;
	struct port_error error;
	struct capture_record block;
	struct capture_record rec[BATCH_MAX];
	const uint8_t *bytes[BATCH_MAX];
};

/**
 * batch_next() - let the batch go, and read the next one
 * @b: batch; @reader and @most are set
 *
 * Return: false if there is none.
 */
bool batch_next(struct batch *b);

/* Why reading ended early; NULL if it did not. */
static inline const struct port_error *batch_error(const struct batch *b)
{
	return b->over && b->error.code ? &b->error : NULL;
}

/* A packet's frame. */
static inline const uint8_t *batch_frame(const struct batch *b, size_t i)
{
	return b->bytes[i] + b->rec[i].data;
}

#endif

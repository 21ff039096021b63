/* SPDX-License-Identifier: MIT */
/* merge_out.h - merge's output: superpackets, and packets as they are */
#ifndef SEGOFF_CLI_MERGE_OUT_H
#define SEGOFF_CLI_MERGE_OUT_H

#include "join.h"
#include "totals.h"

/**
 * struct merge_out - where merge writes to
 * @writer: the file
 * @totals: receives what was written
 * @vnet: bytes of virtio_net_hdr to be put in front of frames, or 0
 * @comment: describe superpackets by comments and flags
 */
struct merge_out {
	struct capture_writer *writer;
	struct totals *totals;
	uint32_t vnet;
	bool comment;
};

/**
 * merge_write() - write a batch, and the block behind it
 * @o: where to
 * @b: batch
 * @j: what became of it
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno.
 */
int merge_write(const struct merge_out *o, const struct batch *b,
		const struct join *j, struct port_error *e);

#endif

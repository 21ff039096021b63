/* SPDX-License-Identifier: MIT */
/*
 * lanes.h - the packets of a batch, sorted by interface
 *
 * Packets of different interfaces are never merged, and may come in turns: a
 * machine that forwards shows each packet twice. So each lane of a batch is
 * worked through by itself. Interfaces share a lane if there are many.
 */
#ifndef SEGOFF_CLI_LANES_H
#define SEGOFF_CLI_LANES_H

#include "batch.h"

#define LANES	 16u
#define LANE_END UINT16_MAX

/**
 * struct lanes - the packets of a batch, by interface
 * @first: of each lane: its first packet, or LANE_END
 * @mixed: of each lane: epb_flags, or the kind of record, are not the same in
 *	all packets
 * @next: of each packet: the next one in its lane, or LANE_END
 */
struct lanes {
	uint16_t first[LANES];
	bool mixed[LANES];
	uint16_t next[BATCH_MAX];
};

void lanes_sort(struct lanes *l, const struct batch *b);

/* What is said of packets beside their bytes and time, and must be alike in
 * those that are merged. */
static inline uint64_t lane_terms(const struct capture_record *rec)
{
	return rec->flags | (uint64_t)rec->has_flags << 32 |
	       (uint64_t)rec->has_time << 33;
}

#endif

/* SPDX-License-Identifier: MIT */
/* gro_law.h - what the kernel merged, cut again */
#ifndef SEGOFF_ORACLE_GRO_LAW_H
#define SEGOFF_ORACLE_GRO_LAW_H

#include "gro_path.h"

/**
 * struct gro_law - segments of what the kernel made
 * @cut: superpackets that were cut
 * @left: that were not: see gro_law_check()
 * @segments: room
 */
struct gro_law {
	uint64_t cut;
	uint64_t left;
	struct answer *segments;
};

/**
 * gro_law_check() - are the segments of the kernel's superpackets the packets?
 * @law: counts
 * @t: a train with nothing odd
 * @a: what the kernel made of it
 *
 * Neither rules of coalescing nor the rows of libsegoff that coalesce have a
 * part in this. Left out are superpackets that cannot be cut so: of packets
 * with an unfinished or remote checksum, with a zero in its other form, with
 * hardly any payload, above 64 KB, and those whose two IPv4 headers disagree on
 * how identifications follow each other.
 *
 * Return: NULL, or what is wrong.
 */
const char *gro_law_check(struct gro_law *law, const struct train *t,
			  const struct gro_answer *a);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * report.h - what split counts, and how it is told
 */
#ifndef SEGOFF_CLI_REPORT_H
#define SEGOFF_CLI_REPORT_H

#include <segoff.h>
#include <stdio.h>

#include "totals.h"

/* So many packets are named one by one; the rest are only counted. */
#define NOTES_MAX 1000

/* A packet that was left alone or refused. */
struct note {
	uint64_t number;
	enum segoff_verdict why;
	bool refused;
};

/**
 * struct report - what was done
 * @how: superpackets by where their gso_size came from
 * @partial: of the segments: partial frames
 * @unsaid: superpackets that were to be partial frames, but no virtio_net_hdr
 *	can say how they are to be cut
 * @sums: checksums that were never filled in, and now are
 * @lengths: IP lengths likewise
 * @alone: packets left as they were, though something is odd
 * @refused: packets whose metadata Linux refuses: not written
 */
struct report {
	uint64_t superpackets;
	uint64_t segments;
	uint64_t partial;
	uint64_t unsaid;
	uint64_t how[SEGOFF_V_COUNT];
	uint64_t sums;
	uint64_t lengths;
	uint64_t alone;
	uint64_t refused;
	uint64_t why[SEGOFF_V_COUNT];
	struct note notes[NOTES_MAX];
	unsigned int nnotes;
};

/* Count a packet that is left alone or refused. */
void report_note(struct report *r, uint64_t number, enum segoff_verdict why,
		 bool refused);

/* For people. */
void report_text(const struct report *r, const struct totals *t, FILE *f);

/* For scripts; @error: why reading ended early, or NULL. */
void report_json(const struct report *r, const struct totals *t, FILE *f,
		 const char *error);

#endif

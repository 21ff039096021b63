/* SPDX-License-Identifier: MIT */
/* merge_report.h - what merge counts, and how it is told */
#ifndef SEGOFF_CLI_MERGE_REPORT_H
#define SEGOFF_CLI_MERGE_REPORT_H

#include "join.h"
#include "totals.h"

/**
 * struct merge_report - what was done
 * @packets: how many there were
 * @superpackets: how many were made
 * @merged: packets in them
 * @alone: packets that stayed as they were
 * @why_alone: the same by reason, WHY_OPTIONS among them
 * @why: all packets by the reason why they were not merged into one before;
 *	SEGOFF_V_OK: they were
 * @first: of each reason: number of the first packet
 */
struct merge_report {
	uint64_t packets;
	uint64_t superpackets;
	uint64_t merged;
	uint64_t alone;
	uint64_t why_alone[WHYS];
	uint64_t why[WHYS];
	uint64_t first[WHYS];
};

/* Count a batch. */
void merge_count(struct merge_report *r, const struct batch *b,
		 const struct join *j);

/* For people: the lines between what was read and what was written. */
void merge_text(const struct merge_report *r, FILE *f);

/* For people: why packets were not merged, each reason in a line. */
void merge_text_whys(const struct merge_report *r, FILE *f);

/* For scripts: members of an object. */
void merge_json(const struct merge_report *r, struct json *j);

#endif

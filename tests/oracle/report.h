/* SPDX-License-Identifier: MIT */
/* report.h - what a judge prints, and counts */
#ifndef SEGOFF_ORACLE_REPORT_H
#define SEGOFF_ORACLE_REPORT_H

#include "path.h"

#define KINDS_MAX 32

/* What became of the superpackets of one kind. */
struct tally {
	uint64_t asked;
	uint64_t refused;
	uint64_t lost;
	uint64_t whole;
	uint64_t cut;
	uint64_t segments;
};

/**
 * struct job - one run of a judge
 * @path: through the kernel
 * @seed: of the run
 * @first: the superpacket's number, and the first one's
 * @count: how many to ask
 * @only: just this one; 0: all
 * @kind: just this kind; NULL: all
 * @most: stop after so many differences
 * @verbose: print the tally
 * @kernel: the kernel's answer
 * @want: what it should be
 * @spare: room for a third
 * @asked: superpackets so far
 * @failures: differences so far
 * @defaults: compared with the default mode, too
 * @unjudged: superpackets that nothing could be said of
 * @tally: by kind
 */
struct job {
	struct path path;
	uint64_t seed;
	uint64_t first;
	uint64_t count;
	uint64_t only;
	const struct kind *kind;
	uint64_t most;
	bool verbose;
	struct answer *kernel;
	struct answer *want;
	struct answer *spare;
	uint64_t asked;
	uint64_t failures;
	uint64_t defaults;
	uint64_t unjudged;
	struct tally tally[KINDS_MAX];
};

/* Count the kernel's answer to @sp. */
void report_count(struct job *job, const struct superpacket *sp,
		  const struct segoff_meta *meta);

/* Print a superpacket that was answered differently in this mode. */
void report_difference(const struct job *job, const struct superpacket *sp,
		       const char *mode);

/* Print the result; returns the exit status. */
int report_end(const struct job *job);

#endif

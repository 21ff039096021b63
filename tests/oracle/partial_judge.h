/* SPDX-License-Identifier: MIT */
/* partial_judge.h - is what became of a superpacket what should have? */
#ifndef SEGOFF_ORACLE_PARTIAL_JUDGE_H
#define SEGOFF_ORACLE_PARTIAL_JUDGE_H

#include "answer.h"
#include "partial_module/record.h"
#include "partial_offer.h"
#include "superpacket.h"
#include "tunnel_dev.h"

#define PARTIAL_RECORD sizeof(struct partial_record)

/**
 * struct partial_judge - a superpacket and what became of it
 * @tunnel: the kind that is asked about
 * @offer: what the device takes
 * @seed: of the run
 * @all: print all of a packet
 * @sp: the superpacket that went into the tunnel
 * @seen: the superpacket that the tunnel device made of it
 * @wire: what the device was given, behind records
 * @got: the same without records
 * @want: what libsegoff makes
 * @part: room for what it makes of one frame
 * @failures: differences so far
 */
struct partial_judge {
	const struct tunnel_dev *tunnel;
	const struct offer *offer;
	uint64_t seed;
	bool all;
	struct superpacket sp;
	struct answer *seen;
	struct answer *wire;
	struct answer *got;
	struct answer *want;
	struct answer *part;
	uint64_t failures;
};

/* Memory for the answers. */
void partial_judge_open(struct partial_judge *j);

/**
 * partial_judge() - judge one superpacket
 * @j: @sp, @seen and @wire of it are new; behind the last frame of @wire is the
 *	record of a marker
 *
 * Differences are printed and counted.
 *
 * Return: enum fate
 */
enum fate partial_judge(struct partial_judge *j);

#endif

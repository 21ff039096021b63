/* SPDX-License-Identifier: MIT */
/* drive.h - a train through the library, and what left */
#ifndef SEGOFF_TESTS_DRIVE_H
#define SEGOFF_TESTS_DRIVE_H

#include "../ref/ref_coalesce.h"
#include "check.h"
#include "train.h"

/**
 * struct left - what left the library
 * @meta: as segoff_gro_pop() gave it
 * @at: its bytes
 * @len: how many
 * @npkt: packets in it
 * @which: their places in the train
 * @time: of the first
 */
struct left {
	struct segoff_meta meta;
	uint8_t *at;
	size_t len;
	size_t npkt;
	size_t which[TRAIN_MAX];
	uint64_t time;
};

/**
 * struct drive - a train on its way
 * @t: the train
 * @out: what left, in order
 * @nout: how many
 * @verdict: of each packet
 * @model: is shown the same, if there is one
 * @merged: what the model says of each packet
 */
struct drive {
	const struct train *t;
	struct left out[TRAIN_MAX + 1];
	size_t nout;
	enum segoff_verdict verdict[TRAIN_MAX];
	struct ref_gro *model;
	bool merged[TRAIN_MAX];
	/* drive.c only */
	struct segoff_gro *g;
	struct load load[TRAIN_MAX];
	struct rnd r;
	struct complaint *why;
};

/**
 * drive() - push, pop and flush as the train says
 * @d: receives what left; to be given to drive_free() in any case
 * @t: the train
 * @model: or NULL
 * @why: receives what was wrong
 *
 * Return: false if the library broke a promise of its interface.
 */
bool drive(struct drive *d, const struct train *t, struct ref_gro *model,
	   struct complaint *why);
void drive_free(struct drive *d);

/* check_law.c: LOSSLESS: order, and every packet back */
bool check_law(const struct train *t, struct complaint *why);

/* check_linux.c: the LINUX profile is the model */
bool check_linux(const struct train *t, struct complaint *why);

/* check_back.c: merge(segment(super)) == super */
bool check_back(struct rnd *r, struct train *t, struct complaint *why);

/* check_list.c: a list, its headers rewritten, is cut as the model says */
bool check_list(struct rnd *r, struct train *t, struct complaint *why);

/* train_report.c: everything needed to see a train again */
void train_report(const struct train *t, const char *check, uint64_t seed,
		  uint64_t number, const struct complaint *why);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * model.h - the states of a path as a list of sentences
 *
 * Written from the description, apart from src/udp/machine.c: one row for every
 * pair of state and event, in words, looked up by comparing words.
 */
#ifndef SEGOFF_TESTS_UDP_MODEL_H
#define SEGOFF_TESTS_UDP_MODEL_H

#include <stddef.h>
#include <stdint.h>

/* What a path is in, and what is known of it. */
struct model {
	const char *state;
	const char *reason; /* of the last transition */
	const char *fault;  /* what the last train failed by */
	uint32_t size;	    /* 0: any */
	uint32_t bytes;
	uint32_t whole;
	uint64_t due; /* 0: never */
	unsigned int tries;
};

/* The circumstances of an event. */
struct model_event {
	const char *name;
	const char *error; /* "eio", "einval", "eperm", "other" */
	uint32_t limit;
	uint64_t now;
	uint64_t retry;
};

/* Names of all events, in the order of enum segoff__udp_event. */
extern const char *const model_events[];
extern const size_t model_nevents;

void model_init(struct model *m, uint32_t whole);

/* The reason that is counted; NULL: none. */
const char *model_step(struct model *m, const struct model_event *e);

/* Does any row speak of this pair? */
int model_knows(const char *state, const char *event);

#endif

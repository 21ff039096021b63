/* SPDX-License-Identifier: MIT */
/*
 * check.h - the library against the model, one case at a time
 *
 * Theory of operation
 * -------------------
 * Each check takes a case, works out with the model what must come, and has
 * the library do the same under conditions that vary: the packet in one
 * piece or in many, each in memory of its own; all room at once, or so
 * little that state must be carried from call to call; room that is too
 * small by one byte. All room is surrounded by bytes that must not change,
 * and so are the pieces of the packet.
 *
 * A check says in one line what was wrong and returns false. It aborts
 * nothing, so that the caller can print how to see it again.
 */
#ifndef SEGOFF_TESTS_CHECK_H
#define SEGOFF_TESTS_CHECK_H

#include <segoff.h>

#include "../ref/ref.h"
#include "gen.h"

/* What was wrong. */
struct complaint {
	char text[240];
};

/* Always false. */
__attribute__((format(printf, 2, 3))) bool complain(struct complaint *why,
						    const char *fmt, ...);

/* pieces.c */

#define PIECES_MAX 40

/**
 * struct pieces - a packet in pieces, each in memory of its own
 * @iov: the pieces
 * @n: how many
 * @pkt: the packet that they make
 * @copy: what they held at first
 */
struct pieces {
	struct iovec iov[PIECES_MAX];
	unsigned int n;
	struct segoff_pkt pkt;
	const uint8_t *copy;
};

/**
 * pieces_make() - cut a packet
 * @c: the case
 * @first: bytes that must lie in the first piece
 * @r: where to cut, unless the case says so itself
 */
void pieces_make(struct pieces *p, const struct gen_case *c, size_t first,
		 struct rnd *r);
bool pieces_changed(const struct pieces *p);
bool pieces_own(const struct pieces *p, const uint8_t *at, size_t n);
void pieces_gather(const struct pieces *p, uint8_t *to);
void pieces_free(struct pieces *p);

/* Bytes of a case that the library must have in one piece. */
size_t headers_of(const struct gen_case *c);

/* room.c */

/**
 * struct room - memory with a border that is watched
 * @at: the memory
 * @size: bytes that may be written
 */
struct room {
	uint8_t *at;
	size_t size;
	uint8_t *all;
};

void room_make(struct room *m, size_t size, struct rnd *r);
bool room_overrun(const struct room *m);
void room_free(struct room *m);

/* check_*.c */

bool check_segment(const struct gen_case *c, struct rnd *r,
		   struct complaint *why);
/*
 * Is a Routing header under way? Then only a seed that was right makes checksums
 * that are, and this cannot be told from outside.
 */
bool on_the_way(const struct gen_case *c);

bool check_vnet(const struct gen_case *c, struct rnd *r, struct complaint *why);
bool check_csum(const struct gen_case *c, struct rnd *r, struct complaint *why);

/* check_forms.c */

/**
 * struct run - a superpacket on its way out
 * @g: the library's state
 * @b: what it said to be needed
 * @p: the packet; NULL: nobody looks where pieces lie
 * @list: what must come
 * @want: what must come next; NULL: nothing
 * @left: how many are still to come
 * @r: how to ask
 */
struct run {
	struct segoff_gso g;
	struct segoff_bound b;
	const struct pieces *p;
	const struct ref_list *list;
	const struct ref_seg *want;
	size_t left;
	struct rnd *r;
	struct complaint *why;
};

/* One call each; false if it was wrong. @all: with room for everything. */
bool run_next(struct run *u);
bool run_flat(struct run *u, bool all);
bool run_scatter(struct run *u, bool all);

/* report.c: everything needed to see a case again. */
void report(const struct gen_case *c, const char *check, uint64_t seed,
	    uint64_t number, const struct complaint *why);

/* main.c of a property test: many cases, and what was wrong with them */
typedef bool check_fn(const struct gen_case *c, struct rnd *r,
		      struct complaint *why);
int property_main(int argc, char **argv, const char *name, check_fn *check,
		  uint64_t count);

#endif

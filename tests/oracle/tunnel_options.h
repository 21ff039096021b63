/* SPDX-License-Identifier: MIT */
/* tunnel_options.h - what judges of tunnel devices are told */
#ifndef SEGOFF_ORACLE_TUNNEL_OPTIONS_H
#define SEGOFF_ORACLE_TUNNEL_OPTIONS_H

#include "tunnel_dev.h"

#define TUNNEL_TRIES 3 /* times as many superpackets as are to be judged */
/* Of what is asked, the most that may get lost before it: a fifth does. */
#define TUNNEL_LOST_PART 3
/* If fewer are to be judged, what is left out may be chance. */
#define TUNNEL_SURE_COUNT 100

/**
 * struct tunnel_options - options of a run
 * @seed: of the run
 * @count: superpackets of each kind that are to be judged
 * @only: just this one; 0: all
 * @kind: just this kind; NULL: all
 * @encap: all that have FOU or GUE around them; else all that have not
 * @most: stop after so many differences
 * @verbose: print the tally
 */
struct tunnel_options {
	uint64_t seed;
	uint64_t count;
	uint64_t only;
	const char *kind;
	bool encap;
	uint64_t most;
	bool verbose;
};

/**
 * tunnel_begin() - take the options and go into a namespace, or be a guest
 * @o: receives the options
 * @argc: of main()
 * @argv: of main()
 *
 * The program ends if that cannot be.
 */
void tunnel_begin(struct tunnel_options *o, int argc, char **argv);

/* Is this kind to be asked about? */
bool tunnel_wanted(const struct tunnel_options *o, const struct tunnel_dev *t);

#endif

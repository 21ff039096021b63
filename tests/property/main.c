/* SPDX-License-Identifier: MIT */
/*
 * main.c - random cases, and the first few that fail in full
 *
 *	prop_segment [count [seed [first case]]]
 *
 * SEGOFF_CASES, SEGOFF_SEED and SEGOFF_CASE in the environment stand for the
 * three. Case k of a seed is always the same; the seed is printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

/* Failing cases that are printed; more of them seldom tell more. */
#define SHOWN 3

static uint64_t number(int argc, char **argv, int i, const char *env,
		       uint64_t otherwise)
{
	const char *s = argc > i ? argv[i] : getenv(env);

	return s && *s ? strtoull(s, NULL, 0) : otherwise;
}

static void make_case(struct rnd *r, struct gen_case *c)
{
	c->nlayer = 0;
	if (rnd_percent(r, 30)) {
		gen_tunnel(r, c, false);
	} else {
		gen_packet(r, c);
		gen_meta(r, c);
	}
	if (rnd_percent(r, 5))
		gen_zero_checksum(r, c);
	gen_vnet(r, c);
	gen_damage(r, c);
	gen_members(r, c);
}

int property_main(int argc, char **argv, const char *name, check_fn *check,
		  uint64_t count)
{
	uint64_t seed, first, failed = 0;
	static struct gen_case c;
	struct complaint why;

	count = number(argc, argv, 1, "SEGOFF_CASES", count);
	seed = number(argc, argv, 2, "SEGOFF_SEED", 1);
	first = number(argc, argv, 3, "SEGOFF_CASE", 0);
	printf("# %s: %" PRIu64 " cases, seed %" PRIu64 "\n", name, count,
	       seed);
	for (uint64_t i = first; i < first + count; i++) {
		struct rnd r = rnd_seed(seed, i);

		make_case(&r, &c);
		if (!check(&c, &r, &why) && failed++ < SHOWN)
			report(&c, name, seed, i, &why);
	}
	if (failed)
		printf("# %" PRIu64 " cases failed\n", failed);
	printf("%s 1 - %s: the library is the model\n1..1\n",
	       failed ? "not ok" : "ok", name);
	return failed != 0;
}

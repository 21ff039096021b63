/* SPDX-License-Identifier: MIT */
/*
 * prop_gro.c - coalescing of random trains
 *
 *	prop_gro [law|linux|list|back [count [seed [first train]]]]
 *
 * A train that fails is printed without the packets that do not matter.
 * Without arguments all run; SEGOFF_CASES and SEGOFF_SEED in the
 * environment stand for count and seed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"

/* Failing trains that are printed; more of them seldom tell more. */
#define SHOWN 3

static struct train train;

static bool law(struct rnd *r, struct complaint *why)
{
	if (r)
		gen_train(r, &train, SEGOFF_GRO_LOSSLESS);
	return check_law(&train, why);
}

static bool is_linux(struct rnd *r, struct complaint *why)
{
	if (r)
		gen_train(r, &train, SEGOFF_GRO_LINUX);
	return check_linux(&train, why);
}

static bool back(struct rnd *r, struct complaint *why)
{
	return check_back(r, &train, why);
}

static bool list(struct rnd *r, struct complaint *why)
{
	return check_list(r, &train, why);
}

static const struct {
	const char *name;
	const char *says;
	bool (*check)(struct rnd *r, struct complaint *why);
	bool shrinks;
	uint64_t count;
} property[] = {
	{ "law", "R-GRO-21 LOSSLESS: order is kept, every packet comes back",
	  law, true, 40000 },
	{ "linux", "R-GRO-1 to 23 LINUX: the library is the model", is_linux,
	  true, 40000 },
	{ "list", "R-TCP-10 to 12, R-UDP-5: lists come apart as the model says",
	  list, false, 20000 },
	{ "back", "R-GRO-22 segments of a superpacket merge back to it", back,
	  false, 15000 },
};

#define PROPERTIES (sizeof(property) / sizeof(property[0]))

static uint64_t number(int argc, char **argv, int i, const char *env,
		       uint64_t otherwise)
{
	const char *s = argc > i ? argv[i] : env ? getenv(env) : NULL;

	return s && *s ? strtoull(s, NULL, 0) : otherwise;
}

/* Leave out packets as long as it fails all the same. */
static void shrink(size_t k, struct complaint *why)
{
	static struct train whole;
	struct complaint now;

	for (size_t i = train.n; property[k].shrinks && i-- > 0;) {
		whole = train;
		memmove(&train.pkt[i], &train.pkt[i + 1],
			(train.n - i - 1) * sizeof(train.pkt[0]));
		train.n--;
		if (property[k].check(NULL, &now))
			train = whole;
		else
			*why = now;
	}
}

static bool run(size_t k, uint64_t count, uint64_t seed, uint64_t first)
{
	struct complaint why;
	uint64_t failed = 0;

	printf("# %s: %" PRIu64 " trains, seed %" PRIu64 "\n", property[k].name,
	       count, seed);
	for (uint64_t i = first; i < first + count; i++) {
		struct rnd r = rnd_seed(seed, i);

		if (property[k].check(&r, &why) || failed++ >= SHOWN)
			continue;
		shrink(k, &why);
		train_report(&train, property[k].name, seed, i, &why);
	}
	if (failed)
		printf("# %" PRIu64 " trains failed\n", failed);
	return !failed;
}

int main(int argc, char **argv)
{
	uint64_t seed = number(argc, argv, 3, "SEGOFF_SEED", 1);
	uint64_t first = number(argc, argv, 4, NULL, 0), count;
	unsigned int tests = 0;
	bool bad = false, fine;

	for (size_t k = 0; k < PROPERTIES; k++) {
		if (argc > 1 && strcmp(argv[1], property[k].name) != 0)
			continue;
		count = number(argc, argv, 2, "SEGOFF_CASES",
			       property[k].count);
		fine = run(k, count, seed, first);
		bad |= !fine;
		printf("%s %u - %s\n", fine ? "ok" : "not ok", ++tests,
		       property[k].says);
	}
	printf("1..%u\n", tests);
	return bad;
}

/* SPDX-License-Identifier: MIT */
/* prop_sctp.c - members of SCTP superpackets, packed and found again */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sctp_case.h"

#define COUNT 100000
#define SHOWN 3

static struct sctp_case c;

static bool queue(struct rnd *r, struct complaint *why)
{
	gen_queue(r, &c);
	return check_queue(&c, r, why);
}

static bool flat(struct rnd *r, struct complaint *why)
{
	gen_flat(r, &c);
	return check_flat(&c, why);
}

static uint64_t number(const char *env, uint64_t otherwise)
{
	const char *s = getenv(env);

	return s && *s ? strtoull(s, NULL, 0) : otherwise;
}

static bool run(const char *name,
		bool (*check)(struct rnd *r, struct complaint *why))
{
	uint64_t count = number("SEGOFF_CASES", COUNT);
	uint64_t seed = number("SEGOFF_SEED", 1), failed = 0;
	struct complaint why;

	printf("# %s: %" PRIu64 " cases, seed %" PRIu64 "\n", name, count,
	       seed);
	for (uint64_t i = 0; i < count; i++) {
		struct rnd r = rnd_seed(seed, i);

		if (!check(&r, &why) && failed++ < SHOWN)
			printf("# case %" PRIu64 ": %s\n", i, why.text);
	}
	return !failed;
}

int main(void)
{
	bool queues = run("queue", queue), flats = run("flat", flat);

	printf("%s 1 - R-SCTP-3, R-SCTP-4: queues of chunks are packed as the "
	       "model does\n"
	       "%s 2 - flat superpackets are cut as the model does\n1..2\n",
	       queues ? "ok" : "not ok", flats ? "ok" : "not ok");
	return !queues || !flats;
}

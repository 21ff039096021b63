/* SPDX-License-Identifier: MIT */
/* gro_judge.c - many trains, both sides, every frame */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gro_judge.h"
#include "gro_law.h"
#include "gro_path.h"
#include "guest.h"
#include "net.h"

#define SKIP	      77
#define FAILURES_MOST 10
#define STABLE	      3 /* the kernel says the same so often */
#define TRIES	      60
#define FRAMES_MOST   6
#define EMPTY_AFTER   100	   /* trains, of which some are merged */
#define NONE_AFTER    UINT64_C(30) /* so many to be expected are no chance */

enum result {
	SAME,
	DIFFERENT,
	UNSETTLED
};

struct tally {
	uint64_t trains;
	uint64_t packets;
	uint64_t frames;
	uint64_t merged;
	uint64_t repeats;
};

struct run {
	struct gro_path path;
	uint64_t seed;
	uint64_t first;
	uint64_t count;
	uint64_t only;
	uint64_t most;
	bool verbose;
	bool law_only;
	struct gro_answer kernel;
	struct gro_answer before; /* what the kernel said last time */
	struct gro_answer want;
	uint64_t packets;
	uint64_t repeats;
	uint64_t failures;
	uint64_t unsettled;
	struct gro_law law;
	struct tally tally[TRAIN_KINDS];
};

static bool equal(const struct gro_answer *a, const struct gro_answer *b)
{
	return a->early == b->early && a->refused == b->refused &&
	       answer_equal(a->frames, b->frames);
}

static void exchange(struct gro_answer *a, struct gro_answer *b)
{
	struct gro_answer c = *a;

	*a = *b;
	*b = c;
}

/*
 * A tick, or a pause, makes the kernel answer otherwise once. What it says
 * three times without a tick it means.
 */
static enum result settle(struct run *run, const struct train *t)
{
	unsigned int same = 0;

	if (run->law_only)
		return gro_path_ask(&run->path, t, false, &run->kernel) ?
			       SAME :
			       UNSETTLED;
	for (unsigned int i = 0; i < TRIES; i++) {
		bool whole = gro_path_ask(&run->path, t, i, &run->kernel);

		run->repeats += i > 0;
		if (whole && equal(&run->kernel, &run->want))
			return SAME;
		whole &= !run->kernel.ticked;
		same = whole && same && equal(&run->kernel, &run->before) ?
			       same + 1 :
			       whole;
		if (same == STABLE)
			return DIFFERENT;
		exchange(&run->kernel, &run->before);
	}
	return UNSETTLED;
}

static void print_answer(const struct run *run, const char *who,
			 const struct gro_answer *g, size_t from)
{
	const struct answer *a = g->frames;

	printf("  %s: %zu frames, %zu before the end, %zu refused\n", who, a->n,
	       g->early, g->refused);
	for (size_t i = from; i < a->n && i < from + FRAMES_MOST; i++) {
		printf("  %s %zu, %zu bytes: ", who, i, answer_len(a, i));
		answer_print(a->bytes + answer_start(a, i), answer_len(a, i),
			     run->only);
	}
}

static void print_packets(const struct run *run, const struct train *t)
{
	for (unsigned int i = 0; i < t->n && (run->only || i < 4); i++) {
		printf("  packet %u, flow %u, %zu bytes: ", i, t->spec[i].flow,
		       t->packet[i].len);
		answer_print(t->packet[i].vnet, TRAIN_VNET, run->only);
		printf("    ");
		answer_print(t->packet[i].bytes, t->packet[i].len, run->only);
	}
}

static void report(const struct run *run, const struct train *t)
{
	size_t f = answer_differs(run->kernel.frames, run->want.frames);

	printf("DIFFERENCE -s %llu -o %llu: %s, %u packets,%s",
	       (unsigned long long)run->seed, (unsigned long long)t->number,
	       t->kind->name, t->n, t->nodd ? " odd:" : " nothing odd");
	for (unsigned int i = 0; i < t->nodd; i++)
		printf(" %s", t->odd[i]);
	printf("\n  frame %zu is the first that differs\n", f);
	print_packets(run, t);
	print_answer(run, "kernel", &run->kernel, f);
	print_answer(run, "segoff", &run->want, f);
	fflush(stdout);
}

/* Of tunnels that nothing is odd about: does what was merged come back? */
static void judge_law(struct run *run, const struct train *t)
{
	const char *wrong;

	if (!t->tunnels || t->nodd || t->old)
		return;
	wrong = gro_law_check(&run->law, t, &run->kernel);
	if (!wrong)
		return;
	run->failures++;
	printf("oracle_gro: the kernel's superpackets, cut: %s\n", wrong);
	report(run, t);
}

static void judge(struct run *run, struct train *t)
{
	struct tally *y;
	uint64_t repeats = run->repeats;
	enum result result;

	train_make(t, run->seed, run->first);
	gro_engine_ask(&run->path, t, &run->want);
	result = settle(run, t);
	run->packets += t->n;
	run->unsettled += result == UNSETTLED;
	run->failures += result == DIFFERENT;
	if (result == DIFFERENT)
		report(run, t);
	if (result != UNSETTLED)
		judge_law(run, t);
	y = &run->tally[t->kind - train_kinds];
	y->trains++;
	y->packets += t->n;
	y->frames += run->want.frames->n;
	y->merged += run->want.merged;
	y->repeats += run->repeats - repeats;
}

static void print_tally(const struct run *run)
{
	printf("%-8s %8s %9s %9s %9s %8s\n", "kind", "trains", "packets",
	       "frames", "merged", "repeats");
	for (const struct train_kind *k = train_kinds; k->name; k++) {
		const struct tally *y = &run->tally[k - train_kinds];

		if (!y->trains)
			continue;
		printf("%-8s %8llu %9llu %9llu %9llu %8llu\n", k->name,
		       (unsigned long long)y->trains,
		       (unsigned long long)y->packets,
		       (unsigned long long)y->frames,
		       (unsigned long long)y->merged,
		       (unsigned long long)y->repeats);
	}
	train_odd_print();
	if (run->law.cut)
		printf("%llu superpackets of the kernel's were cut again, "
		       "%llu could not be\n",
		       (unsigned long long)run->law.cut,
		       (unsigned long long)run->law.left);
	if (!run->path.vlan)
		printf("this kernel does not look behind VLAN tags\n");
	if (!run->path.old && !run->path.rewritten)
		printf("this kernel takes no BPF program: nothing is "
		       "rewritten\n");
	if (run->path.old)
		printf("this kernel is older than 6.18: rules that are new "
		       "are left out\n");
}

/* A kind that is to come, and never did, though enough trains were made. */
static bool left_out(const struct train_kind *k, const struct train *t,
		     const struct tally *y, uint64_t trains)
{
	return !y->trains &&
	       trains * train_weight(k, t) >= NONE_AFTER * train_weights(t);
}

/* A kind of which nothing was ever merged was not tested. */
static unsigned int empty_kinds(const struct run *run, const struct train *t,
				uint64_t trains)
{
	unsigned int n = 0;

	for (const struct train_kind *k = train_kinds; k->name; k++) {
		const struct tally *y = &run->tally[k - train_kinds];

		if (!left_out(k, t, y, trains) &&
		    (y->trains < EMPTY_AFTER || y->merged))
			continue;
		printf("oracle_gro: nothing of kind %s was merged\n", k->name);
		n++;
	}
	return n;
}

static int end(const struct run *run, const struct train *t, uint64_t trains)
{
	unsigned int empty = empty_kinds(run, t, trains);

	if (run->verbose)
		print_tally(run);
	printf("oracle_gro: %llu trains, %llu packets, %s, %llu differences "
	       "(seed %llu), %llu repeats, %llu unsettled\n",
	       (unsigned long long)trains, (unsigned long long)run->packets,
	       net_kernel_name(), (unsigned long long)run->failures,
	       (unsigned long long)run->seed, (unsigned long long)run->repeats,
	       (unsigned long long)run->unsettled);
	return run->failures || empty || !trains ||
	       run->unsettled * 100 > trains;
}

static void take_options(struct run *run, int argc, char **argv)
{
	int c;

	run->seed = (uint64_t)time(NULL);
	run->count = 20000;
	run->first = 1;
	run->most = FAILURES_MOST;
	while ((c = getopt(argc, argv, "n:s:o:f:lv")) != -1) {
		if (c == 'n')
			run->count = strtoull(optarg, NULL, 0);
		else if (c == 's')
			run->seed = strtoull(optarg, NULL, 0);
		else if (c == 'o')
			run->only = strtoull(optarg, NULL, 0);
		else if (c == 'f')
			run->most = strtoull(optarg, NULL, 0);
		else if (c == 'l')
			run->law_only = true;
		else if (c == 'v')
			run->verbose = true;
		else
			exit(2);
	}
	if (run->only) {
		run->first = run->only;
		run->count = 1;
	}
}

static const char *prepare(struct run *run, bool tunnels)
{
	const char *why;

	why = net_enter();
	if (why)
		return why;
	run->kernel.frames = answer_new();
	run->before.frames = answer_new();
	run->want.frames = answer_new();
	run->law.segments = answer_new();
	return tunnels ? gro_path_open_tunnels(&run->path) :
			 gro_path_open(&run->path);
}

int gro_judge_main(int argc, char **argv, bool tunnels)
{
	static struct run run;
	static struct train train;
	const char *why;
	uint64_t last;

	guest_begin();
	take_options(&run, argc, argv);
	why = prepare(&run, tunnels);
	if (why) {
		printf("oracle: skipped: %s\n", why);
		return SKIP;
	}
	printf("oracle_gro: seed %llu\n", (unsigned long long)run.seed);
	fflush(stdout);
	train.old = run.path.old;
	train.tunnels = tunnels;
	train.geneve = run.path.geneve;
	train.fou = run.path.fou;
	last = run.first + run.count;
	for (; run.first < last && run.failures < run.most; run.first++)
		judge(&run, &train);
	return end(&run, &train, run.count - (last - run.first));
}

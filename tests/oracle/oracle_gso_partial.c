/* SPDX-License-Identifier: MIT */
/*
 * oracle_gso_partial.c - GSO_PARTIAL as the kernel does it (R-PART-1 to 6)
 *
 * Theory of operation
 * -------------------
 * No device of a stock kernel here takes partial frames. A module of our own
 * (partial_module/) makes one; cutting is the kernel's own business, and so is
 * what it does about features:
 *
 *	packet socket, TAP or UDP socket -> tunnel or none -> v0
 *		-> v1 | bridge | part0 -> a record before each frame
 *
 * Seen on v0, the superpacket is given to libsegoff with what the device takes.
 * Frames must be equal, byte for byte, and what is said of them. Then the
 * device that is emulated expands the kernel's frames, which must give what
 * segmentation gives, and be right by arithmetic (tunnel_check.c).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>

#include "guest.h"
#include "net.h"
#include "partial_judge.h"
#include "tunnel_options.h"
#include "tunnel_path.h"
#include "tunnel_super.h"

#define OTHERS	     20	    /* so many times fewer of the other offers, */
#define OTHERS_LEAST 10	    /* but not fewer than this */
#define BIG	     100000 /* bytes of a superpacket: more than is asked */
#define MODULE	     "/module.ko"

struct tally {
	uint64_t fate[FATES];
	uint64_t tails;
	struct tunnel_sorts sorts;
};

/**
 * struct run - one run of the judge
 * @o: what it was told
 * @path: through the kernel
 * @judge: of what comes out
 * @tally: of this kind and offer
 * @offer: of each offer, all kinds
 * @sum: of all
 * @untested: kinds of which too few became partial frames
 */
struct run {
	struct tunnel_options o;
	struct tunnel_path path;
	struct partial_judge judge;
	struct tally tally;
	struct tally offer[OFFERS];
	struct tally sum;
	unsigned int untested;
};

static const char *const fates[FATES] = {
	[FATE_EARLY] = "early",	    [FATE_SINGLE] = "single",
	[FATE_WHOLE] = "whole",	    [FATE_ORDINARY] = "ordinary",
	[FATE_PARTIAL] = "partial",
};

static uint64_t asked(const struct tally *y)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < FATES; i++)
		n += y->fate[i];
	return n;
}

static void print_head(void)
{
	printf("%-19s %-17s %7s", "kind", "device takes", "asked");
	for (unsigned int i = 0; i < FATES; i++)
		printf(" %8s", fates[i]);
	printf(" %7s %7s\n", "tails", "of UDP");
}

static void print_tally(const char *kind, const char *offer,
			const struct tally *y)
{
	printf("%-19s %-17s %7llu", kind, offer, (unsigned long long)asked(y));
	for (unsigned int i = 0; i < FATES; i++)
		printf(" %8llu", (unsigned long long)y->fate[i]);
	printf(" %7llu %7llu\n", (unsigned long long)y->tails,
	       (unsigned long long)tunnel_sorts_udp(&y->sorts));
}

static void add_up(struct tally *sum, const struct tally *y)
{
	for (unsigned int i = 0; i < FATES; i++)
		sum->fate[i] += y->fate[i];
	sum->tails += y->tails;
	for (size_t i = 0; i < LENGTH(sum->sorts.n); i++)
		sum->sorts.n[i] += y->sorts.n[i];
}

static void judge_one(struct run *run, uint64_t number)
{
	struct partial_judge *j = &run->judge;
	enum fate fate;

	tunnel_superpacket(&j->sp, j->tunnel, j->seed, number);
	tunnel_path_ask(&run->path, &j->sp, j->seen, j->wire);
	fate = partial_judge(j);
	run->tally.fate[fate]++;
	run->tally.tails += fate == FATE_PARTIAL && j->wire->n > 1;
	if (fate == FATE_PARTIAL)
		tunnel_sorts_count(&run->tally.sorts, &j->sp);
}

/* The first offer is asked about until enough became partial frames. */
static void judge_all(struct run *run)
{
	const struct tally *y = &run->tally;
	bool first = run->judge.offer == offers;
	uint64_t others = (run->o.count + OTHERS - 1) / OTHERS;
	uint64_t end = run->o.count * TUNNEL_TRIES;

	if (!first)
		end = others < OTHERS_LEAST ? OTHERS_LEAST : others;
	for (uint64_t i = 1; i <= end && run->judge.failures < run->o.most;
	     i++) {
		if (first && y->fate[FATE_PARTIAL] == run->o.count)
			return;
		judge_one(run, i);
	}
}

/* A kind of which too few became partial frames was not tested; why, or NULL. */
static const char *untested(const struct run *run)
{
	const struct tally *y = &run->tally;

	if (y->fate[FATE_PARTIAL] < run->o.count)
		return "superpackets";
	if (run->o.count < TUNNEL_SURE_COUNT)
		return NULL;
	if (y->fate[FATE_EARLY] > asked(y) / TUNNEL_LOST_PART)
		return "what came so far";
	return tunnel_sorts_lack(&y->sorts, run->judge.tunnel, run->o.count);
}

static void demand_partial(struct run *run)
{
	const char *few = untested(run);

	if (!few)
		return;
	printf("oracle: too few of kind %s became partial frames: %s\n",
	       run->judge.tunnel->name, few);
	run->untested++;
}

static void judge_offer(struct run *run, const struct offer *o)
{
	run->judge.offer = o;
	run->tally = (struct tally){ 0 };
	offer_make(o, run->judge.tunnel);
	if (run->o.only)
		judge_one(run, run->o.only);
	else
		judge_all(run);
	if (run->o.verbose)
		print_tally(run->judge.tunnel->name, o->name, &run->tally);
	add_up(&run->offer[o - offers], &run->tally);
	add_up(&run->sum, &run->tally);
	if (o == offers && !run->o.only && run->judge.failures < run->o.most)
		demand_partial(run);
}

static void judge_kind(struct run *run, const struct tunnel_dev *t)
{
	run->judge.tunnel = t;
	offer_make(offers, t);
	if (!tunnel_path_enter(&run->path, t)) {
		printf("oracle: this kernel has no %s: %s\n", t->name,
		       strerror(errno));
		run->untested++;
		return;
	}
	for (const struct offer *o = offers; o->name; o++)
		judge_offer(run, o);
	tunnel_path_leave(&run->path);
}

/* A device that repeats headers cannot make remote checksums. */
static bool wanted(const struct run *run, const struct tunnel_dev *t)
{
	if (t->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM)
		return false;
	return tunnel_wanted(&run->o, t);
}

static void open_path(struct run *run)
{
	guest_load_file(MODULE);
	partial_judge_open(&run->judge);
	net_mtu(PARTIAL_DEVICE, NET_MTU);
	net_up(PARTIAL_DEVICE);
	tunnel_path_open_to(&run->path, PARTIAL_DEVICE);
	net_link(PARTIAL_DEVICE, IFLA_GSO_MAX_SIZE, BIG);
	net_link(TUNNEL_LOWER, IFLA_GSO_MAX_SIZE, BIG);
	run->path.out.record = PARTIAL_RECORD;
	run->path.out.out = net_packet_reader("lo", PARTIAL_PROTOCOL);
}

/* Of offers: what should have become of some superpacket, and did of none. */
static unsigned int unmet(const struct run *run)
{
	unsigned int n = 0;

	/* there are kinds where it never is so */
	if (run->o.only || run->o.kind)
		return 0;
	for (const struct offer *o = offers; o->name; o++)
		for (unsigned int i = 0; i < FATES; i++) {
			if (!(o->expect >> i & 1) ||
			    run->offer[o - offers].fate[i])
				continue;
			printf("oracle: device takes %s: no superpacket is "
			       "counted as %s\n",
			       o->name, fates[i]);
			n++;
		}
	return n;
}

static int end(const struct run *run)
{
	unsigned int n = run->untested + unmet(run);

	if (run->o.verbose)
		print_tally("sum", "", &run->sum);
	printf("oracle: %llu superpackets, %llu in partial frames, %s, %llu "
	       "differences (seed %llu)\n",
	       (unsigned long long)asked(&run->sum),
	       (unsigned long long)run->sum.fate[FATE_PARTIAL],
	       net_kernel_name(), (unsigned long long)run->judge.failures,
	       (unsigned long long)run->judge.seed);
	return run->judge.failures || n || !asked(&run->sum);
}

int main(int argc, char **argv)
{
	static uint8_t frame[FRAME_MAX];
	static struct run run;

	tunnel_begin(&run.o, argc, argv);
	run.judge.seed = run.o.seed;
	run.judge.all = run.o.only;
	run.judge.sp.frame = frame;
	open_path(&run);
	if (run.o.verbose)
		print_head();
	if (wanted(&run, &tunnel_none))
		judge_kind(&run, &tunnel_none);
	for (const struct tunnel_dev *t = tunnel_devs; t->name; t++)
		if (wanted(&run, t))
			judge_kind(&run, t);
	return end(&run);
}

/* SPDX-License-Identifier: MIT */
/* judge.c - many superpackets, both sides, every byte */
#include "judge.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine.h"
#include "guest.h"
#include "known.h"
#include "net.h"
#include "report.h"
#include "sound.h"
#include "wire.h"

#define SKIP	      77
#define FAILURES_MOST 10

static void take_options(struct job *job, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:s:k:o:f:v")) != -1) {
		if (c == 'n')
			job->count = strtoull(optarg, NULL, 0);
		else if (c == 's')
			job->seed = strtoull(optarg, NULL, 0);
		else if (c == 'o')
			job->only = strtoull(optarg, NULL, 0);
		else if (c == 'f')
			job->most = strtoull(optarg, NULL, 0);
		else if (c == 'v')
			job->verbose = true;
		else if (c != 'k' || !(job->kind = kind_find(optarg)))
			exit(2);
	}
	if (job->only) {
		job->first = job->only;
		job->count = 1;
	}
}

/* Where UFO over IPv6 puts its identification: the bytes that follow it. */
static size_t find_frag_id(const struct path *p, const struct superpacket *sp,
			   struct answer *a, struct answer *b)
{
	size_t i = 0;

	engine_ask(p, sp, AS_LINUX, 0, NULL, a);
	engine_ask(p, sp, AS_LINUX, UINT32_MAX, NULL, b);
	while (i < a->used && a->bytes[i] == b->bytes[i])
		i++;
	return i;
}

/* The kernel chooses one per datagram; the engine is told. */
static uint32_t frag_id(const struct job *job, const struct superpacket *sp)
{
	uint8_t type = sp->vnet[VNET_TYPE] & (uint8_t)~SEGOFF_VNET_GSO_ECN;
	const struct answer *k = job->kernel;
	size_t at;

	if (type != SEGOFF_VNET_GSO_UDP || k->n < 2)
		return 0;
	at = find_frag_id(&job->path, sp, job->want, job->spare);
	return at + 4 <= k->end[0] ? get32(k->bytes + at) : 0;
}

/*
 * Change a word of the payload so that the checksum of the first segment comes
 * out as zero, where the two kinds of zero must be told apart. The outer
 * checksum of a tunnel does not depend on the payload: there it is a port.
 */
static void aim_at_zero(const struct job *job, struct superpacket *sp)
{
	bool outer = sp->outer_csum && job->first % 16 == 0;
	size_t at = outer ? sp->outer_l4 + 6 : sp->l4 + check_offset(sp);
	uint8_t *word = sp->frame + (outer ? sp->outer_l4 : sp->payload);
	uint16_t c;

	engine_ask(&job->path, sp, AS_LINUX, 0, NULL, job->want);
	if (sp->version == 6 && sp->type == SEGOFF_VNET_GSO_UDP)
		at += 8;
	if (!job->want->n || job->want->end[0] < at + 2 ||
	    sp->len < sp->payload + 2 || sp->gso_size < 2)
		return;
	c = get16(job->want->bytes + at);
	put16(word, wire_fold((uint64_t)get16(word) + c));
}

static void compare(struct job *job, const struct superpacket *sp,
		    const char *mode)
{
	if (answer_equal(job->kernel, job->want))
		return;
	job->failures++;
	report_difference(job, sp, mode);
}

/* Linux leaves it a seed; by default the engine does not. */
static bool outer_waits(const struct segoff_meta *meta)
{
	return !meta->gso_size && meta->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM;
}

/* In the default mode the engine trusts nothing, and need not. */
static void judge_default(struct job *job, const struct superpacket *sp,
			  const struct segoff_meta *meta, uint32_t id)
{
	if (!sp->sound || !job->kernel->n || outer_waits(meta))
		return;
	engine_ask(&job->path, sp, 0, id, NULL, job->want);
	compare(job, sp, "default");
	job->defaults++;
}

/* The same but for the frames, which are not known. */
static void forget_frames(struct job *job)
{
	job->want->n = job->kernel->n = 0;
	job->want->used = job->kernel->used = 0;
}

/*
 * Of a tunnel that nothing is odd about: are the kernel's own segments right?
 * If not, the superpacket was not built as it was meant.
 */
static void judge_kernel(struct job *job, const struct superpacket *sp,
			 const struct segoff_meta *meta)
{
	const char *wrong;

	if (!sp->kind->tunnel || !meta->gso_size || sp->nodd || !sp->sound ||
	    !job->kernel->n || job->path.partial)
		return;
	wrong = sound_check(sp, job->kernel);
	if (!wrong)
		return;
	job->failures++;
	printf("oracle: the kernel's segments are not sound: %s\n", wrong);
	report_difference(job, sp, "sound");
}

static void judge_answer(struct job *job, const struct superpacket *sp,
			 uint32_t id)
{
	struct segoff_meta meta;
	enum judged judged;

	engine_ask(&job->path, sp, AS_LINUX, id, &meta, job->want);
	judged = known_apply(&job->path, sp, &meta, job->want);
	if (judged == JUDGED_NOT || path_no_memory(job->kernel->err)) {
		job->unjudged++;
		return;
	}
	report_count(job, sp, &meta);
	judge_kernel(job, sp, &meta);
	if (judged == JUDGED_ERRNO)
		forget_frames(job);
	compare(job, sp, "as Linux");
	judge_default(job, sp, &meta, id);
}

static void judge_one(struct job *job, struct superpacket *sp)
{
	superpacket_make(sp, job->seed, job->first, job->kind,
			 &job->path.limits);
	if (job->path.writer == SEGOFF_WRITER_TUN)
		superpacket_strip(sp);
	else if (!sp->nodd && job->first % 8 == 0)
		aim_at_zero(job, sp);
	path_ask(&job->path, sp, job->kernel);
	judge_answer(job, sp, frag_id(job, sp));
}

static void judge_all(struct job *job)
{
	static uint8_t frame[FRAME_MAX];
	struct superpacket sp = { .frame = frame };
	uint64_t end = job->first + job->count;

	for (; job->first < end; job->first++) {
		job->asked++;
		judge_one(job, &sp);
		if (job->failures >= job->most)
			break;
	}
}

/* For whoever wants to see it crash again. */
static struct job *running;

static void on_crash(int sig)
{
	dprintf(1, "oracle: crash at -s %llu%s%s -o %llu\n",
		(unsigned long long)running->seed, running->kind ? " -k " : "",
		running->kind ? running->kind->name : "",
		(unsigned long long)running->first);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run(struct job *job)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE };

	running = job;
	for (size_t i = 0; i < LENGTH(signals); i++)
		signal(signals[i], on_crash);
	job->kernel = answer_new();
	job->want = answer_new();
	job->spare = answer_new();
	judge_all(job);
	answer_free(job->kernel);
	answer_free(job->want);
	answer_free(job->spare);
}

int judge_main(int argc, char **argv, void (*open)(struct path *p))
{
	struct job job = { .count = 24000, .first = 1, .most = FAILURES_MOST };
	const char *why;

	job.seed = (uint64_t)time(NULL);
	guest_begin();
	take_options(&job, argc, argv);
	why = net_enter();
	if (why) {
		printf("oracle: skipped: %s\n", why);
		return SKIP;
	}
	printf("oracle: seed %llu\n", (unsigned long long)job.seed);
	fflush(stdout);
	open(&job.path);
	if (job.path.why) {
		printf("oracle: skipped: %s\n", job.path.why);
		return SKIP;
	}
	run(&job);
	return report_end(&job);
}

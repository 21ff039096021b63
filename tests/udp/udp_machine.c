/* SPDX-License-Identifier: MIT */
/* udp_machine.c - the states of a path against a model, all pairs */
#include <errno.h>

#include "../property/rnd.h"
#include "../test.h"
#include "machine.h"
#include "model.h"

#define WHOLE SEGOFF_UDP_BYTES_V4

static const struct {
	int err;
	const char *name;
} errors[] = {
	{ EIO, "eio" },	     { EINVAL, "einval" },	 { EPERM, "eperm" },
	{ EFAULT, "other" }, { EADDRNOTAVAIL, "other" },
};

static struct segoff__udp_machine machine;
static struct model model;

static void init(void)
{
	segoff__udp_machine_init(&machine, WHOLE);
	model_init(&model, WHOLE);
}

static void same(void)
{
	uint32_t size = model.size ? model.size : UINT16_MAX;

	ok(!strcmp(segoff_udp_state_name(machine.state), model.state));
	ok(!strcmp(segoff_udp_reason_name(machine.reason), model.reason));
	eq(machine.max_size, size);
	eq(machine.max_bytes, model.bytes);
	eq(machine.retry_at, model.due);
	eq(machine.tries, model.tries);
}

/* One event to both. */
static void step(size_t event, size_t error, size_t limit, uint64_t now,
		 uint64_t retry)
{
	struct segoff__udp_happened h = { errors[error].err, (uint32_t)limit,
					  now, retry };
	struct model_event e = { model_events[event], errors[error].name,
				 (uint32_t)limit, now, retry };
	uint32_t before[SEGOFF_UDP_REASONS];
	unsigned int reason;
	const char *want;

	memcpy(before, machine.count, sizeof(before));
	reason = segoff__udp_step(&machine, (unsigned int)event, &h);
	want = model_step(&model, &e);
	if (want)
		ok(!strcmp(segoff_udp_reason_name(reason), want));
	else
		eq(reason, SEGOFF_UDP_R_NEW);
	if (want)
		before[reason]++;
	mem_eq(machine.count, sizeof(machine.count), before, sizeof(before));
	same();
}

/* The shortest way into a state. */
static void enter(unsigned int state, size_t error)
{
	init();
	if (state >= SEGOFF_UDP_ACTIVE)
		step(SEGOFF__UDP_TRAIN, 0, 0, 1, 10);
	if (state >= SEGOFF_UDP_PROBE)
		step(SEGOFF__UDP_FAULT, error, 0, 1, 10);
	if (state >= SEGOFF_UDP_DISABLED)
		step(SEGOFF__UDP_PLAIN_TAKEN, 0, 0, 1, 10);
	eq(machine.state, state);
}

static void test_pairs(void)
{
	test("the implementation takes the model's transitions: all pairs");
	eq(model_nevents, SEGOFF__UDP_EVENTS);
	for (unsigned int s = 0; s < SEGOFF_UDP_STATES; s++)
		for (unsigned int e = 0; e < SEGOFF__UDP_EVENTS; e++)
			for (size_t k = 0; k < SEGOFF__LENGTH(errors); k++) {
				ok(model_knows(segoff_udp_state_name(s),
					       model_events[e]));
				enter(s, k);
				step(e, k, 1200, 5, 10);
				/* and what it remembers shows one step later */
				step(SEGOFF__UDP_PLAIN_TAKEN, k, 0, 6, 10);
			}
}

static void test_walks(void)
{
	struct rnd r = rnd_seed(7, 0);

	test("200,000 events in random order, model and implementation agree");
	for (unsigned int i = 0; i < 200000 && !test_state.bad; i++) {
		if (i % 50 == 0)
			init();
		step(rnd_below(&r, SEGOFF__UDP_EVENTS),
		     rnd_below(&r, SEGOFF__LENGTH(errors)),
		     1 + rnd_below(&r, 60000), i + 1,
		     rnd_below(&r, 4) ? 1000 : 0);
	}
}

static void test_pictures(void)
{
	test("a train that fails where plain data passes: disabled, with why");
	enter(SEGOFF_UDP_DISABLED, 0);
	eq(machine.reason, SEGOFF_UDP_R_EIO);
	eq(machine.count[SEGOFF_UDP_R_PROBE_EIO], 1);
	enter(SEGOFF_UDP_DISABLED, 1);
	eq(machine.reason, SEGOFF_UDP_R_EINVAL);
	enter(SEGOFF_UDP_DISABLED, 2);
	eq(machine.reason, SEGOFF_UDP_R_EPERM);

	test("both fail: inactive, and trains are tried again");
	enter(SEGOFF_UDP_PROBE, 1);
	step(SEGOFF__UDP_PLAIN_FAULT, 1, 0, 2, 10);
	eq(machine.state, SEGOFF_UDP_INACTIVE);
	step(SEGOFF__UDP_TRAIN, 0, 0, 2, 10);
	eq(machine.state, SEGOFF_UDP_ACTIVE);

	test("EMSGSIZE never disables");
	enter(SEGOFF_UDP_ACTIVE, 0);
	step(SEGOFF__UDP_SIZE, 0, 1472, 2, 10);
	eq(machine.state, SEGOFF_UDP_ACTIVE);
	eq(machine.max_size, 1472);

	test("each time it is disabled it is left alone for twice as long");
	for (unsigned int i = 0; i < 14; i++) {
		uint64_t wait = 10ull << (i < 10 ? i : 10);

		if (!i)
			enter(SEGOFF_UDP_ACTIVE, 0);
		step(SEGOFF__UDP_TRAIN, 0, 0, 1, 10);
		step(SEGOFF__UDP_FAULT, 0, 0, 1, 10);
		step(SEGOFF__UDP_PLAIN_TAKEN, 0, 0, 1, 10);
		ok(!segoff__udp_due(&machine, wait));
		ok(segoff__udp_due(&machine, 1 + wait));
		step(SEGOFF__UDP_AGED, 0, 0, 1, 10);
	}
	test("lessons before that time is over are one lesson");
	enter(SEGOFF_UDP_ACTIVE, 0);
	for (unsigned int i = 0; i < 5; i++)
		step(SEGOFF__UDP_SIZE, 0, 1400 - i, 1, 10);
	ok(segoff__udp_due(&machine, 11));
	step(SEGOFF__UDP_AGED, 0, 0, 11, 10);
	step(SEGOFF__UDP_SIZE, 0, 1400, 11, 10);
	ok(!segoff__udp_due(&machine, 30));
	ok(segoff__udp_due(&machine, 31));
	step(SEGOFF__UDP_AGED, 0, 0, 31, 10);

	test("a train that is taken ends that");
	step(SEGOFF__UDP_TRAIN, 0, 0, 1, 10);
	step(SEGOFF__UDP_TAKEN, 0, 0, 1, 10);
	eq(machine.tries, 0);
}

static void test_words(void)
{
	test("every state and reason has a name and a sentence, no two the same");
	for (unsigned int i = 0; i < SEGOFF_UDP_REASONS; i++) {
		ok(strlen(segoff_udp_reason_str(i)) > 10);
		for (unsigned int k = 0; k < i; k++)
			ok(strcmp(segoff_udp_reason_name(i),
				  segoff_udp_reason_name(k)) != 0);
	}
	ok(!strcmp(segoff_udp_reason_name(SEGOFF_UDP_REASONS), "?"));
	ok(!strcmp(segoff_udp_reason_str(UINT32_MAX), "?"));
	ok(!strcmp(segoff_udp_state_name(SEGOFF_UDP_STATES), "?"));
}

int main(void)
{
	test_pairs();
	test_walks();
	test_pictures();
	test_words();
	return test_end();
}

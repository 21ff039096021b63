/* SPDX-License-Identifier: MIT */
/* bench_udp.c - segoff bench udp: what each way of sending UDP costs */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

#include "../../src/port/fd.h"
#include "../cli.h"
#include "../clock.h"
#include "../options.h"
#include "../progress.h"
#include "bench_result.h"
#include "topics.h"

#define SIZE	     1472
#define TRAIN	     44
#define TURN_NS	     (12 * SECOND_NS / 1000)
#define ROUNDS_LEAST 3

static const char help_text[] =
	"usage: segoff bench udp [OPTIONS]\n"
	"\n"
	"Measure what a datagram costs its sender: by sendto, sendmmsg,\n"
	"UDP_SEGMENT and MSG_ZEROCOPY, bare and through the library. Between\n"
	"two network namespaces of its own, without rights over loopback.\n"
	"\n"
	"  --to HOST:PORT  send there in place of that; 'segoff recv PORT' on\n"
	"                  that host counts. It is sent as fast as it goes\n"
	"  --seconds N     how long in all (default 20)\n"
	"  --plot FILE     draw a picture, too (SVG)\n"
	"  --json          for scripts\n"
	"  --quiet         no progress\n"
	"\n"
	"Exit status: 0 done; 1 nothing could be measured; 2 usage; 4 output\n"
	"failed; 130 interrupted.\n";

struct options {
	const char *to;
	const char *plot;
	unsigned long seconds;
	bool json;
	bool quiet;
};

static int take_text(const char *command, const char *text, void *to)
{
	(void)command;
	*(const char **)to = text;
	return 0;
}

static int take_arguments(struct options *o, int argc, char **argv)
{
	const struct option_row rows[] = {
		{ .name = "to", .call = take_text, .to = &o->to },
		{ .name = "plot", .call = take_text, .to = &o->plot },
		{ .name = "seconds",
		  .number = &o->seconds,
		  .min = 1,
		  .max = 3600 },
		{ .name = "json", .flag = &o->json },
		{ .name = "quiet", .flag = &o->quiet },
		{ .name = NULL },
	};
	int first, status = options_parse("bench udp", help_text, rows, argc,
					  argv, &first);

	if (!status && first < argc)
		return usage_error("bench udp", "'%s' is one argument too many",
				   argv[first]);
	return status;
}

/* Two of the cores that we may use. */
static void choose_cores(struct bench *b)
{
	cpu_set_t s;
	int found = 0;

	if (sched_getaffinity(0, sizeof(s), &s))
		return;
	for (int i = 0; i < CPU_SETSIZE && found < 2; i++)
		if (CPU_ISSET((size_t)i, &s)) {
			b->far = i;
			if (!found++)
				b->here = i;
		}
}

static int choose_path(struct bench *b, const struct options *o)
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	if (o->to) {
		b->lab = (struct lab){ .here = -1, .far = -1 };
		b->lab.what = o->to;
		return peer_resolve("bench udp", o->to, &b->to);
	}
	lab_open(&b->lab);
	inet_pton(AF_INET, b->lab.far_address, &a.sin_addr);
	memcpy(&b->to.addr, &a, sizeof(a));
	b->to.len = sizeof(a);
	return 0;
}

/* Turns are short, rounds many. */
static void plan(struct bench *b, unsigned long seconds, unsigned int sinks)
{
	uint64_t turns = (uint64_t)WAYS * sinks;
	uint64_t rounds = seconds * SECOND_NS / (TURN_NS * turns);

	if (rounds < ROUNDS_LEAST)
		rounds = ROUNDS_LEAST;
	if (rounds > ROUNDS_MAX)
		rounds = ROUNDS_MAX;
	b->rounds = (unsigned int)rounds;
	b->ns = seconds * SECOND_NS / (rounds * turns);
	b->warm_ns = b->ns / 3;
	b->ns -= b->warm_ns;
}

static bool any(const struct bench_result *r)
{
	for (enum sink s = 0; s < SINKS; s++)
		for (enum way w = 0; w < WAYS; w++)
			if (!bench_error(r, s, w))
				return true;
	return false;
}

static int show(const struct bench_result *r, const struct options *o)
{
	if (o->json)
		bench_json(r, stdout);
	else
		bench_text(r, stdout);
	if (o->plot && bench_plot(r, o->plot)) {
		complain("%s: %s", o->plot, strerror(errno));
		return STATUS_OUTPUT;
	}
	return any(r) ? STATUS_DONE : STATUS_INPUT;
}

static int run(struct bench *b, struct bench_result *r, const struct options *o)
{
	int status = choose_path(b, o);
	struct progress p;

	if (status)
		return status;
	choose_cores(b);
	plan(b, o->seconds, o->to ? 1 : 2);
	progress_begin(&p, !o->quiet);
	for (enum sink s = 0; s < SINKS; s++) {
		r->of[s].error = -ENODATA;
		if ((s == SINK_NONE) != !!o->to || port_stopped())
			continue;
		r->of[s].error = 0;
		measure(b, s, &r->of[s], &p);
	}
	progress_end(&p);
	return port_stopped() ? STATUS_INTERRUPTED : show(r, o);
}

int bench_udp(int argc, char **argv)
{
	struct bench b = { .size = SIZE, .train = TRAIN };
	struct options o = { .seconds = 20 };
	struct bench_result *r;
	int status = take_arguments(&o, argc, argv);

	if (status)
		return status == HELPED ? STATUS_DONE : status;
	r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r == MAP_FAILED) {
		complain("not enough memory");
		return STATUS_INPUT;
	}
	r->bench = &b;
	status = run(&b, r, &o);
	munmap(r, sizeof(*r));
	return status;
}

/* SPDX-License-Identifier: MIT */
/* progress.c - a line that tells that work goes on */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define CALLS_PER_LOOK 4096
#define FIRST_NS       1000000000u
#define EVERY_NS       200000000u

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void progress_begin(struct progress *p, bool on)
{
	*p = (struct progress){ .on = on && isatty(STDERR_FILENO) };
	if (p->on)
		p->start = now();
}

bool progress_due(struct progress *p)
{
	uint64_t t;

	if (!p->on || ++p->calls % CALLS_PER_LOOK)
		return false;
	t = now();
	if (t - p->start < FIRST_NS || t - p->last < EVERY_NS)
		return false;
	p->last = t;
	return true;
}

void progress_show(struct progress *p, uint64_t done, uint64_t total)
{
	uint64_t per_second =
		done / ((p->last - p->start) / 1000000u + 1) * 1000u;

	if (total)
		fprintf(stderr, "\r%s of %s (%d %%), %s/s\033[K", sized(done),
			sized(total),
			(int)(100.0 * (double)done / (double)total),
			sized(per_second));
	else
		fprintf(stderr, "\r%s, %s/s\033[K", sized(done),
			sized(per_second));
	fflush(stderr);
	p->shown = true;
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

/* SPDX-License-Identifier: MIT */
/* progress.c - a line that tells that work goes on */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"

#define CALLS_PER_LOOK 4096
#define FIRST_NS       SECOND_NS
#define EVERY_NS       200000000u

void progress_begin(struct progress *p, bool on)
{
	*p = (struct progress){ .on = on && isatty(STDERR_FILENO) };
	if (p->on)
		p->start = clock_ns();
}

bool progress_due(struct progress *p)
{
	uint64_t t;

	if (!p->on || ++p->calls % CALLS_PER_LOOK)
		return false;
	t = clock_ns();
	if (t - p->start < FIRST_NS || t - p->last < EVERY_NS)
		return false;
	p->last = t;
	return true;
}

bool progress_live(struct progress *p)
{
	uint64_t t;

	if (!p->on)
		return false;
	t = clock_ns();
	if (t - (p->last ? p->last : p->start) < EVERY_NS)
		return false;
	p->last = t;
	return true;
}

void progress_line(struct progress *p, const char *format, ...)
{
	va_list ap;

	if (!p->on)
		return;
	fputc('\r', stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputs("\033[K", stderr);
	fflush(stderr);
	p->shown = true;
}

void progress_show(struct progress *p, uint64_t done, uint64_t total)
{
	uint64_t per_second =
		done / ((p->last - p->start) / 1000000u + 1) * 1000u;

	if (total)
		progress_line(p, "%s of %s (%d %%), %s/s", sized(done),
			      sized(total),
			      (int)(100.0 * (double)done / (double)total),
			      sized(per_second));
	else
		progress_line(p, "%s, %s/s", sized(done), sized(per_second));
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

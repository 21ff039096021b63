/* SPDX-License-Identifier: MIT */
/* bench_result.h - what segoff bench udp has measured, and how it is shown */
#ifndef SEGOFF_CLI_UDP_BENCH_RESULT_H
#define SEGOFF_CLI_UDP_BENCH_RESULT_H

#include <stdio.h>

#include "measure.h"

/* 0, or a negative errno: it could not be measured; -ENODATA: was not. */
int bench_error(const struct bench_result *r, enum sink s, enum way w);

/**
 * struct row - medians of a way
 * @error: 0; else it could not be measured
 * @mb: MB per second
 * @mb_cpu: MB per second of sender CPU
 * @messages: thousands of datagrams per second
 * @calls: thousands of system calls per second
 * @ns: sender CPU per datagram, ns
 * @cycles: likewise, cycles; 0: not counted
 * @lost: datagrams that did not arrive, percent; below 0: not known
 * @times: bytes per CPU of the sender, against sendto
 * @bare: likewise, against the bare way; 0: it is one
 */
struct row {
	int error;
	double mb;
	double mb_cpu;
	double messages;
	double calls;
	double ns;
	double cycles;
	double lost;
	double times;
	double bare;
};

void bench_row(const struct bench_result *r, enum sink s, enum way w,
	       struct row *row);

/**
 * struct ratio - a figure that has a goal
 * @name: for scripts
 * @text: what it is
 * @value: the figure; 0: not measured
 * @least: the goal
 * @where: which way it is of, if it is the lowest of several; NULL: no other
 * @sink: of @where
 */
struct ratio {
	const char *name;
	const char *text;
	double value;
	double least;
	const char *where;
	enum sink sink;
};

#define RATIOS 5

void bench_ratios(const struct bench_result *r, struct ratio ratio[RATIOS]);

/* "UDP_GRO receiver" */
const char *sink_text(enum sink s);

void bench_text(const struct bench_result *r, FILE *f);
void bench_json(const struct bench_result *r, FILE *f);

/* A picture; 0 or -1 and errno. */
int bench_plot(const struct bench_result *r, const char *path);

#endif

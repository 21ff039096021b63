/* SPDX-License-Identifier: MIT */
/*
 * progress.h - a line that tells that work goes on
 *
 * Only on a terminal, only after a second, a few times a second.
 */
#ifndef SEGOFF_CLI_PROGRESS_H
#define SEGOFF_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool on;
	bool shown;
	unsigned int calls;
	uint64_t start;
	uint64_t last;
};

/* @on: the user wants it at all. */
void progress_begin(struct progress *p, bool on);

/**
 * progress_due() - is it time for a new line?
 * @p: progress
 *
 * Cheap: the clock is read every few thousand calls.
 */
bool progress_due(struct progress *p);

/* The same for what waits more than it works: the clock is read every time. */
bool progress_live(struct progress *p);

/**
 * progress_line() - write a line, where a terminal is
 * @p: progress
 * @format: as printf(); short enough for a terminal
 */
void progress_line(struct progress *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * progress_show() - write the line of a file that is read
 * @p: progress
 * @done: bytes of the input read
 * @total: bytes that it has, 0 if unknown
 */
void progress_show(struct progress *p, uint64_t done, uint64_t total);

/* Wipe the line. */
void progress_end(struct progress *p);

#endif

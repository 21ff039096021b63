/* SPDX-License-Identifier: MIT */
/* clock.h - time that passes */
#ifndef SEGOFF_CLI_CLOCK_H
#define SEGOFF_CLI_CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND_NS 1000000000ull

/* Nanoseconds of a clock. */
static inline uint64_t clock_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

/* Nanoseconds of a clock that never goes back. */
static inline uint64_t clock_ns(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

#endif

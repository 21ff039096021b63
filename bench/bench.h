/* SPDX-License-Identifier: MIT */
/*
 * bench.h - timing on a shared, noisy machine
 *
 * Everything that is compared runs in turn, in one process, in many short
 * rounds; what counts is the least disturbed rounds of each. Time is this
 * thread's CPU time, so being preempted is not counted.
 */
#ifndef SEGOFF_BENCH_H
#define SEGOFF_BENCH_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define MSS	 1448u
#define NSEG	 45u
#define PAYLOAD	 (MSS * NSEG)
#define HDR_ROOM 128u  /* before the payload, in flat segments */
#define SEG_ROOM 2048u /* one flat segment */

/* One thing to time: one call handles one superpacket of NSEG segments. */
struct subject {
	const char *name;
	void (*run)(void *arg);
	void *arg;
	double best;
};

static inline double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* A clock that was set right in between shows what never was. */
static inline int bench_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of @n times the least, but for a few. */
static inline double bench_least(double *t, unsigned int n)
{
	qsort(t, n, sizeof(*t), bench_order);
	return t[n / 50];
}

/* What asking for the time takes; it is no small part of a short round. */
static inline double bench_clock(void)
{
	enum {
		N = 1000
	};
	double took[N];

	for (unsigned int i = 0; i < N; i++) {
		double t = bench_now();

		took[i] = bench_now() - t;
	}
	return bench_least(took, N);
}

/* Time @n subjects in turn; best is in ns per call. */
static inline void bench_run(struct subject *s, unsigned int n,
			     unsigned int rounds, unsigned int calls)
{
	const double clock = bench_clock();
	double *took = calloc((size_t)n * rounds, sizeof(*took));

	if (!took)
		abort();
	for (unsigned int r = 0; r < rounds; r++)
		for (unsigned int i = 0; i < n; i++) {
			double t = bench_now();

			for (unsigned int k = 0; k < calls; k++)
				s[i].run(s[i].arg);
			t = (bench_now() - t - clock) / calls;
			took[(size_t)i * rounds + r] = t;
		}
	for (unsigned int i = 0; i < n; i++)
		s[i].best = bench_least(took + (size_t)i * rounds, rounds);
	free(took);
}

/* The limits of the machine; see limits.c. @src: PAYLOAD bytes. */
struct limits {
	const uint8_t *src;
	uint8_t *dst; /* NSEG * SEG_ROOM bytes, on a cache line */
	uint8_t *hdr; /* NSEG * 128 bytes */
	struct {
		const void *p;
		size_t n;
	} iov[NSEG * 2];
};

/* @arg: struct limits */
void limit_headers(void *arg);
void limit_headers_sum(void *arg);
void limit_headers_copy(void *arg);
void limit_memcpy(void *arg);
void limit_sum(void *arg);

/* Are they what they claim to be? 0: yes. */
int limits_check(struct limits *l);

#endif

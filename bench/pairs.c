/* SPDX-License-Identifier: MIT */
/*
 * pairs.c - times two commands in turn
 *
 *	pairs RUNS COMMAND-A COMMAND-B
 *
 * Each is run by sh -c, A B A B ..., after one uncounted run of each. Prints
 * "a_ms", "b_ms" (medians of wall time), "speed" (median of a/b, pair by pair: how fast B is against A)
 * and the largest resident set of B in kilobytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 100

static double run(const char *command, long *rss)
{
	struct timespec a, b;
	struct rusage u;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &a);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &u) < 0)
		exit(1);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (status) {
		fprintf(stderr, "pairs: '%s' failed\n", command);
		exit(1);
	}
	if (u.ru_maxrss > *rss)
		*rss = u.ru_maxrss;
	return (double)(b.tv_sec - a.tv_sec) * 1e3 +
	       (double)(b.tv_nsec - a.tv_nsec) / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), compare);
	return v[n / 2];
}

int main(int argc, char **argv)
{
	double a[RUNS_MAX], b[RUNS_MAX], ratio[RUNS_MAX];
	int n = argc == 4 ? atoi(argv[1]) : 0;
	long rss_a = 0, rss_b = 0;

	if (n < 1 || n > RUNS_MAX) {
		fprintf(stderr, "usage: pairs RUNS COMMAND-A COMMAND-B\n");
		return 2;
	}
	run(argv[2], &rss_a);
	run(argv[3], &rss_b);
	for (int i = 0; i < n; i++) {
		a[i] = run(argv[2], &rss_a);
		b[i] = run(argv[3], &rss_b);
		ratio[i] = a[i] / b[i];
	}
	printf("a_ms %.0f\nb_ms %.0f\nspeed %.2f\nrss_kb %ld\n", median(a, n),
	       median(b, n), median(ratio, n), rss_b);
	return 0;
}

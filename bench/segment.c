/* SPDX-License-Identifier: MIT */
/*
 * segment.c - what segmentation costs, beside the limits of the machine
 *
 * A superpacket of 45 x 1448 bytes, again and again, in every form of output;
 * then, for TCP over IPv4, the cost of a segment by the number of segments.
 * With -m the numbers come as "key value" lines for other programs.
 */
#include <stdio.h>

#include "../src/cpu/csum.h"
#include "job.h"

/* A packet without a tunnel. */
static void plain_job(struct job *j, bool v6, bool udp, size_t payload,
		      uint32_t csum, bool is_flat)
{
	job_begin(j, payload);
	job_ethernet(j, v6);
	job_ip(j, v6, udp ? 17 : 6);
	job_l4(j, udp);
	job_end(j, payload, csum, is_flat);
	j->meta.gso_type = udp ? SEGOFF_GSO_UDP_L4 :
			   v6  ? SEGOFF_GSO_TCPV6 :
				 SEGOFF_GSO_TCPV4;
}

/* Rows of the table: which limit each is held against, and how far. */
static const struct row {
	const char *name;
	uint32_t csum;
	bool flat;
	unsigned int limit;
	double allowed;
} rows[] = {
	{ "scatter, checksums left to the device", SEGOFF_OUT_PARTIAL, false, 0,
	  2.0 },
	{ "scatter with checksums", SEGOFF_OUT_COMPLETE, false, 1, 1.3 },
	{ "flat with checksums", SEGOFF_OUT_COMPLETE, true, 2, 1.3 },
};

#define ROWS   (sizeof(rows) / sizeof(*rows))
#define LIMITS 5
#define KINDS  4

static const char *const kinds[KINDS] = { "tcp4", "tcp6", "udp4", "udp6" };

static void print_table(const struct subject *s, bool machine)
{
	const struct subject *ours = s + LIMITS;

	for (unsigned int i = 0; i < LIMITS; i++)
		printf(machine ? "limit%u %.3f\n" : "", i, s[i].best / NSEG);
	if (!machine) {
		printf("limits of this machine, ns per segment\n");
		for (unsigned int i = 0; i < LIMITS; i++)
			printf("  %-42s %7.2f\n", s[i].name, s[i].best / NSEG);
		printf("\nlibsegoff (%s), ns per segment"
		       "                 tcp4    tcp6    udp4    udp6   "
		       "tcp4 : limit\n",
		       segoff__cpu()->name);
	}
	for (unsigned int r = 0; r < ROWS; r++) {
		double limit = s[rows[r].limit].best;

		if (!machine)
			printf("  %-42s", rows[r].name);
		for (unsigned int k = 0; k < KINDS; k++) {
			double ns = ours[r * KINDS + k].best / NSEG;

			if (machine)
				printf("row%u_%s %.3f\n", r, kinds[k], ns);
			else
				printf(" %7.2f", ns);
		}
		if (!machine)
			printf("   %.2f (at most %.1f)\n",
			       ours[r * KINDS].best / limit, rows[r].allowed);
	}
}

static void table(struct limits *l, bool machine)
{
	static struct job jobs[ROWS * KINDS];
	struct subject s[LIMITS + ROWS * KINDS] = {
		{ "headers + iovec, no L4 sum", limit_headers, l, 0 },
		{ "headers + iovec + L4 sum", limit_headers_sum, l, 0 },
		{ "headers + copy + L4 sum", limit_headers_copy, l, 0 },
		{ "memcpy of the payload", limit_memcpy, l, 0 },
		{ "sum of the payload (AVX2)", limit_sum, l, 0 },
	};

	for (unsigned int i = 0; i < ROWS * KINDS; i++) {
		const struct row *r = &rows[i / KINDS];

		plain_job(&jobs[i], i & 1, i & 2, PAYLOAD, r->csum, r->flat);
		s[LIMITS + i] =
			(struct subject){ r->name, job_run, &jobs[i], 0 };
	}
	bench_run(s, LIMITS + ROWS * KINDS, ROUNDS, CALLS);
	print_table(s, machine);
}

/* Does the cost of a segment grow with their number? */
static void growth(void)
{
	static const unsigned int counts[] = { 2, 4, 8, 16, 45, 90, 180, 360 };
	enum {
		N = sizeof(counts) / sizeof(*counts)
	};
	static struct job jobs[N];
	struct subject s[N];

	for (unsigned int i = 0; i < N; i++) {
		plain_job(&jobs[i], false, false, (size_t)counts[i] * MSS,
			  SEGOFF_OUT_PARTIAL, false);
		s[i] = (struct subject){ "", job_run, &jobs[i], 0 };
	}
	bench_run(s, N, ROUNDS, CALLS);
	printf("\nsegments in a superpacket          ");
	for (unsigned int i = 0; i < N; i++)
		printf(" %7u", counts[i]);
	printf("\nscatter, no L4 sum, ns per segment ");
	for (unsigned int i = 0; i < N; i++)
		printf(" %7.2f", s[i].best / counts[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	bool machine = argc > 1 && !strcmp(argv[1], "-m");
	struct limits *l = calloc(1, sizeof(*l));
	uint8_t *src = aligned_alloc(64, (PAYLOAD + 63) / 64 * 64);

	if (!__builtin_cpu_supports("avx2")) {
		fprintf(stderr, "no AVX2: no limits to compare with\n");
		return 77;
	}
	for (size_t i = 0; i < PAYLOAD; i++)
		src[i] = (uint8_t)rand();
	l->src = src;
	l->dst = aligned_alloc(64, NSEG * SEG_ROOM);
	l->hdr = aligned_alloc(64, NSEG * 128);
	if (limits_check(l)) {
		fprintf(stderr, "limits.c is wrong\n");
		return 1;
	}
	job_room(360);
	table(l, machine);
	if (!machine)
		growth();
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * tunnel.c - what tunnels cost: segmentation of TCP over IPv4 by the number of
 * tunnels around it, all checksums made
 *
 * A superpacket of 45 x 1448 bytes; VXLAN and GRE in turn, every one with a
 * checksum. With -m the numbers come as "key value" lines.
 */
#include <stdio.h>

#include "job.h"

#define LEVELS 5 /* none to four */

/* What is around it: VXLAN in GRE in VXLAN in ..., seen from the inside. */
static void tunnel_job(struct job *j, unsigned int level, uint32_t csum,
		       bool is_flat)
{
	job_begin(j, PAYLOAD);
	job_ethernet(j, false);
	for (; level; level--)
		if (level % 2) {
			job_ip(j, false, 17);
			job_put(j, "\0\0\x12\xb5\0\0\0\1", 8);
			job_put(j, "\x08\0\0\0\0\0\x2a\0", 8);
			job_ethernet(j, false);
			j->meta.gso_type |= SEGOFF_GSO_UDP_TUNNEL_CSUM;
		} else {
			job_ip(j, false, 47);
			job_put(j, "\x80\0\x08\0\0\0\0\0", 8);
			j->meta.gso_type |= SEGOFF_GSO_GRE_CSUM;
		}
	job_ip(j, false, 6);
	job_l4(j, false);
	job_end(j, PAYLOAD, csum, is_flat);
	j->meta.gso_type |= SEGOFF_GSO_TCPV4;
	j->meta.encapsulation = true;
}

static const struct row {
	const char *name;
	uint32_t csum;
	bool flat;
} rows[] = {
	{ "scatter, checksums left to the device", SEGOFF_OUT_PARTIAL, false },
	{ "scatter with checksums", SEGOFF_OUT_COMPLETE, false },
	{ "flat with checksums", SEGOFF_OUT_COMPLETE, true },
};

#define ROWS (sizeof(rows) / sizeof(*rows))

static void print_row(unsigned int r, const struct subject *s, bool machine)
{
	double plain = s[0].best, one = s[1].best;
	double layer = (s[LEVELS - 1].best - one) / NSEG / (LEVELS - 2);

	if (machine) {
		for (unsigned int i = 0; i < LEVELS; i++)
			printf("tunnel_row%u_%u %.3f\n", r, i,
			       s[i].best / NSEG);
		return;
	}
	printf("  %-38s", rows[r].name);
	for (unsigned int i = 0; i < LEVELS; i++)
		printf(" %7.2f", s[i].best / NSEG);
	printf("   %5.2f", one / plain);
	printf(rows[r].csum == SEGOFF_OUT_COMPLETE ? " (at most 1.15)" :
						     "               ");
	printf(" %5.2f (at most 5)\n", layer);
}

int main(int argc, char **argv)
{
	static struct job jobs[ROWS * LEVELS];
	struct subject s[ROWS * LEVELS];
	bool machine = argc > 1 && !strcmp(argv[1], "-m");

	job_room(NSEG);
	for (unsigned int i = 0; i < ROWS * LEVELS; i++) {
		const struct row *r = &rows[i / LEVELS];

		tunnel_job(&jobs[i], i % LEVELS, r->csum, r->flat);
		s[i] = (struct subject){ r->name, job_run, &jobs[i], 0 };
	}
	bench_run(s, ROWS * LEVELS, ROUNDS, CALLS);
	if (!machine)
		printf("tcp4 in tunnels, ns per segment           "
		       "none  VXLAN  in GRE  3 deep  4 deep   "
		       "VXLAN : none    each further one\n");
	for (unsigned int r = 0; r < ROWS; r++)
		print_row(r, s + r * LEVELS, machine);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * coalesce.c - what coalescing costs
 *
 * Packets of 1448 bytes are pushed as one batch, everything is flushed, popped
 * and handed out as a chain. Hot, one core, ns per packet, the best of many
 * rounds. Then the cost by the number of flows: what grows there is misses of
 * the caches. With -m the numbers come as "key value" lines; with -p FILE the
 * curve as a picture, too.
 */
#include <segoff.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../src/cpu/csum.h"
#include "bench.h"
#include "curve.h"
#include "packets.h"

#define PER_FLOW 44u
#define ROUNDS	 300
#define CALLS	 32
#define POINTS	 9

struct job {
	struct segoff_gro *gro;
	struct segoff_gro_pkt *pkt;
	size_t npkt;
	size_t supers;
};

static void run(void *arg)
{
	struct job *j = arg;
	struct segoff_super s;
	struct iovec iov[2 * PER_FLOW + 2];
	uint8_t hdr[192];

	if (segoff_gro_push_batch(j->gro, j->pkt, j->npkt) != j->npkt)
		abort();
	segoff_gro_flush(j->gro, UINT64_MAX);
	for (j->supers = 0; segoff_gro_pop(j->gro, &s); j->supers++)
		segoff_super_scatter(&s, hdr, sizeof(hdr), iov,
				     sizeof(iov) / sizeof(*iov));
}

static struct segoff_gro *make_gro(uint32_t flows, uint32_t packets,
				   uint32_t flags)
{
	struct segoff_gro_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .flows = 2 * flows,
				     .packets = packets + 1,
				     .seed = 0x5e60ff };
	size_t size = (segoff_gro_size(&o) + 63) & ~(size_t)63;

	return segoff_gro_init(aligned_alloc(64, size), size, &o);
}

static void make_packet(uint8_t *p, uint32_t flow, uint32_t k, bool whole,
			bool vxlan)
{
	if (vxlan)
		packet_vxlan(p, flow, k, whole);
	else
		(whole ? packet_whole : packet_headers)(p, flow, k);
}

/* @per packets of each flow, in turn. */
static void make_job(struct job *j, uint32_t flows, uint32_t per,
		     uint32_t flags, bool vxlan)
{
	bool whole = !(flags & SEGOFF_GRO_VOUCHED);
	size_t stride = whole ? 1600 : vxlan ? 192 : 128, at = 0;
	size_t len = PACKET_LEN + (vxlan ? VXLAN_HEADERS : 0);
	uint8_t *bytes;
	struct iovec *iov;

	j->npkt = (size_t)flows * per;
	bytes = aligned_alloc(64, j->npkt * stride + 4096);
	iov = calloc(j->npkt, sizeof(*iov));
	j->pkt = calloc(j->npkt, sizeof(*j->pkt));
	for (uint32_t k = 0; k < per; k++)
		for (uint32_t f = 0; f < flows; f++, at++) {
			uint8_t *p = bytes + at * stride;

			make_packet(p, f, k, whole, vxlan);
			iov[at] = (struct iovec){ p, len };
			j->pkt[at].pkt =
				(struct segoff_pkt){ &iov[at], 1,
						     SEGOFF_LINK_ETHERNET };
		}
	j->gro = make_gro(flows, (uint32_t)j->npkt, flags);
}

static void free_job(struct job *j)
{
	free(j->gro);
	free((void *)(uintptr_t)j->pkt[0].pkt.iov[0].iov_base);
	free((void *)(uintptr_t)j->pkt[0].pkt.iov);
	free(j->pkt);
}

static double sum_alone(void)
{
	static uint8_t p[PER_FLOW][1536];
	const struct segoff__cpu *cpu = segoff__cpu();
	const double clock = bench_clock();
	volatile uint32_t sink;
	double took[ROUNDS];

	for (unsigned int r = 0; r < ROUNDS; r++) {
		double t = bench_now();

		for (unsigned int i = 0; i < PER_FLOW; i++)
			sink = cpu->sum(p[i] + PACKET_HEADERS, MSS);
		took[r] = (bench_now() - t - clock) / PER_FLOW;
	}
	(void)sink;
	return bench_least(took, ROUNDS);
}

static void table(bool machine)
{
	static const struct {
		const char *key;
		const char *name;
		uint32_t flows;
		uint32_t flags;
		bool vxlan;
	} rows[] = {
		{ "gro_1", "1 flow, checksums vouched for", 1,
		  SEGOFF_GRO_VOUCHED, false },
		{ "gro_16", "16 flows in turn, vouched for", 16,
		  SEGOFF_GRO_VOUCHED, false },
		{ "gro_1_sum", "1 flow, checksums verified", 1, 0, false },
		{ "gro_vxlan", "1 flow in VXLAN, vouched for", 1,
		  SEGOFF_GRO_VOUCHED, true },
		{ "gro_vxlan_sum", "1 flow in VXLAN, both checksums verified",
		  1, 0, true },
	};
	const unsigned int n = sizeof(rows) / sizeof(*rows);
	struct subject s[sizeof(rows) / sizeof(*rows)];
	struct job j[sizeof(rows) / sizeof(*rows)];

	for (unsigned int i = 0; i < n; i++) {
		make_job(&j[i], rows[i].flows, PER_FLOW, rows[i].flags,
			 rows[i].vxlan);
		s[i] = (struct subject){ rows[i].name, run, &j[i], 0 };
	}
	bench_run(s, n, ROUNDS, CALLS);
	if (!machine)
		printf("\nlibsegoff (%s), coalescing, ns per packet of 1448\n",
		       segoff__cpu()->name);
	for (unsigned int i = 0; i < n; i++) {
		double ns = s[i].best / (double)j[i].npkt;

		if (j[i].supers != rows[i].flows)
			abort();
		if (machine)
			printf("%s %.3f\n", rows[i].key, ns);
		else
			printf("  %-42s %7.2f\n", rows[i].name, ns);
		free_job(&j[i]);
	}
	if (!machine)
		printf("  %-42s %7.2f\n", "sum of the payload alone",
		       sum_alone());
}

/* The same number of packets per flow for all, so that only flows differ. */
static void curve(const char *picture)
{
	static const uint32_t flows[POINTS] = { 1,    4,    16,	   64,	 256,
						1024, 4096, 16384, 65536 };
	double ns[POINTS];

	for (unsigned int i = 0; i < POINTS; i++) {
		struct subject s = { "", run, NULL, 0 };
		struct job j;

		make_job(&j, flows[i], 16, SEGOFF_GRO_VOUCHED, false);
		s.arg = &j;
		bench_run(&s, 1, flows[i] > 1000 ? 9 : ROUNDS, 1);
		ns[i] = s.best / (double)j.npkt;
		free_job(&j);
	}
	printf("\nflows in turn, 16 packets of each, vouched for, ns per packet\n");
	curve_print(stdout, flows, ns, POINTS);
	if (picture)
		curve_draw(picture, flows, ns, POINTS);
}

int main(int argc, char **argv)
{
	bool machine = argc > 1 && !strcmp(argv[1], "-m");

	table(machine);
	if (!machine)
		curve(argc > 2 && !strcmp(argv[1], "-p") ? argv[2] : NULL);
	return 0;
}

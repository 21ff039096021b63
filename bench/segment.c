/* SPDX-License-Identifier: MIT */
/*
 * segment.c - what segmentation costs, beside the limits of the machine
 *
 * A superpacket of 45 x 1448 bytes, again and again, in every form of output;
 * then, for TCP over IPv4, the cost of a segment by the number of segments.
 * With -m the numbers come as "key value" lines for other programs.
 */
#include <segoff.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../src/cpu/csum.h"
#include "bench.h"

#define ROUNDS 400
#define CALLS  32

/* One superpacket and one way to segment it. */
struct job {
	uint8_t *packet;
	struct iovec iov;
	struct segoff_pkt pkt;
	struct segoff_meta meta;
	struct segoff_gso_opts o;
	struct segoff_bound bound;
	bool flat;
};

static struct segoff_scatter scatter;
static uint8_t *flat;
static size_t flat_size;
static struct iovec *segs;
static size_t nsegs;

static void run(void *arg)
{
	struct job *j = arg;
	struct segoff_gso g;

	if (segoff_gso_init(&g, &j->pkt, &j->meta, &j->o, NULL))
		abort();
	if (j->flat)
		segoff_gso_flat(&g, flat, flat_size, segs, nsegs);
	else
		segoff_gso_scatter(&g, &scatter);
}

static size_t put_ip(uint8_t *p, bool v6, uint8_t proto)
{
	static const uint8_t ip4[20] = { 0x45, 0, 0,  0, 0, 7, 0x40, 0, 64, 0,
					 0,    0, 10, 0, 0, 1, 10,   0, 0,  2 };

	p[0] = v6 ? 0x86 : 0x08;
	p[1] = v6 ? 0xdd : 0x00;
	if (!v6) {
		memcpy(p + 2, ip4, 20);
		p[2 + 9] = proto;
		return 22;
	}
	memset(p + 2, 0, 40);
	p[2] = 0x60;
	p[2 + 6] = proto;
	p[2 + 7] = 64;
	p[2 + 8] = p[2 + 24] = 0xfd;
	return 42;
}

static void make_job(struct job *j, bool v6, bool udp, size_t payload,
		     uint32_t csum, bool is_flat)
{
	size_t at = 12;

	memset(j, 0, sizeof(*j));
	j->packet = malloc(256 + payload);
	memset(j->packet, 2, 12);
	at += put_ip(j->packet + at, v6, udp ? 17 : 6);
	j->meta.csum_start = (uint16_t)at;
	j->meta.csum_offset = udp ? 6 : 16;
	memset(j->packet + at, 0, 32);
	if (!udp) {
		j->packet[at + 12] = 0x80;
		j->packet[at + 13] = 0x18;
	}
	at += udp ? 8 : 32;
	for (size_t i = 0; i < payload; i++)
		j->packet[at + i] = (uint8_t)rand();
	j->iov = (struct iovec){ j->packet, at + payload };
	j->pkt = (struct segoff_pkt){ &j->iov, 1, SEGOFF_LINK_ETHERNET };
	j->meta.gso_type = udp ? SEGOFF_GSO_UDP_L4 :
			   v6  ? SEGOFF_GSO_TCPV6 :
				 SEGOFF_GSO_TCPV4;
	j->meta.gso_size = MSS;
	j->meta.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	j->o = (struct segoff_gso_opts){ .sz = sizeof(j->o), .csum = csum };
	j->flat = is_flat;
}

static void make_room(size_t n)
{
	nsegs = n;
	scatter = (struct segoff_scatter){
		.hdr = aligned_alloc(64, n * 128),
		.hdr_size = n * 128,
		.iov = calloc(2 * n + 8, sizeof(struct iovec)),
		.niov = 2 * n + 8,
		.pieces = calloc(n, sizeof(unsigned int)),
		.nseg = n,
	};
	flat_size = n * SEG_ROOM;
	flat = aligned_alloc(64, flat_size);
	segs = calloc(n, sizeof(*segs));
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

		make_job(&jobs[i], i & 1, i & 2, PAYLOAD, r->csum, r->flat);
		s[LIMITS + i] = (struct subject){ r->name, run, &jobs[i], 0 };
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
		make_job(&jobs[i], false, false, (size_t)counts[i] * MSS,
			 SEGOFF_OUT_PARTIAL, false);
		s[i] = (struct subject){ "", run, &jobs[i], 0 };
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
	make_room(360);
	table(l, machine);
	if (!machine)
		growth();
	return 0;
}

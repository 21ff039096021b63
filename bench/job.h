/* SPDX-License-Identifier: MIT */
/*
 * job.h - a superpacket and one way to segment it, again and again
 *
 *	job_begin(&j, payload); job_ethernet(...); job_ip(...); job_l4(...);
 *	job_end(&j, payload, csum, flat);
 */
#ifndef SEGOFF_BENCH_JOB_H
#define SEGOFF_BENCH_JOB_H

#include <segoff.h>

#include <string.h>

#include "bench.h"

#define ROUNDS	 400
#define CALLS	 32
#define JOB_ROOM 512u /* headers */

struct job {
	uint8_t *packet;
	size_t len;
	struct iovec iov;
	struct segoff_pkt pkt;
	struct segoff_meta meta;
	struct segoff_gso_opts o;
	bool flat;
};

static struct segoff_scatter scatter;
static uint8_t *flat;
static size_t flat_size;
static struct iovec *segs;
static size_t nsegs;

static inline void job_run(void *arg)
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

/* Room for @n segments of any job. */
static inline void job_room(size_t n)
{
	nsegs = n;
	scatter = (struct segoff_scatter){
		.hdr = aligned_alloc(64, n * JOB_ROOM),
		.hdr_size = n * JOB_ROOM,
		.iov = calloc(2 * n + 8, sizeof(struct iovec)),
		.niov = 2 * n + 8,
		.pieces = calloc(n, sizeof(unsigned int)),
		.nseg = n,
	};
	flat_size = n * SEG_ROOM;
	flat = aligned_alloc(64, flat_size);
	segs = calloc(n, sizeof(*segs));
}

static inline void job_begin(struct job *j, size_t payload)
{
	memset(j, 0, sizeof(*j));
	j->packet = calloc(1, JOB_ROOM + payload);
}

static inline uint8_t *job_put(struct job *j, const void *p, size_t n)
{
	uint8_t *at = j->packet + j->len;

	memcpy(at, p, n);
	j->len += n;
	return at;
}

static inline void job_ethernet(struct job *j, bool v6)
{
	job_put(j, "\2\2\2\2\2\2\2\2\2\2\2\2", 12);
	job_put(j, v6 ? "\x86\xdd" : "\x08\x00", 2);
}

static inline void job_ip(struct job *j, bool v6, uint8_t proto)
{
	static const uint8_t ip4[20] = { 0x45, 0, 0,  0, 0, 7, 0x40, 0, 64, 0,
					 0,    0, 10, 0, 0, 1, 10,   0, 0,  2 };
	static const uint8_t ip6[40] = { 0x60, [7] = 64, 0xfd, [24] = 0xfd };

	if (v6)
		job_put(j, ip6, 40)[6] = proto;
	else
		job_put(j, ip4, 20)[9] = proto;
}

/* UDP, or TCP with 12 bytes of options. */
static inline void job_l4(struct job *j, bool udp)
{
	static const uint8_t tcp[32] = { [12] = 0x80, 0x18 };

	j->meta.csum_start = (uint16_t)j->len;
	j->meta.csum_offset = udp ? 6 : 16;
	job_put(j, tcp, udp ? 8 : 32);
}

static inline void job_end(struct job *j, size_t payload, uint32_t csum,
			   bool is_flat)
{
	for (size_t i = 0; i < payload; i++)
		j->packet[j->len++] = (uint8_t)rand();
	j->iov = (struct iovec){ j->packet, j->len };
	j->pkt = (struct segoff_pkt){ &j->iov, 1, SEGOFF_LINK_ETHERNET };
	j->meta.gso_size = MSS;
	j->meta.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	j->o = (struct segoff_gso_opts){ .sz = sizeof(j->o), .csum = csum };
	j->flat = is_flat;
}

#endif

/* SPDX-License-Identifier: MIT */
/* run.h - segments with headers alike */
#ifndef SEGOFF_CORE_RUN_H
#define SEGOFF_CORE_RUN_H

#include "../cpu/csum.h"
#include "emit.h"
#include "pieces.h"

/* Segments with headers alike; moving values are carried along. */
struct run {
	const struct segoff_gso *g;
	const struct segoff__cpu *cpu;
	const uint8_t *header; /* of the run's first segment, NULL before */
	struct segoff__cursor in;
	size_t count;
	uint32_t size;
	uint32_t said; /* payload that lengths speak of */
	uint32_t seq;
	uint32_t l4;
	uint32_t value[SEGOFF_IP_MAX + 1];
	uint32_t base[SEGOFF_IP_MAX + 1];
	bool first;
	bool last;
};

/**
 * segoff__run_begin() - what the segments of the next run have in common
 * @g: state
 * @r: receives it
 */
void segoff__run_begin(struct segoff_gso *g, struct run *r);

/**
 * segoff__run_end() - some of its segments are out
 * @g: state
 * @r: the run
 * @n: how many
 */
void segoff__run_end(struct segoff_gso *g, const struct run *r, size_t n);

/**
 * segoff__run_header() - make the header of its first segment
 * @r: the run
 * @h: where it goes
 */
void segoff__run_header(struct run *r, uint8_t *h);

/**
 * segoff__seal() - SCTP: finish the CRC32c of a segment, and what covers it
 * @r: the run, whose only segment it is
 * @h: its header
 * @payload: its payload, which is one piece of the packet
 */
void segoff__seal(const struct run *r, uint8_t *h, const uint8_t *payload);

#endif

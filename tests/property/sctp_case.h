/* SPDX-License-Identifier: MIT */
/* sctp_case.h - queues of chunks, and superpackets of SCTP that lie flat */
#ifndef SEGOFF_TESTS_SCTP_CASE_H
#define SEGOFF_TESTS_SCTP_CASE_H

#include <segoff.h>

#include "check.h"

#define QUEUE_CHUNKS 120
#define QUEUE_BYTES  100000

/**
 * struct sctp_case - bytes that are chunks, more or less
 * @at: the chunks, one behind the other, unpadded for a queue
 * @end: where each ends
 * @n: how many
 * @len: bytes of all
 * @path: for a queue
 * @mtu: for a flat packet
 */
struct sctp_case {
	uint8_t at[QUEUE_BYTES];
	size_t end[QUEUE_CHUNKS];
	size_t n;
	size_t len;
	struct segoff_sctp_path path;
	uint32_t mtu;
};

/* gen_sctp.c */
void gen_queue(struct rnd *r, struct sctp_case *c);
void gen_flat(struct rnd *r, struct sctp_case *c);

/* check_sctp.c: against the model, and what must hold of any packing. */
bool check_queue(const struct sctp_case *c, struct rnd *r,
		 struct complaint *why);
bool check_flat(const struct sctp_case *c, struct complaint *why);

#endif

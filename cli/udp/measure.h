/* SPDX-License-Identifier: MIT */
/* measure.h - all ways of sending in turn, by processes of their own */
#ifndef SEGOFF_CLI_UDP_MEASURE_H
#define SEGOFF_CLI_UDP_MEASURE_H

#include "../progress.h"
#include "lab.h"
#include "load.h"

#define ROUNDS_MAX 1000

/* enum sink - who receives */
enum sink {
	SINK_PLAIN = 0, /* one datagram after the other, recvmmsg() */
	SINK_GRO,	/* trains, UDP_GRO */
	SINK_NONE,	/* somebody else, elsewhere */
	SINKS
};

/**
 * struct bench - what is measured
 * @lab: where
 * @to: destination; the port is filled in if there is a receiver
 * @size: bytes of a datagram
 * @train: datagrams of a train
 * @rounds: how often each way gets its turn
 * @ns: how long that is
 * @warm_ns: how long it is before that, and does not count
 * @here: core of the sender
 * @far: core of the receiver
 */
struct bench {
	struct lab lab;
	struct peer to;
	uint32_t size;
	uint32_t train;
	unsigned int rounds;
	uint64_t ns;
	uint64_t warm_ns;
	int here;
	int far;
};

/**
 * struct turn - what a way did in its turn
 * @ns: how long it was
 * @cpu: CPU time of the sender
 * @cycles: cycles of the sender, kernel included; 0: no counter here
 * @bytes: taken
 * @datagrams: taken
 * @warm: likewise, before it counted
 * @calls: system calls that send
 */
struct turn {
	uint64_t ns;
	uint64_t cpu;
	uint64_t cycles;
	uint64_t bytes;
	uint64_t datagrams;
	uint64_t warm;
	uint64_t calls;
};

/**
 * struct outcome - what a receiver and all ways of sending to it did
 * @error: 0, or a negative errno: there is nothing else; -ENODATA: not
 *	measured
 * @way_error: 0, or a negative errno: this way does not work here
 * @received: datagrams that arrived, by way
 * @turn: of each round
 */
struct outcome {
	int error;
	int way_error[WAYS];
	uint64_t received[WAYS];
	struct turn turn[ROUNDS_MAX][WAYS];
};

/**
 * struct bench_result - all of it
 * @bench: what was measured
 * @of: by receiver; memory that processes share
 */
struct bench_result {
	const struct bench *bench;
	struct outcome of[SINKS];
};

/**
 * measure() - all rounds with one receiver
 * @b: what
 * @s: who receives
 * @o: receives what came out; memory that processes share, zero
 * @p: for a line now and then
 */
void measure(struct bench *b, enum sink s, struct outcome *o,
	     struct progress *p);

#endif

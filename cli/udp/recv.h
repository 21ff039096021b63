/* SPDX-License-Identifier: MIT */
/* recv.h - segoff recv: its options, its state, what it says */
#ifndef SEGOFF_CLI_UDP_RECV_H
#define SEGOFF_CLI_UDP_RECV_H

#include <stdio.h>

#include <segoff/udp.h>

#include "../progress.h"
#include "peer.h"
#include "stream.h"

#define RECV_BUFFERS 16
#define STREAMS	     16 /* at once */

/**
 * struct receiver - segoff recv at work
 * @port: port
 * @bind: address; NULL: all
 * @seconds: how long; 0: no limit
 * @count: how many datagrams; 0: no limit
 * @plain: no UDP_GRO
 * @keep: go on after a stream has ended
 * @to_stdout: the bytes go to standard output
 * @json: report for scripts
 * @quiet: no report, no progress
 * @fd: socket
 * @rx: receiver of the library
 * @buf: its buffers
 * @stream: streams under way
 * @gone: sums of those that had to make room
 * @start: time of the first datagram, ns
 * @end: time of the last one
 * @datagrams: of streams and of others
 * @bytes: their bytes
 * @others: datagrams of no stream
 * @alone: datagrams that came in no train
 * @trains: messages of more than one
 * @in_trains: datagrams in them
 * @largest: the longest train
 * @dropped: by the socket, its buffer was full
 * @broken: messages that the kernel has cut
 * @from: who sent the first
 * @output_error: positive errno of writing; 0: none
 */
struct receiver {
	unsigned long port;
	const char *bind;
	unsigned long seconds;
	unsigned long count;
	bool plain;
	bool keep;
	bool to_stdout;
	bool json;
	bool quiet;
	int fd;
	struct segoff_udp_rx *rx;
	void *buf;
	struct stream stream[STREAMS];
	struct stream gone;
	uint64_t gone_lost;
	uint64_t start;
	uint64_t end;
	uint64_t datagrams;
	uint64_t bytes;
	uint64_t others;
	uint64_t alone;
	uint64_t trains;
	uint64_t in_trains;
	uint32_t largest;
	uint32_t dropped;
	uint64_t broken;
	char from[PEER_TEXT];
	int output_error;
	struct progress progress;
};

/**
 * struct recv_sums - all streams together
 * @streams: how many
 * @lost: datagrams missing
 * @late: out of order
 * @twice: doubled
 */
struct recv_sums {
	unsigned int streams;
	uint64_t lost;
	uint64_t late;
	uint64_t twice;
};

void receiver_sums(const struct receiver *r, struct recv_sums *s);

/* Until it is over: 0, or a status after a complaint. */
int receiver_run(struct receiver *r);

/* A line on the terminal, when it is time. */
void receiver_live(struct receiver *r);

void receiver_text(const struct receiver *r, FILE *f);
void receiver_json(const struct receiver *r, FILE *f);

#endif

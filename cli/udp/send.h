/* SPDX-License-Identifier: MIT */
/* send.h - segoff send: its options, its state, what it says */
#ifndef SEGOFF_CLI_UDP_SEND_H
#define SEGOFF_CLI_UDP_SEND_H

#include <stdio.h>

#include <segoff/udp.h>

#include "../progress.h"
#include "peer.h"

#define SEND_BATCH 256 /* datagrams handed to the library at once */

/**
 * struct sender - segoff send at work
 * @to: destination
 * @size: bytes of a datagram
 * @rate: bytes in a second; 0: as fast as it goes
 * @seconds: how long; 0: no limit
 * @count: how many; 0: no limit
 * @from_stdin: the bytes come from standard input
 * @raw: no header
 * @json: report for scripts
 * @quiet: no report, no progress
 * @opts: of @tx
 * @fd: socket
 * @tx: sender of the library
 * @batch: datagrams handed over at once
 * @buf: their bytes
 * @id: number of the stream
 * @start: when the first one left, ns
 * @end: when the last one left
 * @sent: datagrams
 * @bytes: their bytes
 * @refused: datagrams left out, as the kernel did not take them
 * @error: the last reason for that, negative errno
 * @earlier: errors that ICMP brought
 * @waited: times that a queue was full
 */
struct sender {
	struct peer to;
	unsigned long size;
	uint64_t rate;
	unsigned long seconds;
	unsigned long count;
	bool from_stdin;
	bool raw;
	bool json;
	bool quiet;
	struct segoff_udp_tx_opts opts;
	int fd;
	struct segoff_udp_tx *tx;
	size_t batch;
	uint8_t *buf;
	struct iovec iov[SEND_BATCH];
	struct segoff_udp_dgram dgram[SEND_BATCH];
	uint64_t id;
	uint64_t start;
	uint64_t end;
	uint64_t sent;
	uint64_t bytes;
	uint64_t refused;
	int error;
	uint64_t earlier;
	uint64_t waited;
	struct progress progress;
};

/* Send all: 0, or a status after a complaint. */
int sender_run(struct sender *s);

/* A line on the terminal, when it is time. */
void sender_live(struct sender *s);

void sender_text(const struct sender *s, FILE *f);
void sender_json(const struct sender *s, FILE *f);

#endif

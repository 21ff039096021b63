/* SPDX-License-Identifier: MIT */
/*
 * load.h - the ways of sending that segoff bench udp compares
 *
 * Bare ways are loops around the system calls, with everything prepared
 * beforehand: what a program could do at best that knows exactly what it
 * sends. Ours get an array of datagrams.
 */
#ifndef SEGOFF_CLI_UDP_LOAD_H
#define SEGOFF_CLI_UDP_LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <segoff/udp.h>

#include "peer.h"

#define LOAD_BLOCKS 16 /* trains in memory, sent in turn */
#define LOAD_BATCH  64 /* messages of a sendmmsg() of datagrams */
#define LOAD_TRAINS 8  /* messages of a sendmmsg() of trains */

/* enum way - how to send; every one of ours follows what it is held against */
enum way {
	WAY_SENDTO = 0,
	WAY_SENDMMSG,
	WAY_OURS_PLAIN,
	WAY_GSO,
	WAY_OURS,
	WAY_OPTION,
	WAY_OURS_OPTION,
	WAY_TRAINS,
	WAY_OURS_TRAINS,
	WAY_ZEROCOPY,
	WAY_OURS_ZEROCOPY,
	WAY_MIXED,
	WAY_OURS_MIXED,
	WAYS
};

/**
 * struct load - a sender at work
 * @fd: its socket
 * @waiting: zerocopy sends not complete
 * @to: destination
 * @size: bytes of a datagram
 * @train: datagrams of a train
 * @buf: LOAD_BLOCKS trains
 * @round: calls so far
 * @calls: system calls
 * @bytes: bytes taken
 */
struct load {
	int fd;
	uint32_t waiting;
	const struct peer *to;
	uint32_t size;
	uint32_t train;
	uint8_t *buf;
	uint64_t round;
	uint64_t calls;
	uint64_t bytes;
	size_t nmsg;
	struct mmsghdr *mm;
	struct iovec *iov;
	uint8_t *control;
	size_t ndgram;
	struct segoff_udp_dgram *dgram;
	struct segoff_udp_tx *tx;
	struct segoff_udp_sent sent;
};

/**
 * struct way_of - a way of sending
 * @name: for scripts
 * @text: for people
 * @prepare: after the socket is there; false: it is not possible here
 * @send: once; returns datagrams taken or a negative errno
 * @against: bare way that it is held against; WAYS: none
 */
struct way_of {
	const char *name;
	const char *text;
	bool (*prepare)(struct load *l);
	int (*send)(struct load *l);
	enum way against;
};

extern const struct way_of ways[WAYS];

/* Bare ways. */
bool bare_sendto_prepare(struct load *l);
bool bare_mmsg_prepare(struct load *l);
bool bare_mixed_prepare(struct load *l);
bool bare_gso_prepare(struct load *l);
bool bare_option_prepare(struct load *l);
bool bare_trains_prepare(struct load *l);
bool bare_zerocopy_prepare(struct load *l);
int bare_sendto(struct load *l);
int bare_send(struct load *l);
int bare_mmsg(struct load *l);
int bare_gso(struct load *l);
int bare_trains(struct load *l);
int bare_zerocopy(struct load *l);

/* Ours. */
bool ours_plain_prepare(struct load *l);
bool ours_prepare(struct load *l);
bool ours_option_prepare(struct load *l);
bool ours_trains_prepare(struct load *l);
bool ours_zerocopy_prepare(struct load *l);
bool ours_mixed_prepare(struct load *l);
int ours_send(struct load *l);
int ours_zerocopy(struct load *l);

/* Bytes of the datagram at a place of the mix: a third of them are odd. */
uint32_t mixed_size(const struct load *l, size_t at);

#endif

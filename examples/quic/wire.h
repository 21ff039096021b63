/* SPDX-License-Identifier: MIT */
/* wire.h - packets of one connection leave and arrive by a socket */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

#define PACKET_BYTES 1452 /* what QUIC puts into an Ethernet frame */

/* A QUIC packet that was written and has to leave. */
struct packet {
	uint8_t bytes[PACKET_BYTES];
	size_t len;
	uint32_t ecn;
};

/* Where received packets go: 0, or stop and hand this on. */
typedef int (*arrival)(void *ctx, const uint8_t *bytes, size_t len,
		       uint32_t ecn);

struct wire_count {
	unsigned long long packets;   /* sent */
	unsigned long long calls;     /* system calls that sent them */
	unsigned long long trains;    /* calls' messages with UDP_SEGMENT */
	unsigned long long in_trains; /* packets in them */
	unsigned long long received;
	unsigned long long received_trains; /* messages of more than one */
	unsigned long long receive_calls;
};

/**
 * struct wire - a way to use a connected socket
 * @name: for the report
 * @open: begin with this socket, which does not block
 * @send: send packets in order; returns how many were taken, and if that is
 *	not all, why: a negative errno
 * @receive: hand over what has arrived, a part of it if it is much; returns
 *	what the arrival said, or 0 if nothing (more) is there, else a negative
 *	errno
 * @count: so far
 */
struct wire {
	const char *name;
	void (*open)(int fd);
	size_t (*send)(const struct packet *p, size_t n, int *error);
	int (*receive)(arrival arrived, void *ctx);
	void (*count)(struct wire_count *c);
};

extern const struct wire wire_trains; /* libsegoff: trains.c */
extern const struct wire wire_plain;  /* sendmsg(), recvmsg(): plain.c */

/* Says what fails and ends the program. */
_Noreturn void die(const char *what, const char *why);

#endif

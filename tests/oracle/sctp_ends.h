/* SPDX-License-Identifier: MIT */
/* sctp_ends.h - an association between two hosts, and talk on it */
#ifndef SEGOFF_ORACLE_SCTP_ENDS_H
#define SEGOFF_ORACLE_SCTP_ENDS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct sctp_talk - what is said, and how
 * @version: 4 or 6
 * @mtu: of all devices between them
 * @auth: DATA chunks are authenticated (RFC 4895)
 * @messages: how many the client sends
 * @seed: their sizes and bytes
 * @tunnel: name of the kind of tunnel that it goes through; NULL: none
 */
struct sctp_talk {
	int version;
	int mtu;
	bool auth;
	unsigned int messages;
	uint64_t seed;
	const char *tunnel;
};

/* The names of the devices, from the client to the server. */
#define CLIENT_DEVICE "sc"
#define CLIENT_PORT   "scp"
#define SERVER_PORT   "ssp"
#define SERVER_DEVICE "ss"

/**
 * struct sctp_ends - both ends, each a process in a network of its own
 * @client: its process, 0 once it has ended
 * @server: the same
 * @tell_client: written to when it may go on
 * @tell_server: the same
 */
struct sctp_ends {
	int client;
	int server;
	int tell_client;
	int tell_server;
};

/**
 * sctp_begin() - have both ends in their networks, waiting
 * @e: receives them
 * @t: what is to be said
 *
 * The devices CLIENT_DEVICE and SERVER_DEVICE must exist; the ends take them.
 */
void sctp_begin(struct sctp_ends *e, const struct sctp_talk *t);

/* Let them talk. */
void sctp_go(const struct sctp_ends *e);

/* Have both ended? Ends the program if one of them failed. */
bool sctp_over(struct sctp_ends *e);

#endif

/* SPDX-License-Identifier: MIT */
/* peer.h - the other end: HOST:PORT, and addresses as people read them */
#ifndef SEGOFF_CLI_UDP_PEER_H
#define SEGOFF_CLI_UDP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define PEER_TEXT 64 /* "[address%interface]:65535" */

/**
 * struct peer - the other end
 * @addr: its address and port
 * @len: bytes of @addr
 * @text: both as people read them
 * @name: the host as it was given
 */
struct peer {
	struct sockaddr_storage addr;
	socklen_t len;
	char text[PEER_TEXT];
	char name[256];
};

/**
 * peer_resolve() - find the address of HOST:PORT
 * @command: subcommand
 * @text: HOST:PORT, or [HOST]:PORT for an IPv6 address
 * @p: receives it
 *
 * Return: 0; STATUS_USAGE if it is no such text, STATUS_INPUT if the name has
 * no address, after a complaint.
 */
int peer_resolve(const char *command, const char *text, struct peer *p);

/* "192.0.2.7:443", "[2001:db8::7]:443"; v4-mapped ones as IPv4. */
void peer_text(const struct sockaddr *a, char text[PEER_TEXT]);

/* The same without the port and brackets. */
void peer_host(const struct sockaddr *a, char text[PEER_TEXT]);

/* Does IPv4 leave for it? */
bool peer_v4(const struct sockaddr *a);

#endif

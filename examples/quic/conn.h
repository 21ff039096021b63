/* SPDX-License-Identifier: MIT */
/* conn.h - a QUIC connection with one stream */
#ifndef CONN_H
#define CONN_H

#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <stdbool.h>

#include "outbox.h"
#include "tls.h"

/**
 * struct conn - a QUIC connection with one stream
 * @quic: the connection; NULL: the first packet of the client is awaited
 * @ref: how TLS finds it
 * @tls: its session
 * @server: which end it is
 * @path: from where to where
 * @stream: the stream, -1 as long as there is none
 * @total: bytes to be sent on it: the client's; a server sends none
 * @sent: those sent
 * @received: bytes that have arrived, and were right
 * @marked: packets that have arrived with an ECN mark
 * @fin_sent: the end was sent
 * @fin_received: the end has arrived, and everything before it
 * @error: negative NGTCP2_ERR_*
 */
struct conn {
	ngtcp2_conn *quic;
	ngtcp2_crypto_conn_ref ref;
	struct tls tls;
	bool server;
	ngtcp2_path_storage path;
	int64_t stream;
	uint64_t total;
	uint64_t sent;
	uint64_t received;
	uint64_t marked;
	bool fin_sent;
	bool fin_received;
	int error;
};

/* Now, by the clock that all of this goes by. */
ngtcp2_tstamp conn_now(void);

/* Begin, on a connected socket; a server with a key, a client without. */
void conn_open(struct conn *c, int fd, const char *cert, const char *key);

/* A packet has arrived (struct wire); says stop after an error. */
int conn_read(void *conn, const uint8_t *bytes, size_t len, uint32_t ecn);

/* Write what may leave now into an outbox that is empty. */
void conn_write(struct conn *c, struct outbox *o);

/* When conn_expire() must be called, at the latest. */
ngtcp2_tstamp conn_expiry(const struct conn *c);
void conn_expire(struct conn *c);

/* Write the last packet: we have done, or why we cannot go on. */
void conn_end(struct conn *c, struct outbox *o);
void conn_close(struct conn *c);

#endif

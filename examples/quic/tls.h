/* SPDX-License-Identifier: MIT */
/* tls.h - the TLS session of a QUIC connection */
#ifndef TLS_H
#define TLS_H

#include <gnutls/gnutls.h>

struct tls {
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
};

/**
 * tls_open() - begin a session
 * @t: session
 * @cert: certificate, PEM: the server's own; the only one the client trusts
 * @key: its key: a server; NULL: a client
 * @ref: what the session knows its connection by (ngtcp2_crypto_conn_ref)
 */
void tls_open(struct tls *t, const char *cert, const char *key, void *ref);
void tls_close(struct tls *t);

#endif

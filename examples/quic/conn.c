/* SPDX-License-Identifier: MIT */
/*
 * conn.c - a QUIC connection with one stream
 *
 * The client sends a number of bytes and the end of the stream. The server
 * looks at every byte, and ends its own direction of the stream when all have
 * arrived; so the end of the stream tells the client that everything is there.
 */
#include "conn.h"
#include "pattern.h"

#include <gnutls/crypto.h>
#include <string.h>
#include <time.h>

#define WINDOW (1u << 20) /* bytes that may be on the way */
#define IDLE   (5 * NGTCP2_SECONDS)

ngtcp2_tstamp conn_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (ngtcp2_tstamp)t.tv_sec * NGTCP2_SECONDS +
	       (ngtcp2_tstamp)t.tv_nsec;
}

static void random_bytes(void *bytes, size_t len)
{
	if (gnutls_rnd(GNUTLS_RND_RANDOM, bytes, len))
		die("random bytes", "there are none");
}

static void on_rand(uint8_t *dest, size_t len, const ngtcp2_rand_ctx *ctx)
{
	(void)ctx;
	random_bytes(dest, len);
}

static void random_cid(ngtcp2_cid *cid, size_t len)
{
	cid->datalen = len;
	random_bytes(cid->data, len);
}

static int on_new_cid(ngtcp2_conn *quic, ngtcp2_cid *cid, uint8_t *token,
		      size_t len, void *conn)
{
	(void)quic;
	(void)conn;
	random_cid(cid, len);
	random_bytes(token, NGTCP2_STATELESS_RESET_TOKENLEN);
	return 0;
}

static int on_handshake(ngtcp2_conn *quic, void *conn)
{
	struct conn *c = conn;

	if (!c->server && ngtcp2_conn_open_bidi_stream(quic, &c->stream, NULL))
		return NGTCP2_ERR_CALLBACK_FAILURE;
	return 0;
}

static int on_stream_data(ngtcp2_conn *quic, uint32_t flags, int64_t stream,
			  uint64_t offset, const uint8_t *bytes, size_t len,
			  void *conn, void *stream_data)
{
	struct conn *c = conn;

	(void)stream_data;
	if (offset != c->received || !pattern_is(offset, bytes, len))
		return NGTCP2_ERR_CALLBACK_FAILURE;
	c->received += len;
	if (flags & NGTCP2_STREAM_DATA_FLAG_FIN) {
		c->fin_received = true;
		c->stream = stream;
	}
	ngtcp2_conn_extend_max_offset(quic, len);
	return ngtcp2_conn_extend_max_stream_offset(quic, stream, len);
}

static ngtcp2_conn *conn_of(ngtcp2_crypto_conn_ref *ref)
{
	return ((struct conn *)ref->user_data)->quic;
}

static const ngtcp2_callbacks callbacks = {
	.client_initial = ngtcp2_crypto_client_initial_cb,
	.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb,
	.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb,
	.handshake_completed = on_handshake,
	.encrypt = ngtcp2_crypto_encrypt_cb,
	.decrypt = ngtcp2_crypto_decrypt_cb,
	.hp_mask = ngtcp2_crypto_hp_mask_cb,
	.recv_stream_data = on_stream_data,
	.recv_retry = ngtcp2_crypto_recv_retry_cb,
	.rand = on_rand,
	.get_new_connection_id = on_new_cid,
	.update_key = ngtcp2_crypto_update_key_cb,
	.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
	.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
	.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
	.version_negotiation = ngtcp2_crypto_version_negotiation_cb,
};

/* @hd: the first packet of the client; NULL: this is the client. */
static void begin(struct conn *c, const ngtcp2_pkt_hd *hd)
{
	ngtcp2_transport_params params;
	ngtcp2_settings settings;
	ngtcp2_cid scid, dcid;
	int err;

	ngtcp2_settings_default(&settings);
	settings.initial_ts = conn_now();
	settings.max_tx_udp_payload_size = PACKET_BYTES;
	ngtcp2_transport_params_default(&params);
	params.initial_max_data = WINDOW;
	params.initial_max_stream_data_bidi_local = WINDOW;
	params.initial_max_stream_data_bidi_remote = WINDOW;
	params.initial_max_streams_bidi = 1;
	params.max_idle_timeout = IDLE;
	random_cid(&scid, NGTCP2_MIN_INITIAL_DCIDLEN);
	if (hd) {
		params.original_dcid = hd->dcid;
		err = ngtcp2_conn_server_new(&c->quic, &hd->scid, &scid,
					     &c->path.path, hd->version,
					     &callbacks, &settings, &params,
					     NULL, c);
	} else {
		random_cid(&dcid, NGTCP2_MIN_INITIAL_DCIDLEN);
		err = ngtcp2_conn_client_new(&c->quic, &dcid, &scid,
					     &c->path.path, NGTCP2_PROTO_VER_V1,
					     &callbacks, &settings, &params,
					     NULL, c);
	}
	if (err)
		die("QUIC", ngtcp2_strerror(err));
	ngtcp2_conn_set_tls_native_handle(c->quic, c->tls.session);
}

void conn_open(struct conn *c, int fd, const char *cert, const char *key)
{
	ngtcp2_sockaddr_union here, there;
	socklen_t n = sizeof(here), m = sizeof(there);

	if (getsockname(fd, &here.sa, &n) || getpeername(fd, &there.sa, &m))
		die("socket", "it is not connected");
	ngtcp2_path_storage_init(&c->path, &here.sa, n, &there.sa, m, NULL);
	c->server = key != NULL;
	c->stream = -1;
	c->ref.get_conn = conn_of;
	c->ref.user_data = c;
	tls_open(&c->tls, cert, key, &c->ref);
	if (!c->server)
		begin(c, NULL);
}

int conn_read(void *conn, const uint8_t *bytes, size_t len, uint32_t ecn)
{
	ngtcp2_pkt_info info = { .ecn = ecn };
	struct conn *c = conn;
	ngtcp2_pkt_hd hd;

	if (!c->quic) {
		if (ngtcp2_accept(&hd, bytes, len))
			return 0;
		begin(c, &hd);
	}
	c->marked += ecn != NGTCP2_ECN_NOT_ECT;
	c->error = ngtcp2_conn_read_pkt(c->quic, &c->path.path, &info, bytes,
					len, conn_now());
	return c->error != 0;
}

/* Write one packet: its length; 0: none may leave now; or an error. */
static ngtcp2_ssize write_packet(struct conn *c, struct outbox *o, bool data,
				 ngtcp2_tstamp now)
{
	struct packet *p = outbox_next(o);
	ngtcp2_vec v = { NULL, 0 };
	ngtcp2_pkt_info info = { 0 };
	ngtcp2_ssize n, taken = -1;
	uint32_t flags = 0;

	if (!p)
		return 0;
	if (data)
		v.base = pattern_at(c->sent, c->total - c->sent, &v.len);
	if (data && v.len == c->total - c->sent)
		flags = NGTCP2_WRITE_STREAM_FLAG_FIN;
	n = ngtcp2_conn_writev_stream(c->quic, NULL, &info, p->bytes,
				      sizeof(p->bytes), &taken, flags,
				      data ? c->stream : -1, &v, v.len ? 1 : 0,
				      now);
	if (n == NGTCP2_ERR_STREAM_DATA_BLOCKED)
		return write_packet(c, o, false, now);
	if (n > 0)
		outbox_add(o, (size_t)n, info.ecn);
	if (n > 0 && taken >= 0) {
		c->sent += (uint64_t)taken;
		c->fin_sent = flags && (size_t)taken == v.len;
	}
	return n;
}

void conn_write(struct conn *c, struct outbox *o)
{
	ngtcp2_tstamp now = conn_now();
	size_t quantum, bytes = 0;
	ngtcp2_ssize n;

	if (!c->quic || c->error)
		return;
	quantum = ngtcp2_conn_get_send_quantum(c->quic);
	do {
		n = write_packet(c, o, c->stream >= 0 && !c->fin_sent, now);
		bytes += n > 0 ? (size_t)n : 0;
	} while (n > 0 && bytes < quantum);
	if (n < 0)
		c->error = (int)n;
	else
		ngtcp2_conn_update_pkt_tx_time(c->quic, now);
}

ngtcp2_tstamp conn_expiry(const struct conn *c)
{
	return c->quic ? ngtcp2_conn_get_expiry(c->quic) : UINT64_MAX;
}

void conn_expire(struct conn *c)
{
	ngtcp2_tstamp now = conn_now();

	if (!c->error && conn_expiry(c) <= now)
		c->error = ngtcp2_conn_handle_expiry(c->quic, now);
}

void conn_end(struct conn *c, struct outbox *o)
{
	ngtcp2_connection_close_error why;
	struct packet *p = outbox_next(o);
	ngtcp2_ssize n;

	if (!c->quic || !p || c->error == NGTCP2_ERR_DRAINING ||
	    c->error == NGTCP2_ERR_IDLE_CLOSE)
		return;
	if (c->error)
		ngtcp2_connection_close_error_set_transport_error_liberr(
			&why, c->error, NULL, 0);
	else
		ngtcp2_connection_close_error_set_application_error(&why, 0,
								    NULL, 0);
	n = ngtcp2_conn_write_connection_close(c->quic, NULL, NULL, p->bytes,
					       sizeof(p->bytes), &why,
					       conn_now());
	if (n > 0)
		outbox_add(o, (size_t)n, NGTCP2_ECN_NOT_ECT);
}

void conn_close(struct conn *c)
{
	ngtcp2_conn_del(c->quic);
	tls_close(&c->tls);
}

/* SPDX-License-Identifier: MIT */
/*
 * trains.c - QUIC packets leave and arrive in trains, by libsegoff
 *
 * This is all that a QUIC program needs of the library. Packets are handed
 * over as they were written, whatever their sizes and marks: which of them
 * leave as one train, and whether trains pass at all, is not its business.
 */
#include "wire.h"

#include <segoff/udp.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 128
#define NBUF  8

static struct segoff_udp_tx *tx;
static struct segoff_udp_rx *rx;
static struct segoff_udp_dgram dgram[BATCH];
static struct iovec piece[BATCH];

static void trains_open(int fd)
{
	struct segoff_udp_rx_opts o = { .sz = sizeof(o),
					.flags = SEGOFF_UDP_RX_TOS,
					.size = SEGOFF_UDP_BUFFER,
					.nbuf = NBUF };
	size_t size = segoff_udp_tx_size(NULL);
	int err;

	tx = segoff_udp_tx_init(malloc(size), size, fd, NULL, &err);
	if (!tx)
		die("segoff_udp_tx_init", strerror(-err));
	o.buf = malloc(NBUF * (size_t)SEGOFF_UDP_BUFFER);
	size = segoff_udp_rx_size(&o);
	rx = segoff_udp_rx_init(malloc(size), size, fd, &o, &err);
	if (!rx)
		die("segoff_udp_rx_init", strerror(-err));
}

static size_t trains_send(const struct packet *p, size_t n, int *error)
{
	struct segoff_udp_sent sent;
	size_t batch = n < BATCH ? n : BATCH;

	for (size_t i = 0; i < batch; i++) {
		piece[i].iov_base = (void *)(uintptr_t)p[i].bytes;
		piece[i].iov_len = p[i].len;
		dgram[i].iov = &piece[i];
		dgram[i].niov = 1;
		dgram[i].flags = SEGOFF_UDP_TOS;
		dgram[i].tos = (uint16_t)p[i].ecn;
	}
	segoff_udp_send(tx, dgram, batch, &sent);
	*error = sent.error;
	return sent.taken;
}

/* A train that the kernel cut is lost packets, which QUIC knows to mend. */
static int trains_receive(arrival arrived, void *ctx)
{
	struct segoff_udp_train train[NBUF];
	ssize_t n = segoff_udp_recv(rx, train, NBUF);
	int err = 0;

	for (ssize_t i = 0; i < n; i++)
		for (uint32_t k = 0; !err && k < train[i].count; k++) {
			struct iovec v = segoff_udp_datagram(&train[i], k);
			uint32_t ecn = train[i].tos < 0 ? 0 : train[i].tos & 3;

			err = arrived(ctx, v.iov_base, v.iov_len, ecn);
		}
	return n < 0 ? (int)n : err;
}

static void trains_count(struct wire_count *c)
{
	struct segoff_udp_tx_info t;
	struct segoff_udp_rx_info r;

	segoff_udp_tx_info(tx, &t);
	segoff_udp_rx_info(rx, &r);
	c->packets = t.in_trains + t.plain;
	c->calls = t.calls;
	c->trains = t.trains;
	c->in_trains = t.in_trains;
	c->received = r.datagrams;
	c->received_trains = r.trains;
	c->receive_calls = r.calls;
}

const struct wire wire_trains = { .name = "trains",
				  .open = trains_open,
				  .send = trains_send,
				  .receive = trains_receive,
				  .count = trains_count };

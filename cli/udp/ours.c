/* SPDX-License-Identifier: MIT */
/* ours.c - the library's ways of sending */
#include <errno.h>
#include <stdlib.h>

#include "load.h"

static bool make(struct load *l, uint32_t flags)
{
	struct segoff_udp_tx_opts o = { .sz = sizeof(o), .flags = flags };
	size_t size = segoff_udp_tx_size(&o);

	if (connect(l->fd, (const struct sockaddr *)&l->to->addr, l->to->len))
		return false;
	l->tx = segoff_udp_tx_init(malloc(size), size, l->fd, &o, NULL);
	return l->tx;
}

/* Datagrams that lie one behind the other, and are sent @n at once. */
static bool prepare(struct load *l, uint32_t flags, size_t n, bool mixed)
{
	l->ndgram = n;
	l->iov = calloc(n, sizeof(*l->iov));
	l->dgram = calloc(n, sizeof(*l->dgram));
	if (!l->iov || !l->dgram)
		return false;
	for (size_t i = 0; i < n; i++) {
		l->iov[i].iov_base = l->buf + i * l->size;
		l->iov[i].iov_len = mixed ? mixed_size(l, i) : l->size;
		l->dgram[i].iov = &l->iov[i];
		l->dgram[i].niov = 1;
	}
	return make(l, flags);
}

bool ours_plain_prepare(struct load *l)
{
	return prepare(l, SEGOFF_UDP_TX_PLAIN, LOAD_BATCH, false);
}

bool ours_prepare(struct load *l)
{
	return prepare(l, 0, l->train, false);
}

bool ours_option_prepare(struct load *l)
{
	return prepare(l, SEGOFF_UDP_TX_OPTION, l->train, false);
}

bool ours_trains_prepare(struct load *l)
{
	return prepare(l, 0, (size_t)LOAD_TRAINS * l->train, false);
}

bool ours_zerocopy_prepare(struct load *l)
{
	return prepare(l, SEGOFF_UDP_TX_ZEROCOPY, l->train, false);
}

bool ours_mixed_prepare(struct load *l)
{
	return prepare(l, 0, LOAD_BATCH, true);
}

/* The next train in memory; the array is filled anew, as a program would. */
static void next_train(struct load *l)
{
	uint8_t *p =
		l->buf + l->round++ % LOAD_BLOCKS * l->train * (size_t)l->size;

	for (size_t i = 0; i < l->train; i++, p += l->size)
		l->iov[i].iov_base = p;
}

/*
 * Single trains go through all of the memory; what bare ways send from one
 * place again and again comes from one place here, too.
 */
int ours_send(struct load *l)
{
	ssize_t n;

	if (l->ndgram == l->train)
		next_train(l);
	n = segoff_udp_send(l->tx, l->dgram, l->ndgram, &l->sent);
	l->calls += l->sent.calls;
	for (ssize_t i = 0; i < n; i++)
		l->bytes += l->iov[i].iov_len;
	return (int)n;
}

int ours_zerocopy(struct load *l)
{
	int n = ours_send(l);

	if (l->round % LOAD_BLOCKS == 0)
		segoff_udp_reap(l->tx);
	return n;
}

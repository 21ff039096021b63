/* SPDX-License-Identifier: MIT */
/*
 * segoff/udp.h - UDP sockets: UDP_SEGMENT and UDP_GRO that never surprise
 *
 * Send many datagrams, know which were taken:
 *
 *	tx = segoff_udp_tx_init(mem, size, fd, NULL, &err);
 *	n = segoff_udp_send(tx, dgram, count, &sent);
 *
 * The first n datagrams were taken, in order, each once; what stopped the rest
 * is in sent.error. Receive trains, see datagrams:
 *
 *	rx = segoff_udp_rx_init(mem, size, fd, &opts, &err);
 *	n = segoff_udp_recv(rx, train, 8);
 *	for each train, for (i = 0; i < train->count; i++)
 *		segoff_udp_datagram(train, i);
 *
 * Theory of operation
 * -------------------
 * Datagrams that follow each other, of equal size (the last may be shorter),
 * on one path and with equal attributes are a run. A run leaves as one train:
 * a single message with UDP_SEGMENT. One datagram alone never carries it.
 *
 * Whether trains work depends on the path: the destination's address, and the
 * source address and interface where they are given. Each path is in one of
 * four states:
 *
 *	inactive --train waits--> active --GSO send fails--> probe
 *	   ^ ^                                               |   |
 *	   | +------- plain send fails too: GSO is innocent -+   |
 *	   +--time, route change-- disabled <--plain send works--+
 *
 * In probe the datagrams that failed are sent again without UDP_SEGMENT, and
 * the answer decides who is to blame. EMSGSIZE never disables: it teaches the
 * size that fits. EAGAIN, EINTR, ENOBUFS and errors that belong to datagrams
 * sent earlier (ECONNREFUSED) blame nobody. What happens is counted by reason,
 * for each path.
 *
 * Nothing here allocates. One object serves one socket and one thread.
 */
#ifndef SEGOFF_UDP_H
#define SEGOFF_UDP_H

#include <segoff/udp_recv.h>
#include <segoff/udp_send.h>

#endif

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
 * What is left to the program, because only it can know:
 *
 * - Datagrams of one destination behind each other make long trains; those of
 *   many in turn make none. Order between destinations is the caller's.
 * - A plain datagram above the MTU leaves in fragments unless IP_MTU_DISCOVER
 *   forbids it (IP_PMTUDISC_DO, or PROBE to look for the MTU oneself); then it
 *   gives -EMSGSIZE. Trains are never fragmented.
 * - A full queue loses datagrams in silence, unless IP_RECVERR is set: then it
 *   gives -ENOBUFS. ICMP and time stamps come by the error queue.
 * - A train leaves in one burst: segoff_udp_tx_opts.segs and bytes bound it,
 *   @txtime spaces trains, where the device's queue is fq or etf; others send
 *   at once. SO_SNDBUF and SO_RCVBUF must hold some trains.
 * - Some kernels and devices take trains and spoil them, which no errno tells:
 *   who sees that large bursts do not arrive tells segoff_udp_tell()
 *   SEGOFF_UDP_TRAINS_LOST. SEGOFF_UDP_TX_PLAIN is the kill switch.
 * - UDP_GRO is for bulk. Where single datagrams are answered one by one it
 *   gains nothing and may cost: SEGOFF_UDP_RX_PLAIN.
 * - A capture on the sending host shows a train as one packet, above the MTU:
 *   that is before it is cut, and no fault.
 *
 * Nothing here allocates. One object serves one socket and one thread.
 */
#ifndef SEGOFF_UDP_H
#define SEGOFF_UDP_H

#include <segoff/udp_recv.h>
#include <segoff/udp_send.h>

#endif

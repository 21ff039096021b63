/* SPDX-License-Identifier: MIT */
/* rx.h - what a receiver keeps */
#ifndef SEGOFF_UDP_RX_H
#define SEGOFF_UDP_RX_H

#include <netinet/udp.h>
#include <sys/socket.h>

#include <segoff/udp_recv.h>

#include "../core/bytes.h"

#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/* UDP_GRO, TOS, PKTINFO of both families, timestamp, RXQ_OVFL; and some more */
#define SEGOFF__UDP_RX_CONTROL 256

/**
 * struct segoff_udp_rx - a receiver
 * @sys: system calls
 * @fd: the socket
 * @flags: of the options
 * @family: of the socket
 * @nbuf: buffers
 * @size: bytes of each
 * @buf: the first
 * @mm: one message for each
 * @iov: one piece for each
 * @name: one address for each
 * @control: room for control messages for each
 * @mmsg: it has recvmmsg()
 * @error: met behind what was received, for the next call
 * @info: counters
 */
struct segoff_udp_rx {
	const struct segoff_udp_sys *sys;
	int fd;
	uint32_t flags;
	int family;
	uint32_t nbuf;
	size_t size;
	uint8_t *buf;
	struct mmsghdr *mm;
	struct iovec *iov;
	struct sockaddr_in6 *name;
	uint8_t *control;
	bool mmsg;
	int error;
	struct segoff_udp_rx_info info;
};

/**
 * segoff__udp_view() - what a message that was received says
 * @t: receives it
 * @h: message
 * @len: its bytes
 *
 * No datagram is shown of a message that was cut. UDP_GRO's control message is
 * an int (udp_cmsg_recv()), whatever other programs read.
 */
void segoff__udp_view(struct segoff_udp_train *t, struct msghdr *h, size_t len);

#endif

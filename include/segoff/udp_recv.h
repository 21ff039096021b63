/* SPDX-License-Identifier: MIT */
/* segoff/udp_recv.h - receive trains, see datagrams */
#ifndef SEGOFF_UDP_RECV_H
#define SEGOFF_UDP_RECV_H

#include <segoff/udp_sys.h>

#ifdef __cplusplus
extern "C" {
#endif

/* segoff_udp_rx_opts.flags */
#define SEGOFF_UDP_RX_PLAIN    1u  /* UDP_GRO is switched off */
#define SEGOFF_UDP_RX_DST      2u  /* @dst and @ifindex of trains */
#define SEGOFF_UDP_RX_TOS      4u  /* @tos */
#define SEGOFF_UDP_RX_TIME     8u  /* @time */
#define SEGOFF_UDP_RX_DROPS    16u /* @drops */
#define SEGOFF_UDP_RX_SHORT    32u /* PLAIN: no datagram is above @size */
#define SEGOFF_UDP_RX_DONTWAIT 64u /* MSG_DONTWAIT */

/**
 * struct segoff_udp_rx_opts - how to receive
 * @sz: sizeof(struct segoff_udp_rx_opts), always to be set
 * @flags: SEGOFF_UDP_RX_*
 * @buf: receive buffers, one behind the other, the caller's
 * @size: bytes of each: SEGOFF_UDP_BUFFER at least, or the kernel could cut
 *	what it received; less only with PLAIN and SHORT together
 * @nbuf: how many, up to 1024: messages of one recvmmsg(2)
 * @sys: system calls; NULL: segoff_udp_sys_libc(). Must stay
 */
struct segoff_udp_rx_opts {
	uint32_t sz;
	uint32_t flags;
	void *buf;
	size_t size;
	uint32_t nbuf;
	const struct segoff_udp_sys *sys;
};

/**
 * struct segoff_udp_rx - a receiver
 *
 * Lives in the caller's memory.
 */
struct segoff_udp_rx;

/**
 * segoff_udp_rx_size() - how much memory a receiver takes, buffers aside
 * @o: options
 *
 * Return: bytes; 0 if the options make no sense.
 */
SEGOFF_API size_t segoff_udp_rx_size(const struct segoff_udp_rx_opts *o);

/**
 * segoff_udp_rx_init() - make a receiver for a socket
 * @mem: memory, aligned for uint64_t
 * @size: its bytes
 * @fd: a UDP socket; it stays the caller's
 * @o: options
 * @err: receives 0 or a negative errno; may be NULL
 *
 * Switches on what the options name. A kernel without UDP_GRO is no error:
 * trains then have one datagram.
 *
 * Return: the receiver, which is @mem; else NULL and @err is -EINVAL (options,
 * alignment), -EMSGSIZE (a buffer that the kernel could truncate), -ENOSPC
 * (@size is below segoff_udp_rx_size(@o)), -EAFNOSUPPORT, or what
 * getsockopt(2) or setsockopt(2) said.
 */
SEGOFF_API struct segoff_udp_rx *
segoff_udp_rx_init(void *mem, size_t size, int fd,
		   const struct segoff_udp_rx_opts *o, int *err);

/**
 * struct segoff_udp_train - datagrams that were received together
 * @data: their bytes, in the caller's buffer; good until the next call of
 *	segoff_udp_recv()
 * @len: all their bytes
 * @size: bytes of each, the last may be shorter; one datagram: @len
 * @count: how many; 0 if @error is set
 * @error: 0; -EMSGSIZE: the kernel cut it (MSG_TRUNC), it is lost;
 *	-ENOBUFS: control messages were cut (MSG_CTRUNC), and with them perhaps
 *	where one datagram ends; it is lost
 * @from: who sent them
 * @dst: DST: address they were sent to; IPv4 as v4-mapped
 * @ifindex: DST: interface they came by
 * @tos: TOS: TOS or traffic class; -1: not told
 * @drops: DROPS: datagrams that the socket has dropped so far, modulo 2^32
 * @time: TIME: nanoseconds of CLOCK_REALTIME; 0: not told
 */
struct segoff_udp_train {
	const uint8_t *data;
	size_t len;
	uint32_t size;
	uint32_t count;
	int error;
	int tos;
	const struct sockaddr *from;
	struct in6_addr dst;
	uint32_t ifindex;
	uint32_t drops;
	uint64_t time;
};

/**
 * segoff_udp_recv() - receive trains
 * @r: receiver
 * @train: receives them
 * @n: room there
 *
 * Waits for the first, unless the socket or DONTWAIT says otherwise, and takes
 * what else is there (MSG_WAITFORONE).
 *
 * Return: how many, those with an error included; -EAGAIN, -EINTR,
 * -ECONNREFUSED and others as in recvmsg(2).
 */
SEGOFF_API ssize_t segoff_udp_recv(struct segoff_udp_rx *r,
				   struct segoff_udp_train *train, size_t n);

/**
 * segoff_udp_datagram() - one datagram of a train
 * @t: train
 * @i: which, below @t->count
 *
 * Return: where it is and its length; it is not copied.
 */
static inline struct iovec segoff_udp_datagram(const struct segoff_udp_train *t,
					       uint32_t i)
{
	size_t at = (size_t)i * t->size;
	struct iovec v;

	v.iov_base = (void *)(uintptr_t)(t->data + at);
	v.iov_len = i + 1 < t->count ? t->size : t->len - at;
	return v;
}

/**
 * struct segoff_udp_rx_info - counters of a receiver
 * @calls: system calls that receive
 * @trains: messages of more than one datagram
 * @datagrams: all datagrams handed out
 * @bytes: their bytes
 * @truncated: messages lost to MSG_TRUNC
 * @control_truncated: messages lost to MSG_CTRUNC
 * @gro: UDP_GRO is on
 */
struct segoff_udp_rx_info {
	uint64_t calls;
	uint64_t trains;
	uint64_t datagrams;
	uint64_t bytes;
	uint64_t truncated;
	uint64_t control_truncated;
	bool gro;
};

/**
 * segoff_udp_rx_info() - counters of a receiver
 * @r: receiver
 * @i: receives them
 */
SEGOFF_API void segoff_udp_rx_info(const struct segoff_udp_rx *r,
				   struct segoff_udp_rx_info *i);

#ifdef __cplusplus
}
#endif

#endif

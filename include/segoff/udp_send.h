/* SPDX-License-Identifier: MIT */
/* segoff/udp_send.h - send datagrams in trains */
#ifndef SEGOFF_UDP_SEND_H
#define SEGOFF_UDP_SEND_H

#include <segoff/udp_path.h>

#ifdef __cplusplus
extern "C" {
#endif

/* segoff_udp_dgram.flags */
#define SEGOFF_UDP_TOS 1u /* @tos is given */

/**
 * struct segoff_udp_dgram - one datagram to be sent
 * @iov: its bytes, in pieces that may lie anywhere
 * @niov: how many pieces
 * @to: destination, AF_INET or AF_INET6; NULL: the socket is connected
 * @from: source address (the port is ignored), NULL: the kernel's choice. Of
 *	the family of @to
 * @txtime: when it leaves, on the clock of SO_TXTIME; 0: at once. Needs
 *	segoff_udp_tx_opts.txtime
 * @ifindex: interface it leaves by; 0: the route's
 * @flags: SEGOFF_UDP_TOS
 * @tos: with SEGOFF_UDP_TOS: TOS or traffic class, ECN in its two low bits
 *
 * Zero is the default of all but @iov and @niov. Datagrams that refer to the
 * same @to and @from by the same pointers are grouped quickest.
 */
struct segoff_udp_dgram {
	const struct iovec *iov;
	size_t niov;
	const struct sockaddr *to;
	const struct sockaddr *from;
	uint64_t txtime;
	uint32_t ifindex;
	uint16_t flags;
	uint16_t tos;
};

/* segoff_udp_tx_opts.flags */
#define SEGOFF_UDP_TX_PLAIN    1u  /* no UDP_SEGMENT: a kill switch */
#define SEGOFF_UDP_TX_OPTION   2u  /* socket option in place of the cmsg */
#define SEGOFF_UDP_TX_ZEROCOPY 4u  /* MSG_ZEROCOPY where it pays */
#define SEGOFF_UDP_TX_DONTWAIT 8u  /* MSG_DONTWAIT */
#define SEGOFF_UDP_TX_TXTIME   16u /* SO_TXTIME, by @clock */
#define SEGOFF_UDP_TX_ERRQUEUE 32u /* the caller reads the error queue */

/* segoff_udp_tx_opts.retry: DISABLED for good, as long as there is no news */
#define SEGOFF_UDP_NEVER UINT32_MAX

/**
 * struct segoff_udp_tx_opts - how to send
 * @sz: sizeof(struct segoff_udp_tx_opts), always to be set
 * @flags: SEGOFF_UDP_TX_*
 * @paths: paths remembered at once, rounded up to a power of two; 0: 64
 * @batch: messages of one sendmmsg(2), up to 1024; 0: 64
 * @segs: datagrams of a train at most, a limit for bursts; 0: what the kernel
 *	takes
 * @bytes: bytes of a train at most; 0: what the kernel takes
 * @retry: milliseconds until a disabled path, or a size that EMSGSIZE taught,
 *	is tried again; doubled each time up to 1024-fold; 0: 1000
 * @clock: TXTIME: CLOCK_MONOTONIC or CLOCK_TAI, as clockid_t
 * @sys: system calls; NULL: segoff_udp_sys_libc(). Must stay
 *
 * OPTION saves the control message where all datagrams have one size on a
 * connected socket; the option is the sender's own from then on, and
 * segoff_udp_tx_end() resets it. ZEROCOPY: bytes must stay until
 * segoff_udp_reap() says so. ERRQUEUE: for who wants other messages of the
 * socket's error queue (IP_RECVERR, SO_TIMESTAMPING, SO_TXTIME's errors): it is
 * never read here, and what the caller reads is shown to segoff_udp_errqueue().
 */
struct segoff_udp_tx_opts {
	uint32_t sz;
	uint32_t flags;
	uint32_t paths;
	uint32_t batch;
	uint32_t segs;
	uint32_t bytes;
	uint32_t retry;
	uint32_t clock;
	const struct segoff_udp_sys *sys;
};

/**
 * struct segoff_udp_tx - a sender
 *
 * Lives in the caller's memory.
 */
struct segoff_udp_tx;

/**
 * segoff_udp_tx_size() - how much memory a sender takes
 * @o: options; NULL: defaults
 *
 * Return: bytes; 0 if the options make no sense.
 */
SEGOFF_API size_t segoff_udp_tx_size(const struct segoff_udp_tx_opts *o);

/**
 * segoff_udp_tx_init() - make a sender for a socket
 * @mem: memory, aligned for uint64_t
 * @size: its bytes
 * @fd: a UDP socket; it stays the caller's
 * @o: options; NULL: defaults
 * @err: receives 0 or a negative errno; may be NULL
 *
 * Asks the socket for its family and whether the kernel knows UDP_SEGMENT: old
 * kernels take the control message without a word and send one huge datagram.
 *
 * Return: the sender, which is @mem; else NULL and @err is -EINVAL (options,
 * alignment), -ENOSPC (@size is below segoff_udp_tx_size(@o)),
 * -EAFNOSUPPORT (neither AF_INET nor AF_INET6), or what getsockopt(2) or, for
 * TXTIME, setsockopt(2) said. That zerocopy is missing is no error.
 */
SEGOFF_API struct segoff_udp_tx *
segoff_udp_tx_init(void *mem, size_t size, int fd,
		   const struct segoff_udp_tx_opts *o, int *err);

/**
 * segoff_udp_tx_end() - leave a socket that cuts nothing
 * @t: sender
 *
 * Sets UDP_SEGMENT of the socket to 0, if it is anything else; a socket that
 * lives on would cut later datagrams by it. What is corked must have been
 * pushed.
 */
SEGOFF_API void segoff_udp_tx_end(struct segoff_udp_tx *t);

/**
 * struct segoff_udp_sent - what segoff_udp_send() did
 * @taken: datagrams that the kernel took: the first ones, each once
 * @trains: messages with UDP_SEGMENT among what was taken
 * @in_trains: datagrams in them
 * @calls: system calls that send
 * @error: 0, or the negative errno of the first datagram not taken
 * @earlier: 0, or a negative errno that belongs to a datagram sent earlier
 *	(ICMP), where sending went on. -EMSGSIZE: a router has less room; IP_MTU
 *	of a connected socket says how much
 * @zerocopy: bytes may be reused when segoff_udp_reap() has reached this
 */
struct segoff_udp_sent {
	size_t taken;
	size_t trains;
	size_t in_trains;
	size_t calls;
	int error;
	int earlier;
	uint32_t zerocopy;
};

/**
 * segoff_udp_send() - send datagrams
 * @t: sender
 * @d: datagrams, in order
 * @n: how many
 * @s: receives what was done; may be NULL
 *
 * Ends at the first datagram that is not taken. It was not sent, nor was any
 * behind it: send again from there, or leave it out.
 *
 * Return: how many were taken; if none was, the error (0 if @n is 0):
 *
 * -EAGAIN	no room in the socket: wait for POLLOUT. SO_SNDBUF should hold
 *		two batches of trains; four trains fill Linux's default
 * -EINTR	a signal came
 * -ENOBUFS, -ENOMEM	a queue is full, or zerocopy's limits: wait for some
 *		time, POLLOUT does not tell
 * -EMSGSIZE	above what the path takes whole (DF is set) or what UDP takes, or
 *		in more than 1024 pieces
 * -EPERM	a firewall; the datagram is lost if it is left out, no more
 * -ECONNREFUSED, -EHOSTUNREACH, -ENETUNREACH, -ENETDOWN, -EHOSTDOWN,
 *	-ENONET, -ENODEV, -EACCES, -EDESTADDRREQ, -EADDRNOTAVAIL	as in
 *		sendmsg(2), after a second try where the error may be that of an
 *		earlier datagram
 * -EINVAL	@txtime without TXTIME, @tos above 255, a source address of the
 *		other family or that is no longer ours (IPv6)
 * -EAFNOSUPPORT	an address that is neither AF_INET nor AF_INET6
 * -EBUSY	a train is corked: push it first
 * others	as sendmsg(2) gives them without UDP_SEGMENT, too
 */
SEGOFF_API ssize_t segoff_udp_send(struct segoff_udp_tx *t,
				   const struct segoff_udp_dgram *d, size_t n,
				   struct segoff_udp_sent *s);

/**
 * segoff_udp_cork() - append one datagram to a train that grows in the kernel
 * @t: sender
 * @d: datagram; its bytes, pieces and addresses must stay until
 *	segoff_udp_push()
 *
 * For who gets datagrams one by one: they are copied while they come
 * (MSG_MORE), and leave together. The newest is held back until the next comes
 * or the train is pushed. Until then segoff_udp_send() says -EBUSY.
 *
 * Return: 0; -ENOSPC if it does not fit the train (size, path, attributes,
 * limits): push, then try again. Nothing else fails here.
 */
SEGOFF_API int segoff_udp_cork(struct segoff_udp_tx *t,
			       const struct segoff_udp_dgram *d);

/**
 * segoff_udp_push() - let the train go
 * @t: sender
 * @s: receives what was done; may be NULL
 *
 * A kernel that refuses the train has dropped all of it: then its datagrams
 * go the way of segoff_udp_send(). What is not taken stays corked, for another
 * push or for segoff_udp_drop().
 *
 * Return: as segoff_udp_send().
 */
SEGOFF_API ssize_t segoff_udp_push(struct segoff_udp_tx *t,
				   struct segoff_udp_sent *s);

/**
 * segoff_udp_drop() - forget what is corked after a push that failed
 * @t: sender
 * @n: how many of the oldest
 *
 * Return: how many are left.
 */
SEGOFF_API size_t segoff_udp_drop(struct segoff_udp_tx *t, size_t n);

/**
 * segoff_udp_reap() - which bytes of zerocopy sends are free again
 * @t: sender
 *
 * Reads completions from the socket's error queue, without waiting; poll(2)
 * says POLLERR when there are some. Whether the kernel copied after all is
 * learnt here: then MSG_ZEROCOPY is left out for a while.
 *
 * A queue is read in its order, so messages about other things that lie among
 * the completions are taken from it, too, and are lost; they are counted
 * (segoff_udp_tx_info.others). segoff_udp_send() calls this when zerocopy meets
 * a limit (ENOBUFS). Nothing is read while no zerocopy send is under way. Who
 * wants those messages sets SEGOFF_UDP_TX_ERRQUEUE: then this reads nothing,
 * and only says what segoff_udp_errqueue() was shown.
 *
 * Return: completions in order so far; modulo 2^32, like
 * segoff_udp_sent.zerocopy.
 */
SEGOFF_API uint32_t segoff_udp_reap(struct segoff_udp_tx *t);

/* Room for control messages with which no completion is cut. */
#define SEGOFF_UDP_ERRQUEUE_CONTROL 256

/**
 * segoff_udp_errqueue() - show a message that was read from the error queue
 * @t: sender
 * @m: as recvmsg(2) with MSG_ERRQUEUE gave it, its msg_control with room for
 *	SEGOFF_UDP_ERRQUEUE_CONTROL bytes
 *
 * For who set SEGOFF_UDP_TX_ERRQUEUE. What segoff_udp_reap() says afterwards
 * includes it.
 *
 * Return: true if it was about zerocopy sends: it is dealt with; false if it
 * is about something else: it is the caller's.
 */
SEGOFF_API bool segoff_udp_errqueue(struct segoff_udp_tx *t,
				    const struct msghdr *m);

/* enum segoff_udp_news - what the caller knows and the kernel does not say */
enum segoff_udp_news {
	SEGOFF_UDP_ROUTE_CHANGED = 0, /* forget what was learnt, try again;
					 also: connect(2) to another peer */
	SEGOFF_UDP_TRAINS_LOST,	      /* they were taken, and did not arrive */
	SEGOFF_UDP_SWITCH_OFF,	      /* no trains, until SWITCH_ON */
	SEGOFF_UDP_SWITCH_ON,
	SEGOFF_UDP_NEWS
};

/**
 * segoff_udp_tell() - news about a path
 * @t: sender
 * @d: a datagram on it (@iov is not looked at); NULL: all paths, and those not
 *	met yet
 * @news: enum segoff_udp_news
 *
 * A switch for one path holds as long as the path is remembered
 * (segoff_udp_tx_opts.paths); one for all holds for those to come, too.
 *
 * Return: 0; -EINVAL for unknown news; -EAFNOSUPPORT for an address of another
 * family.
 */
SEGOFF_API int segoff_udp_tell(struct segoff_udp_tx *t,
			       const struct segoff_udp_dgram *d,
			       unsigned int news);

/**
 * struct segoff_udp_path_info - what is known of a path
 * @to: destination; IPv4 as v4-mapped; all zero: the connected peer
 * @from: source, all zero if not given
 * @ifindex: interface, 0 if not given
 * @state: enum segoff_udp_state
 * @reason: of the last transition, enum segoff_udp_reason
 * @last_errno: that led there, positive; 0: none
 * @max_size: size of datagram above which trains do not fit; 0: not met
 * @max_bytes: bytes of a train at most
 * @trains: trains taken
 * @in_trains: datagrams in them
 * @plain: datagrams taken without UDP_SEGMENT
 * @count: how often each reason was met
 */
struct segoff_udp_path_info {
	struct in6_addr to;
	struct in6_addr from;
	uint32_t ifindex;
	uint32_t state;
	uint32_t reason;
	int last_errno;
	uint32_t max_size;
	uint32_t max_bytes;
	uint64_t trains;
	uint64_t in_trains;
	uint64_t plain;
	uint32_t count[SEGOFF_UDP_REASONS];
};

/**
 * segoff_udp_path() - what is known of the path of a datagram
 * @t: sender
 * @d: a datagram on it (@iov is not looked at)
 * @i: receives it
 *
 * Return: 0; -ENOENT if it is not remembered; -EAFNOSUPPORT for an address of
 * another family.
 */
SEGOFF_API int segoff_udp_path(const struct segoff_udp_tx *t,
			       const struct segoff_udp_dgram *d,
			       struct segoff_udp_path_info *i);

/**
 * segoff_udp_path_at() - all paths, one by one
 * @t: sender
 * @at: 0 at first, then what was returned
 * @i: receives the next one
 *
 * Return: where to go on; 0 if there is no other (@i is not written).
 */
SEGOFF_API size_t segoff_udp_path_at(const struct segoff_udp_tx *t, size_t at,
				     struct segoff_udp_path_info *i);

/**
 * struct segoff_udp_tx_info - a sender as a whole
 * @trains: trains taken
 * @in_trains: datagrams in them
 * @plain: datagrams taken without UDP_SEGMENT
 * @calls: system calls that send
 * @count: how often each reason was met, paths that were forgotten included
 * @evicted: paths that had to make room for others
 * @segs: datagrams that the kernel takes in a train: 64 or 128; 0: not known
 *	yet; 1: it has no UDP_SEGMENT
 * @gso: trains may leave
 * @mmsg: the kernel has sendmmsg(2), as far as is known
 * @zerocopy: MSG_ZEROCOPY is in use at present
 * @copied: completions that say that the kernel copied after all
 * @completed: completions
 * @others: messages of the error queue that segoff_udp_reap() met among them,
 *	and that are lost
 */
struct segoff_udp_tx_info {
	uint64_t trains;
	uint64_t in_trains;
	uint64_t plain;
	uint64_t calls;
	uint64_t count[SEGOFF_UDP_REASONS];
	uint64_t evicted;
	uint32_t segs;
	bool gso;
	bool mmsg;
	bool zerocopy;
	uint64_t copied;
	uint64_t completed;
	uint64_t others;
};

/**
 * segoff_udp_tx_info() - counters and limits of a sender
 * @t: sender
 * @i: receives them
 */
SEGOFF_API void segoff_udp_tx_info(const struct segoff_udp_tx *t,
				   struct segoff_udp_tx_info *i);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* tx.h - what a sender keeps */
#ifndef SEGOFF_UDP_TX_H
#define SEGOFF_UDP_TX_H

#include <netinet/udp.h>
#include <sys/socket.h>

#include <segoff/udp_send.h>

#include "path.h"
#include "run.h"

#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

#define SEGOFF__UDP_IOVS 1024 /* UIO_MAXIOV: pieces of a message */
/* UDP_SEGMENT, TOS, PKTINFO of IPv6, TXTIME */
#define SEGOFF__UDP_CONTROL 128
#define SEGOFF__UDP_FLIGHT  256 /* zerocopy sends that are under way */

/**
 * struct segoff__udp_msg - a message that was built
 * @path: its path
 * @n: datagrams in it
 * @bytes: bytes of all
 * @size: of a train: bytes of each; 0: one by itself
 */
struct segoff__udp_msg {
	struct segoff__udp_path *path;
	uint32_t n;
	uint32_t bytes;
	uint32_t size;
};

/**
 * struct segoff__udp_zerocopy - sends whose bytes the kernel still reads
 * @on: SO_ZEROCOPY is set
 * @next: number of the next send
 * @done: all before this are complete
 * @seen: bits of those behind @done that are complete, by number modulo
 * @off_until: left out until then, ns
 * @copies: completions in a row that said copied
 * @copied: all of them
 * @completed: completions
 * @others: messages of the error queue that were none, and are lost
 */
struct segoff__udp_zerocopy {
	bool on;
	uint32_t next;
	uint32_t done;
	uint64_t seen[SEGOFF__UDP_FLIGHT / 64];
	uint64_t off_until;
	uint32_t copies;
	uint64_t copied;
	uint64_t completed;
	uint64_t others;
};

/**
 * struct segoff__udp_cork - datagrams that were appended
 * @d: they
 * @n: how many
 * @fed: how many of them are in the kernel
 * @bytes: of all
 * @size: of the first
 * @closed: the last one is shorter: nothing may follow
 * @plain: they are not fed to the kernel (any more)
 */
struct segoff__udp_cork {
	struct segoff_udp_dgram d[SEGOFF_UDP_SEGS];
	uint32_t n;
	uint32_t fed;
	size_t bytes;
	size_t size;
	bool closed;
	bool plain;
};

/**
 * struct segoff_udp_tx - a sender
 * @sys: system calls
 * @fd: the socket
 * @flags: of the options
 * @family: of the socket
 * @batch: messages of a call
 * @segs_wanted: limit of the options
 * @bytes_wanted: likewise
 * @retry: of the options, in ns; 0: never
 * @segs: 64 or 128, once known; 0 before
 * @segs_sure: a train has proved it
 * @kernel: it has UDP_SEGMENT
 * @off: switched off
 * @mmsg: it has sendmmsg()
 * @zero: the batch being built is for MSG_ZEROCOPY
 * @again: an error that may be of an earlier datagram was met just now
 * @option: UDP_SEGMENT as set on the socket, OPTION
 * @option_last: size of the last train
 * @now: the time of this batch; 0: not asked yet
 * @stamp: number of this batch
 * @nmsg: messages built
 * @niov: pieces used
 * @mask: number of paths less one
 */
struct segoff_udp_tx {
	const struct segoff_udp_sys *sys;
	int fd;
	uint32_t flags;
	int family;
	uint32_t batch;
	uint32_t segs_wanted;
	uint32_t bytes_wanted;
	uint64_t retry;
	uint32_t segs;
	bool segs_sure;
	bool kernel;
	bool off;
	bool mmsg;
	bool zero;
	bool again;
	uint32_t option;
	uint32_t option_last;
	uint64_t now;
	uint32_t stamp;
	uint32_t nmsg;
	uint32_t niov;
	size_t mask;
	struct segoff__udp_path *paths;
	struct segoff__udp_path *last;
	struct segoff__udp_msg *msg;
	struct mmsghdr *mm;
	uint8_t *control;
	struct iovec *iov;
	uint64_t calls;
	uint64_t evicted;
	struct segoff_udp_tx_info gone; /* of paths that were forgotten */
	struct segoff__udp_zerocopy zc;
	struct segoff__udp_cork cork;
};

/* May trains leave at all? */
SEGOFF__INLINE bool segoff__udp_gso(const struct segoff_udp_tx *t)
{
	return t->kernel && !t->off;
}

/* The time, asked for once in a batch. */
uint64_t segoff__udp_time(struct segoff_udp_tx *t);

/**
 * segoff__udp_happen() - something happened to a path
 * @t: sender
 * @p: path
 * @e: enum segoff__udp_event
 * @err: FAULT: errno
 * @limit: SIZE, BYTES: what may fit
 */
void segoff__udp_happen(struct segoff_udp_tx *t, struct segoff__udp_path *p,
			unsigned int e, int err, uint32_t limit);

/**
 * segoff__udp_find() - the path of a datagram, made if it is new
 * @t: sender
 * @d: datagram
 * @out: receives it; NULL if there is only room in the next batch
 *
 * Return: 0 or -EAFNOSUPPORT.
 */
int segoff__udp_find(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d,
		     struct segoff__udp_path **out);

/* The path if it is remembered, or NULL. */
struct segoff__udp_path *segoff__udp_look(const struct segoff_udp_tx *t,
					  const struct segoff__udp_key *k);

/* Which family leaves on a path, and so how much; a peer may have changed. */
void segoff__udp_family(const struct segoff_udp_tx *t,
			struct segoff__udp_path *p);

/**
 * segoff__udp_limits() - what a train on a path may be
 * @t: sender
 * @p: path
 *
 * In states other than active nothing but single datagrams.
 */
struct segoff__udp_limit segoff__udp_limits(const struct segoff_udp_tx *t,
					    const struct segoff__udp_path *p);

/**
 * segoff__udp_build() - make messages of datagrams
 * @t: sender; its messages are replaced
 * @d: datagrams
 * @n: how many
 *
 * Return: 0; or the error of the first datagram for which none was made.
 */
int segoff__udp_build(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d,
		      size_t n);

/**
 * segoff__udp_control() - control messages of a datagram or train
 * @t: sender
 * @h: message, msg_control has room for SEGOFF__UDP_CONTROL; msg_controllen is
 *	set
 * @d: attributes
 * @v4: IPv4 is what leaves
 * @size: UDP_SEGMENT, if it is to be given; -1: not
 *
 * Return: 0; -EINVAL if an attribute cannot be said.
 */
int segoff__udp_control(const struct segoff_udp_tx *t, struct msghdr *h,
			const struct segoff_udp_dgram *d, bool v4, int size);

/**
 * segoff__udp_submit() - send what was built
 * @t: sender
 *
 * Return: messages taken, at least 1, or a negative errno.
 */
int segoff__udp_submit(struct segoff_udp_tx *t);

/**
 * segoff__udp_blame() - the first message built has failed: what now?
 * @t: sender
 * @err: negative errno
 * @s: what was done
 *
 * Return: 0: try again; else the error is the caller's.
 */
int segoff__udp_blame(struct segoff_udp_tx *t, int err,
		      struct segoff_udp_sent *s);

/* segoff_udp_send(), whether datagrams are corked or not. */
ssize_t segoff__udp_send(struct segoff_udp_tx *t,
			 const struct segoff_udp_dgram *d, size_t n,
			 struct segoff_udp_sent *out);

/* Set UDP_SEGMENT on the socket. */
void segoff__udp_option(struct segoff_udp_tx *t, uint32_t size);

/* May a message of these bytes, in these pieces, go by MSG_ZEROCOPY? */
bool segoff__udp_zero(struct segoff_udp_tx *t, size_t bytes,
		      const struct iovec *iov, size_t niov);

/* Leave MSG_ZEROCOPY out for a while. */
void segoff__udp_zero_rest(struct segoff_udp_tx *t);

#endif

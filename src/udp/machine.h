/* SPDX-License-Identifier: MIT */
/* machine.h - the states of a path and what moves it between them */
#ifndef SEGOFF_UDP_MACHINE_H
#define SEGOFF_UDP_MACHINE_H

#include <segoff/udp_path.h>

#include "../core/bytes.h"

/* What can happen to a path. */
enum segoff__udp_event {
	SEGOFF__UDP_TRAIN = 0,	 /* more than one datagram could leave as one */
	SEGOFF__UDP_TAKEN,	 /* the kernel took a train */
	SEGOFF__UDP_WAIT,	 /* EAGAIN, EINTR */
	SEGOFF__UDP_NOBUFS,	 /* ENOBUFS, ENOMEM */
	SEGOFF__UDP_EARLIER,	 /* an error that may be of an earlier one */
	SEGOFF__UDP_SIZE,	 /* a train's datagrams are too large for it */
	SEGOFF__UDP_BYTES,	 /* a train is too large as a whole */
	SEGOFF__UDP_SEGS,	 /* a train has too many datagrams */
	SEGOFF__UDP_FAULT,	 /* a train failed otherwise */
	SEGOFF__UDP_PLAIN_TAKEN, /* the kernel took a datagram by itself */
	SEGOFF__UDP_PLAIN_FAULT, /* one by itself failed */
	SEGOFF__UDP_AGED,	 /* it is time to try again */
	SEGOFF__UDP_ROUTE,	 /* news of the caller */
	SEGOFF__UDP_LOSS,
	SEGOFF__UDP_OFF,
	SEGOFF__UDP_ON,
	SEGOFF__UDP_KERNEL, /* there is no UDP_SEGMENT */
	SEGOFF__UDP_EVENTS
};

/**
 * struct segoff__udp_machine - a path's state
 * @state: enum segoff_udp_state
 * @reason: of the last transition
 * @tries: how often it was disabled or taught in a row: for the back-off
 * @err: errno that led here
 * @max_size: largest datagram of a train
 * @max_bytes: most bytes of a train
 * @whole: @max_bytes as long as nothing was learnt
 * @retry_at: when what was learnt is forgotten; 0: it is not
 * @count: by reason
 */
struct segoff__udp_machine {
	uint8_t state;
	uint8_t reason;
	uint8_t tries;
	int err;
	uint32_t max_size;
	uint32_t max_bytes;
	uint32_t whole;
	uint64_t retry_at;
	uint32_t count[SEGOFF_UDP_REASONS];
};

/**
 * struct segoff__udp_happened - the circumstances of an event
 * @err: FAULT: errno
 * @limit: SIZE: largest datagram that may fit; BYTES: bytes that may
 * @now: the time, ns
 * @retry: ns until the first try after that; 0: never
 */
struct segoff__udp_happened {
	int err;
	uint32_t limit;
	uint64_t now;
	uint64_t retry;
};

/* Nothing is known yet; @whole: bytes that the kernel takes in one message. */
void segoff__udp_machine_init(struct segoff__udp_machine *m, uint32_t whole);

/**
 * segoff__udp_step() - something has happened
 * @m: the path's state
 * @e: enum segoff__udp_event
 * @h: circumstances
 *
 * Return: the reason that was counted; SEGOFF_UDP_R_NEW if nothing was.
 */
unsigned int segoff__udp_step(struct segoff__udp_machine *m, unsigned int e,
			      const struct segoff__udp_happened *h);

/* Has the time come to forget what was learnt? */
SEGOFF__INLINE bool segoff__udp_due(const struct segoff__udp_machine *m,
				    uint64_t now)
{
	return m->retry_at && now >= m->retry_at;
}

#endif

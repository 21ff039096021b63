/* SPDX-License-Identifier: MIT */
/*
 * machine.c - the states of a path and what moves it between them
 *
 * Theory of operation
 *
 * A table says for every state and event where it leads and which reason is
 * counted. What an event teaches (a size, a time to try again) is done by the
 * reason, in one place. No system call is made here and no clock is read, so
 * that a test can go through all pairs.
 *
 * Trains fail for reasons of their own (EIO, EINVAL, EPERM) and for reasons
 * that every datagram has. Which it was only a second send can tell: so a
 * failed train makes the path a probe, and the next plain datagram on it is
 * the answer.
 */
#include "machine.h"

#include <errno.h>

/* A number that fits the table for each. */
enum {
	INACTIVE = SEGOFF_UDP_INACTIVE,
	ACTIVE = SEGOFF_UDP_ACTIVE,
	PROBE = SEGOFF_UDP_PROBE,
	DISABLED = SEGOFF_UDP_DISABLED,
	STAYS = SEGOFF_UDP_STATES,
};

struct move {
	uint8_t next;
	uint8_t reason;
};

#define MOVE(e, next, why) [SEGOFF__UDP_##e] = { next, SEGOFF_UDP_R_##why }

/* What is the same in every state. */
#define NEUTRAL                                           \
	MOVE(TAKEN, STAYS, NEW), MOVE(WAIT, STAYS, WAIT), \
		MOVE(NOBUFS, STAYS, NOBUFS), MOVE(EARLIER, STAYS, EARLIER)

#define SWITCHES                                                  \
	MOVE(ROUTE, INACTIVE, ROUTE), MOVE(LOSS, DISABLED, LOSS), \
		MOVE(OFF, DISABLED, OFF), MOVE(KERNEL, DISABLED, KERNEL)

/* Answers to trains when there is none under way: nothing is learnt. */
#define NO_TRAIN                                         \
	MOVE(SIZE, STAYS, NEW), MOVE(BYTES, STAYS, NEW), \
		MOVE(SEGS, STAYS, NEW), MOVE(FAULT, STAYS, NEW)

/* Answers to plain datagrams when nobody has asked. */
#define NO_PROBE MOVE(PLAIN_TAKEN, STAYS, NEW), MOVE(PLAIN_FAULT, STAYS, NEW)

/* PROBE_EIO and EIO stand for the whole group of four, by errno. */
static const struct move moves[SEGOFF_UDP_STATES][SEGOFF__UDP_EVENTS] = {
	[SEGOFF_UDP_INACTIVE] = { NEUTRAL, SWITCHES, NO_TRAIN, NO_PROBE,
				  MOVE(TRAIN, ACTIVE, TRAIN),
				  MOVE(AGED, STAYS, AGED),
				  MOVE(ON, STAYS, NEW) },
	[SEGOFF_UDP_ACTIVE] = { NEUTRAL, SWITCHES, NO_PROBE,
				MOVE(TRAIN, STAYS, NEW),
				MOVE(SIZE, STAYS, SIZE),
				MOVE(BYTES, STAYS, BYTES),
				MOVE(SEGS, STAYS, SEGS),
				MOVE(FAULT, PROBE, PROBE_EIO),
				MOVE(AGED, STAYS, AGED), MOVE(ON, STAYS, NEW) },
	[SEGOFF_UDP_PROBE] = { NEUTRAL, SWITCHES, NO_TRAIN,
			       MOVE(TRAIN, STAYS, NEW),
			       MOVE(PLAIN_TAKEN, DISABLED, EIO),
			       MOVE(PLAIN_FAULT, INACTIVE, INNOCENT),
			       MOVE(AGED, STAYS, AGED), MOVE(ON, STAYS, NEW) },
	[SEGOFF_UDP_DISABLED] = { NEUTRAL, SWITCHES, NO_TRAIN, NO_PROBE,
				  MOVE(TRAIN, STAYS, NEW),
				  MOVE(AGED, INACTIVE, AGED),
				  MOVE(ON, INACTIVE, ON) },
};

static unsigned int by_errno(unsigned int reason, int err)
{
	switch (err) {
	case EIO:
		return reason;
	case EINVAL:
		return reason + 1;
	case EPERM:
		return reason + 2;
	default:
		return reason + 3;
	}
}

static void forget(struct segoff__udp_machine *m)
{
	m->max_size = UINT16_MAX;
	m->max_bytes = m->whole;
	m->retry_at = 0;
}

/*
 * Twice as long each time, up to 1024 times. What is learnt before the time
 * has come to try again (a size, and another one) is one time.
 */
static void try_later(struct segoff__udp_machine *m,
		      const struct segoff__udp_happened *h)
{
	if (!m->retry_at && m->tries <= 10)
		m->tries++;
	m->retry_at = h->retry ? h->now + (h->retry << (m->tries - 1)) : 0;
}

/* What a transition teaches, besides the state. */
static void learn(struct segoff__udp_machine *m, unsigned int reason,
		  const struct segoff__udp_happened *h)
{
	switch (reason) {
	case SEGOFF_UDP_R_SIZE:
		m->max_size = h->limit;
		try_later(m, h);
		break;
	case SEGOFF_UDP_R_BYTES:
		m->max_bytes = h->limit;
		try_later(m, h);
		break;
	case SEGOFF_UDP_R_EIO:
	case SEGOFF_UDP_R_EINVAL:
	case SEGOFF_UDP_R_EPERM:
	case SEGOFF_UDP_R_OTHER:
	case SEGOFF_UDP_R_LOSS:
		try_later(m, h);
		break;
	case SEGOFF_UDP_R_OFF:
	case SEGOFF_UDP_R_KERNEL:
		m->retry_at = 0;
		break;
	case SEGOFF_UDP_R_ROUTE:
	case SEGOFF_UDP_R_ON:
		m->tries = 0;
		forget(m);
		break;
	case SEGOFF_UDP_R_AGED:
		forget(m);
		break;
	default:
		break;
	}
}

static unsigned int reason_of(const struct segoff__udp_machine *m,
			      const struct move *v,
			      const struct segoff__udp_happened *h)
{
	if (v->reason == SEGOFF_UDP_R_PROBE_EIO)
		return by_errno(v->reason, h->err);
	if (v->reason == SEGOFF_UDP_R_EIO)
		return by_errno(v->reason, m->err);
	return v->reason;
}

/* Of what is only counted the state keeps nothing. */
static bool only_counted(unsigned int reason)
{
	return reason == SEGOFF_UDP_R_WAIT || reason == SEGOFF_UDP_R_NOBUFS ||
	       reason == SEGOFF_UDP_R_EARLIER;
}

void segoff__udp_machine_init(struct segoff__udp_machine *m, uint32_t whole)
{
	memset(m, 0, sizeof(*m));
	m->whole = whole;
	forget(m);
}

unsigned int segoff__udp_step(struct segoff__udp_machine *m, unsigned int e,
			      const struct segoff__udp_happened *h)
{
	const struct move *v = &moves[m->state][e];
	unsigned int reason = reason_of(m, v, h);

	/* a train that passes at full size ends the back-off */
	if (e == SEGOFF__UDP_TAKEN && !m->retry_at)
		m->tries = 0;
	if (reason == SEGOFF_UDP_R_NEW)
		return reason;
	m->count[reason]++;
	if (only_counted(reason))
		return reason;
	if (e == SEGOFF__UDP_FAULT)
		m->err = h->err;
	m->reason = (uint8_t)reason;
	if (v->next != STAYS)
		m->state = v->next;
	learn(m, reason, h);
	return reason;
}

/* SPDX-License-Identifier: MIT */
/* flows.h - what is remembered of a flow */
#ifndef SEGOFF_CORE_FLOWS_H
#define SEGOFF_CORE_FLOWS_H

#include <segoff/flows.h>

#include "dissect.h"

#define MTU_DEFAULT 1500u

/**
 * struct segoff__side - what one end of a flow has shown
 * @mss: MSS in its SYN, 0: no SYN seen. What it takes, not what it sends
 * @full: largest payload of a packet of wire size; TCP: only packets that a
 *	sender fills (no PSH, FIN)
 * @nfull: how many of that size, up to 65535
 * @nother: how many of wire size and of another size
 * @nsuper: superpackets that a sender fills
 * @divisor: greatest common divisor of their payloads
 */
struct segoff__side {
	uint16_t mss;
	uint16_t full;
	uint16_t nfull;
	uint16_t nother;
	uint16_t nsuper;
	uint32_t divisor;
};

/**
 * segoff__flow_sides() - what is known of a flow
 * @t: table or NULL
 * @flow: flow and direction
 * @from: receives the sending side
 * @to: receives the other one
 *
 * Return: false if nothing is known.
 */
bool segoff__flow_sides(const struct segoff_flows *t, segoff_flow flow,
			const struct segoff__side **from,
			const struct segoff__side **to);

/* TCP flags that say that the sender had no more to send. */
#define TCP_LAST_FLAGS (TCP_FIN | TCP_PSH)

#endif

/* SPDX-License-Identifier: MIT */
/* trial.h - a few real datagrams, and what the kernel says to each */
#ifndef SEGOFF_CLI_UDP_TRIAL_H
#define SEGOFF_CLI_UDP_TRIAL_H

#include <segoff/udp.h>

#include "peer.h"

#define TRIAL_STEPS   6
#define TRIAL_CALLS   8
#define TRIAL_ANSWERS 4

/**
 * struct trial_call - a system call of the library
 * @size: of UDP_SEGMENT; 0: without it
 * @error: 0 or a negative errno
 */
struct trial_call {
	uint32_t size;
	int error;
};

/* enum trial_kind - what a step is about */
enum trial_kind {
	TRIAL_SINGLE = 0, /* does anything leave? */
	TRIAL_PAIR,	  /* does a train? */
	TRIAL_MTU,	  /* as large as the path takes */
	TRIAL_ABOVE,	  /* and one byte more */
};

/**
 * struct trial_step - datagrams that were handed to the library at once
 * @kind: what it is about
 * @n: how many
 * @size: bytes of each
 * @sent: what became of them
 * @ncalls: system calls
 * @call: the first of them
 * @state: of the path, afterwards
 * @reason: likewise
 */
struct trial_step {
	enum trial_kind kind;
	uint32_t n;
	uint32_t size;
	struct segoff_udp_sent sent;
	uint32_t ncalls;
	struct trial_call call[TRIAL_CALLS];
	uint32_t state;
	uint32_t reason;
};

/**
 * struct trial_answer - what the network said
 * @error: negative errno that it comes down to
 * @mtu: that it told; 0: none
 * @from: who said it; "": this host
 */
struct trial_answer {
	int error;
	uint32_t mtu;
	char from[PEER_TEXT];
};

/**
 * struct trial - all of them
 * @steps: how many
 * @step: one after the other
 * @answers: how many
 * @answer: likewise
 * @mtu: of the path, afterwards; 0: not known
 * @path: what the library has learnt of it
 * @tx: likewise of the kernel
 */
struct trial {
	uint32_t steps;
	struct trial_step step[TRIAL_STEPS];
	uint32_t answers;
	struct trial_answer answer[TRIAL_ANSWERS];
	uint32_t mtu;
	struct segoff_udp_path_info path;
	struct segoff_udp_tx_info tx;
};

/**
 * trial_run() - send a few datagrams
 * @fd: socket that is connected
 * @v4: IPv4 is what leaves
 * @mtu: of the path; 0: not known
 * @t: receives what happened
 *
 * Return: 0 or a negative errno: nothing was sent.
 */
int trial_run(int fd, bool v4, uint32_t mtu, struct trial *t);

#endif

/* SPDX-License-Identifier: MIT */
/* doctor.h - what segoff doctor udp has found, and how it says it */
#ifndef SEGOFF_CLI_UDP_DOCTOR_H
#define SEGOFF_CLI_UDP_DOCTOR_H

#include <stdio.h>

#include "peer.h"
#include "route.h"
#include "trial.h"
#include "tried.h"

/* enum verdict - what it comes to */
enum verdict {
	VERDICT_TRAINS = 0, /* trains leave */
	VERDICT_SINGLE,	    /* datagrams leave, one by one */
	VERDICT_NOTHING,    /* nothing leaves */
	VERDICT_KERNEL,	    /* nothing was sent; the kernel would take trains */
	VERDICT_NO_KERNEL,  /* likewise, and it would not */
};

/**
 * struct doctor - what was found
 * @to: destination
 * @send: datagrams were sent
 * @route: the way there
 * @tried: the kernel
 * @trial: the datagrams
 */
struct doctor {
	struct peer to;
	bool send;
	struct route route;
	struct tried tried;
	struct trial trial;
};

enum verdict doctor_verdict(const struct doctor *d);

/* "EPERM" */
const char *errno_name(int error);

void doctor_text(const struct doctor *d, FILE *f);
void doctor_json(const struct doctor *d, FILE *f);

#endif

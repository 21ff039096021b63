/* SPDX-License-Identifier: MIT */
/* tried.h - what the kernel's UDP can do, each tried over loopback */
#ifndef SEGOFF_CLI_UDP_TRIED_H
#define SEGOFF_CLI_UDP_TRIED_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct tried - what the kernel's UDP can do
 *
 * Errors are 0 or a negative errno.
 * @loopback: error of loopback itself: nothing was tried
 * @segment: of UDP_SEGMENT
 * @segs: datagrams of a train that it takes: 128 or 64; 0: not even those
 * @bytes: bytes of a message that it takes
 * @gro: of UDP_GRO
 * @whole: a train came in one piece
 * @zerocopy: of MSG_ZEROCOPY
 * @txtime: of SO_TXTIME
 */
struct tried {
	int loopback;
	int segment;
	uint32_t segs;
	uint32_t bytes;
	int gro;
	bool whole;
	int zerocopy;
	int txtime;
};

/* By IPv4 or IPv6, which differ in what they hold. */
void try_kernel(bool v4, struct tried *t);

#endif

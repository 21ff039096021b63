/* SPDX-License-Identifier: MIT */
/*
 * fake.h - a kernel's UDP socket made of its rules, and of faults
 *
 * Theory of operation
 *
 * It takes the place of the system calls. What is sent goes through the checks
 * that Linux makes, in Linux's order (R-SOCK-1 to R-SOCK-5), is cut as Linux
 * would cut it, and arrives at a function of the test, one datagram at a time.
 * Destinations are told apart by the last byte of their address; each may have
 * an MTU, a firewall, a device that cannot. Faults come from a list, or at
 * random from a seed: then any call may fail before, between or after its
 * messages.
 */
#ifndef SEGOFF_TESTS_UDP_FAKE_H
#define SEGOFF_TESTS_UDP_FAKE_H

#include <netinet/in.h>

#include <segoff/udp.h>

#include "../property/rnd.h"

#define FAKE_PATHS 8

/* What a message of the error queue is. */
enum fake_err {
	FAKE_COMPLETION = 0,
	FAKE_ICMP,  /* somebody answered */
	FAKE_STAMP, /* when a packet left; its bytes look like a completion */
};

/**
 * struct fake_path - a destination
 * @mtu: of its route
 * @df: no fragments: a plain datagram above the MTU is refused
 * @gso_err: what every train gets
 * @plain_err: what every plain message gets
 * @firewall: messages above so many bytes are dropped with EPERM; 0: none
 */
struct fake_path {
	uint32_t mtu;
	bool df;
	int gso_err;
	int plain_err;
	uint32_t firewall;
};

/**
 * struct fake_got - one datagram as it arrives
 * @path: where
 * @data: its bytes
 * @len: how many
 * @tos: -1: the socket's
 * @ifindex: it was to leave by
 * @from: source that was asked for, all zero: none
 * @txtime: when it was to leave
 */
struct fake_got {
	unsigned int path;
	const uint8_t *data;
	size_t len;
	int tos;
	uint32_t ifindex;
	struct in6_addr from;
	uint64_t txtime;
};

struct fake_attr {
	unsigned int path;
	bool v4;
	int gso; /* -1: not given */
	int tos;
	uint32_t ifindex;
	struct in6_addr from;
	uint64_t txtime;
};

struct fake {
	struct segoff_udp_sys sys;
	struct rnd rnd;

	/* the kernel and the socket */
	int family;
	bool gso;
	bool mmsg;
	bool no_check;
	bool mapped_peer;
	uint32_t segs;
	uint32_t ip_options;
	int mtu_err; /* of trains; EINVAL before 6.14 */
	uint64_t now;
	uint64_t tick; /* each look at the clock takes so long */
	uint32_t option;
	bool txtime;
	struct fake_path path[FAKE_PATHS];

	/* what is corked */
	bool corked;
	struct fake_attr cork;
	size_t cork_len;

	/* faults: a list for the next messages (0: none), or at random */
	const int *list;
	size_t nlist;
	unsigned int rate; /* of 1,000 calls */
	uint64_t faults;
	uint64_t partial;

	/* the error queue: completions of MSG_ZEROCOPY, and others */
	struct {
		uint32_t low, high;
		bool copied;
		enum fake_err kind;
	} done[64];
	size_t ndone;
	uint32_t zerocopy; /* messages with the flag that were taken */

	/* what arrives, and what was seen on the way */
	void (*arrive)(void *ctx, const struct fake_got *g);
	void *ctx;
	uint64_t datagrams;
	uint64_t calls;
	uint64_t sendtos;
	uint64_t sendmsgs;
	uint64_t sendmmsgs;
	uint64_t trains;
	uint64_t lone; /* UDP_SEGMENT given for one datagram */
	uint64_t setopts;
	uint8_t buf[1 << 17];
};

/* Linux 6.18, IPv4, MTU 1500 everywhere, no faults. */
void fake_init(struct fake *f);

#endif

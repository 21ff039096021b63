/* SPDX-License-Identifier: MIT */
/*
 * lab.h - two network namespaces of our own, joined by a veth pair
 *
 *	here: veth0 198.18.0.1 ==== far: veth1 198.18.0.2
 *
 * They vanish with the process. (198.18.0.0/15 is for benchmarks, RFC 2544.)
 */
#ifndef SEGOFF_CLI_UDP_LAB_H
#define SEGOFF_CLI_UDP_LAB_H

#define LAB_FAR "198.18.0.2"

/**
 * struct lab - where sender and receiver are
 * @here: namespace of the sender, -1: the one we are in
 * @far: namespace of the receiver, likewise
 * @far_address: the receiver's address
 * @what: the path in words
 * @why: why it is no veth pair; NULL if it is one
 */
struct lab {
	int here;
	int far;
	const char *far_address;
	const char *what;
	const char *why;
};

/* Make it; where the rights are missing it is loopback, and @why says so. */
void lab_open(struct lab *l);

/* Be in one of its namespaces; 0 or a negative errno. */
int lab_enter(int ns);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * net.h - two network namespaces of our own, joined by a veth pair
 *
 *	here: v0 10.0.0.1 fd00::1 ==== far: v1 10.0.0.2 fd00::2, MTU 1500
 *
 * They vanish with the program. A socket stays where it was made, so one
 * program has both ends.
 */
#ifndef SEGOFF_TESTS_UDP_NET_H
#define SEGOFF_TESTS_UDP_NET_H

#include <stdbool.h>

/**
 * net_open() - make both, and be here
 *
 * Return: NULL, or why it cannot be.
 */
const char *net_open(void);

/* Run a command here or there; false if it failed. */
bool net_here(const char *command);
bool net_far(const char *command);

/* A UDP socket there, bound to port 4433 of all addresses. */
int net_far_socket(int family);

/* Take everything away that a test may have set up on v0. */
void net_reset(void);

#endif

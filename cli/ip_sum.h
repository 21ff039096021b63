/* SPDX-License-Identifier: MIT */
/* ip_sum.h - the checksum of an IPv4 header */
#ifndef SEGOFF_CLI_IP_SUM_H
#define SEGOFF_CLI_IP_SUM_H

#include <segoff.h>

/**
 * struct ip_sum - the checksum of an IPv4 header
 * @found: what it is
 * @right: what it should be
 */
struct ip_sum {
	uint16_t found;
	uint16_t right;
};

/**
 * ip_sum_of() - compare
 * @pkt: packet, all headers in its first piece
 * @st: its headers, IPv4 among them
 *
 * Return: both sums.
 */
struct ip_sum ip_sum_of(const struct segoff_pkt *pkt,
			const struct segoff_stack *st);

#endif

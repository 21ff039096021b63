/* SPDX-License-Identifier: MIT */
/* ip_sum.h - the checksums of IPv4 headers */
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
 * ip_sum_of() - which one is not right?
 * @pkt: packet, all headers in its first piece
 * @st: its headers
 *
 * Return: both sums of the outermost header where they differ; one that is not
 * 0 comes before those that are.
 */
struct ip_sum ip_sum_of(const struct segoff_pkt *pkt,
			const struct segoff_stack *st);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * check.h - does segmentation give back what was merged?
 *
 * Each superpacket is built, described as the output would describe it, cut
 * by that description, and compared byte for byte with the packets that it was
 * made of. And no packet may come before another of its flow and interface
 * that was before it in the capture.
 */
#ifndef SEGOFF_CLI_CHECK_H
#define SEGOFF_CLI_CHECK_H

#include "join.h"

/**
 * struct check - what came of it
 * @packets: packets that were merged and split again
 * @differences: packets of which this is not true
 * @first: number of the first one
 */
struct check {
	uint64_t packets;
	uint64_t differences;
	uint64_t first;
	/* @private */
	uint32_t vnet;
	const struct segoff_ports *ports;
	struct segoff_flows *flows;
	struct last *last;
	segoff_flow *flow;
	uint8_t *super;
	uint8_t *segment;
};

/**
 * check_open() - get ready
 * @c: receives the state
 * @vnet: bytes of the virtio_net_hdr that describes superpackets; 0: a comment
 *	does, or nothing
 * @ports: UDP ports of tunnels; NULL: the well-known ones
 *
 * Return: 0 or -ENOMEM; check_close() is due in any case.
 */
int check_open(struct check *c, uint32_t vnet,
	       const struct segoff_ports *ports);

/* Check a batch. */
void check_batch(struct check *c, const struct batch *b, const struct join *j);

void check_close(struct check *c);

#endif

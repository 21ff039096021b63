/* SPDX-License-Identifier: MIT */
/*
 * cut.h - split's work on one record: copy, mend, cut, or leave alone
 */
#ifndef SEGOFF_CLI_CUT_H
#define SEGOFF_CLI_CUT_H

#include "examine.h"
#include "report.h"
#include "totals.h"
#include "vnet_out.h"

/**
 * struct cutter - what split works with
 * @examine: how to look at packets
 * @keep: checksums that were not filled in stay so
 * @spread: divide the time to the flow's next packet over the segments
 * @partial: superpackets become partial frames, where a device could take them
 * @vnet: the virtio_net_hdr in front of what is written
 * @frag_id: identification of the next UFO datagram over IPv6
 */
struct cutter {
	struct window *window;
	struct capture_writer *writer;
	struct totals *totals;
	struct report *report;
	struct examine_opts examine;
	uint32_t frag_id;
	bool keep;
	bool spread;
	bool partial;
	struct vnet_out vnet;
};

/**
 * cut_record() - do what is to be done with a record
 * @c: cutter
 * @s: the record that window_next() gave
 * @e: receives the reason of a failure to write
 *
 * Return: 0 or a negative errno.
 */
int cut_record(struct cutter *c, const struct seen *s, struct port_error *e);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * examine.h - what is this packet of a capture: is it a superpacket, what are
 * its checksums worth, are its lengths filled in
 *
 * split acts on the answer, explain prints it.
 */
#ifndef SEGOFF_CLI_EXAMINE_H
#define SEGOFF_CLI_EXAMINE_H

#include "ip_sum.h"
#include "window.h"

/**
 * struct finding - what was found out about a packet
 * @pkt: the packet; its pieces are @iov
 * @meta: metadata: from the record, its comment, or inferred; gso_size not 0: superpacket
 * @how: superpackets: SEGOFF_V_FROM_*
 * @alone: why nothing can be done about it; SEGOFF_V_OK: something can, or
 *	nothing need be
 * @refused: with a virtio_net_hdr: Linux refuses it, for the reason @alone
 * @sum: its checksums; @sum.state is NONE if they were not judged
 * @ip_sum: its IPv4 header checksum, if that is what is wrong
 * @merged: the comment by which merge says how to cut it, or NULL
 * @segments: how many it is cut into, once examine_cut() was asked
 * @fix_sum: its transport or IP checksum was never filled in
 * @about_ip: @fix_sum or @alone is about @ip_sum
 * @fix_length: its IP length was never filled in
 */
struct finding {
	struct iovec iov;
	struct segoff_pkt pkt;
	struct segoff_meta meta;
	struct segoff_csum_report sum;
	enum segoff_verdict how;
	enum segoff_verdict alone;
	struct ip_sum ip_sum;
	const char *merged;
	size_t segments;
	bool refused;
	bool fix_sum;
	bool about_ip;
	bool fix_length;
};

/**
 * struct examine_opts - how to look
 * @hints: what the user said of sizes
 * @vnet: size of the virtio_net_hdr in front of frames, or 0
 * @rewrite: a wrong checksum is no reason to leave a packet alone
 */
struct examine_opts {
	struct segoff_hints hints;
	uint32_t vnet;
	bool rewrite;
};

/**
 * examine() - look at the packet that window_next() gave
 * @w: window
 * @s: the packet
 * @o: options
 * @f: receives the findings
 */
void examine(const struct window *w, const struct seen *s,
	     const struct examine_opts *o, struct finding *f);

/**
 * examine_cut() - begin to cut a packet that has metadata
 * @s: the packet
 * @o: options
 * @how: how to segment, or NULL
 * @f: findings; after a failure, @alone and @refused say why
 * @g: receives the state
 * @b: receives how much memory is needed
 *
 * Return: whether there are segments to be had from @g.
 */
bool examine_cut(const struct seen *s, const struct examine_opts *o,
		 const struct segoff_gso_opts *how, struct finding *f,
		 struct segoff_gso *g, struct segoff_bound *b);

/* Has it metadata, so that it is for examine_cut()? */
static inline bool examine_has_meta(const struct finding *f)
{
	return f->meta.gso_size || f->meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL;
}

#endif

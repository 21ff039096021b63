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
 * @pkt: the packet; it is @iov, or the members of a superpacket of SCTP once
 *	examine_cut() was asked, until it is asked again
 * @meta: metadata: from the record, its comment, or inferred; gso_size not 0: superpacket
 * @how: superpackets: SEGOFF_V_FROM_*
 * @alone: why nothing can be done about it; SEGOFF_V_OK: something can, or
 *	nothing need be
 * @refused: with a virtio_net_hdr: Linux refuses it, for the reason @alone
 * @sum: its checksums; @sum.state is NONE if they were not judged
 * @ip_sum: its IPv4 header checksum, if that is what is wrong
 * @merged: the comment by which merge says how to cut it, or NULL
 * @segments: how many the wire has of it, once examine_cut() was asked
 * @fix_sum: its transport, tunnel or IP checksum was never filled in
 * @about_ip: @fix_sum or @alone is about @ip_sum
 * @about_tunnel: @alone is about the checksum of a tunnel
 * @fix_length: a length of its IP or tunnel headers was never filled in
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
	bool about_tunnel;
	bool fix_length;
};

/**
 * struct examine_opts - how to look
 * @hints: what the user said of sizes
 * @vnet: size of the virtio_net_hdr in front of frames, or 0
 * @ports: UDP ports of tunnels; NULL: the well-known ones
 * @rewrite: a wrong checksum is no reason to leave a packet alone
 */
struct examine_opts {
	struct segoff_hints hints;
	const struct segoff_ports *ports;
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
 * @how: how to segment
 * @f: findings; after a failure, @alone and @refused say why
 * @g: receives the state
 * @b: receives how much memory is needed
 *
 * Return: whether there are segments to be had from @g.
 */
bool examine_cut(const struct seen *s, const struct examine_opts *o,
		 const struct segoff_gso_opts *how, struct finding *f,
		 struct segoff_gso *g, struct segoff_bound *b);

/* Is the innermost checksum waiting for somebody on this side of the wire? */
static inline bool examine_unfinished(const struct finding *f)
{
	if (f->meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL)
		return true;
	return f->fix_sum && f->sum.state != SEGOFF_CSUM_GOOD && !f->sum.remote;
}

/* Where the outermost IP header is; there is one. */
static inline size_t examine_network(const struct segoff_stack *st)
{
	const struct segoff_layer *l = st->layer;

	while (l->proto != SEGOFF_P_IPV4 && l->proto != SEGOFF_P_IPV6)
		l++;
	return l->off;
}

/* Has it metadata, so that it is for examine_cut()? */
static inline bool examine_has_meta(const struct finding *f)
{
	return f->meta.gso_size || f->meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL;
}

#endif

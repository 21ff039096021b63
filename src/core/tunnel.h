/* SPDX-License-Identifier: MIT */
/* tunnel.h - what the headers of a packet in tunnels mean for its metadata */
#ifndef SEGOFF_CORE_TUNNEL_H
#define SEGOFF_CORE_TUNNEL_H

#include "dissect.h"

/**
 * segoff__describe() - fill in what metadata says of headers
 * @pkt: the packet
 * @st: its headers, TCP or UDP among them
 * @meta: protocol and offsets are set; encapsulation and the bits of gso_type
 *	if there are tunnels
 *
 * A tunnel's checksum that is there is one to be made; a remote one stays a
 * seed, though after GRO it is an ordinary partial one (quirk). Where there is more than
 * one tunnel, inner_mac_off and inner_net_off stay 0: what they would step over
 * has lengths and checksums of its own.
 */
void segoff__describe(const struct segoff_pkt *pkt,
		      const struct segoff_stack *st, struct segoff_meta *meta);

/**
 * segoff__is_remote() - does a tunnel header speak of the innermost checksum?
 * @pkt: the packet
 * @st: its headers, TCP or UDP among them
 *
 * Then it is a seed on the wire (remote checksum offload).
 */
bool segoff__is_remote(const struct segoff_pkt *pkt,
		       const struct segoff_stack *st);

#endif

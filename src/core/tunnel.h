/* SPDX-License-Identifier: MIT */
/* tunnel.h - what the headers of a packet in tunnels mean for its metadata */
#ifndef SEGOFF_CORE_TUNNEL_H
#define SEGOFF_CORE_TUNNEL_H

#include "dissect.h"

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

/* SPDX-License-Identifier: MIT */
/* known_tunnel.h - rows of known.c that are about tunnels */
#ifndef SEGOFF_ORACLE_KNOWN_TUNNEL_H
#define SEGOFF_ORACLE_KNOWN_TUNNEL_H

#include "known.h"

/*
 * A packet that is no superpacket but was announced in a tunnel keeps the mark,
 * and a reader who takes a header without tunnels gets EINVAL and nothing.
 */
bool known_tunnel_unreadable(const struct asked *q);

/*
 * To the sum of the tunnel's header Linux adds that of the inner packet as if
 * both began at even places. No tunnel has a header of an odd length.
 */
bool known_tunnel_odd_length(const struct asked *q);

/*
 * GRE's sequence numbers would be repeated; segoff refuses what no GRE device
 * offers.
 */
bool known_gre_seq(const struct asked *q);

/*
 * Linux steps over a GRE header by the metadata's offsets and never looks at
 * it, whatever it says; and over bytes that are no UDP header any more. segoff
 * reads headers.
 */
bool known_tunnel_contradicts(const struct asked *q);

#endif

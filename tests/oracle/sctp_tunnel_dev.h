/* SPDX-License-Identifier: MIT */
/* sctp_tunnel_dev.h - the tunnel between both ends of an association */
#ifndef SEGOFF_ORACLE_SCTP_TUNNEL_DEV_H
#define SEGOFF_ORACLE_SCTP_TUNNEL_DEV_H

#include "sctp_ends.h"

#define TUNNEL_DEVICE "stun"

/* The MTU that both ends see. */
int sctp_tunnel_mtu(const struct sctp_talk *t);

/**
 * sctp_tunnel_make() - one end of the tunnel, up
 * @t: names its kind
 * @lower: device below it, up; it gets the address that is outside
 * @is_client: which end
 *
 * It is called TUNNEL_DEVICE, and has no address yet. Ends the program if this
 * kernel has none of its kind.
 */
void sctp_tunnel_make(const struct sctp_talk *t, const char *lower,
		      bool is_client);

#endif

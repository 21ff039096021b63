/* SPDX-License-Identifier: MIT */
/* sctp_tunnel_dev.c - the tunnel between both ends of an association */
#include "sctp_tunnel_dev.h"

#include <errno.h>
#include <string.h>

#include "net.h"
#include "net_ip.h"
#include "tunnel_dev.h"

#define HEADERS_MOST 100 /* of a tunnel, outside of the IP header in it */

int sctp_tunnel_mtu(const struct sctp_talk *t)
{
	return t->tunnel ? t->mtu - HEADERS_MOST : t->mtu;
}

static struct tunnel_ends ends_of(const struct tunnel_dev *dev, bool is_client)
{
	struct tunnel_ends e = *tunnel_ends(dev->outer), back;

	memcpy(back.local, e.remote, sizeof(back.local));
	memcpy(back.remote, e.local, sizeof(back.remote));
	return is_client ? e : back;
}

void sctp_tunnel_make(const struct sctp_talk *t, const char *lower,
		      bool is_client)
{
	const struct tunnel_dev *dev = tunnel_named(t->tunnel);
	struct tunnel_ends ends = ends_of(dev, is_client);

	net_address(lower, dev->outer, ends.local, dev->outer == 4 ? 24 : 64);
	errno = -tunnel_add(dev, &ends, TUNNEL_DEVICE);
	if (errno)
		net_die(t->tunnel);
	net_mtu(TUNNEL_DEVICE, sctp_tunnel_mtu(t));
	net_up(TUNNEL_DEVICE);
}

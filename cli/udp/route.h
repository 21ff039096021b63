/* SPDX-License-Identifier: MIT */
/* route.h - the way to a destination, as the kernel sees it */
#ifndef SEGOFF_CLI_UDP_ROUTE_H
#define SEGOFF_CLI_UDP_ROUTE_H

#include <net/if.h>
#include <stdint.h>

#include "peer.h"

/**
 * struct route - the way to a destination
 * @ifindex: interface; 0: not known
 * @ifname: its name
 * @source: address that we send from
 * @gateway: next hop; "": on the same link
 * @mtu: of the path, as far as the kernel knows
 * @device_mtu: of the interface
 * @qdisc: queue of the interface
 * @checksum: it completes checksums; -1: it does not say
 * @segmentation: it cuts UDP superpackets itself; -1: it does not say
 */
struct route {
	uint32_t ifindex;
	char ifname[IF_NAMESIZE];
	char source[PEER_TEXT];
	char gateway[PEER_TEXT];
	uint32_t mtu;
	uint32_t device_mtu;
	char qdisc[32];
	int checksum;
	int segmentation;
};

/**
 * route_find() - the way to a destination
 * @to: destination
 * @fd: socket that is connected to it
 * @r: receives it; what cannot be asked stays empty
 */
void route_find(const struct peer *to, int fd, struct route *r);

#define HEADERS_V4 28 /* bytes of IP and UDP */
#define HEADERS_V6 48

/* The MTU of a connected socket's path; 0 if it does not say. */
uint32_t route_mtu(int fd, int family);

#endif

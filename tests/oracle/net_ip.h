/* SPDX-License-Identifier: MIT */
/* net_ip.h - devices that have addresses and neighbours */
#ifndef SEGOFF_ORACLE_NET_IP_H
#define SEGOFF_ORACLE_NET_IP_H

#include <stdint.h>

#include "../../src/port/rtnl.h"

#define NET_LINK_ALEN 6

/* Bytes of an address. */
static inline unsigned int net_address_len(unsigned int version)
{
	return version == 4 ? 4 : 16;
}

/* A message that makes a device of this kind; its attributes are to follow. */
void net_new_link(struct rtnl *m, const char *name);

/* Two devices, up: what one sends the other receives. */
void net_veth(const char *name, const char *peer);

/* Let a device have IPv6, but say nothing by itself; before it is up. */
void net_allow_ipv6(const char *name);

/**
 * net_address() - give a device an address
 * @name: device
 * @version: 4 or 6
 * @address: the address
 * @prefix: bits of it that are the network
 */
void net_address(const char *name, unsigned int version, const uint8_t *address,
		 unsigned int prefix);

/* Say where a neighbour is, so that nobody asks. */
void net_neighbour(const char *name, unsigned int version,
		   const uint8_t *address, const uint8_t mac[NET_LINK_ALEN]);

/* Take a device away, a pair's other half with it; it may be gone already. */
void net_delete(const char *name);

#endif

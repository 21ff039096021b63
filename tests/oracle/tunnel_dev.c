/* SPDX-License-Identifier: MIT */
/* tunnel_dev.c - the kinds of tunnel devices */
#include "tunnel_dev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <linux/rtnetlink.h>
#include <segoff.h>

#include "net.h"
#include "net_ip.h"

#define VXLAN_PORT  4789
#define GENEVE_PORT 6081
#define CSUM	    SEGOFF_GSO_UDP_TUNNEL_CSUM
#define REMCSUM	    SEGOFF_GSO_TUNNEL_REMCSUM

/* GRE_CSUM and GRE_KEY as the header has them: their order is the network's. */
#define C 0x8000u
#define K 0x2000u

#define IPTUN	IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE
#define GRE	IFLA_GRE_LOCAL, IFLA_GRE_REMOTE
#define VXLAN	IFLA_VXLAN_LOCAL, IFLA_VXLAN_GROUP
#define VXLAN6	IFLA_VXLAN_LOCAL6, IFLA_VXLAN_GROUP6
#define GENEVE	0, IFLA_GENEVE_REMOTE
#define GENEVE6 0, IFLA_GENEVE_REMOTE6

/* attributes, for short */
#define PROTO(n)                             \
	{                                    \
		ATTR_U8, IFLA_IPTUN_PROTO, n \
	}
#define NO_LIMIT                                                      \
	{                                                             \
		ATTR_U32, IFLA_IPTUN_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT \
	}
#define LIMIT(n)                                   \
	{                                          \
		ATTR_U8, IFLA_IPTUN_ENCAP_LIMIT, n \
	}
#define OFLAGS(n)                             \
	{                                     \
		ATTR_BE16, IFLA_GRE_OFLAGS, n \
	}
#define OKEY(n)                             \
	{                                   \
		ATTR_BE32, IFLA_GRE_OKEY, n \
	}
#define GRE_NO_LIMIT                                                \
	{                                                           \
		ATTR_U32, IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT \
	}
#define GRE_LIMIT(n)                             \
	{                                        \
		ATTR_U8, IFLA_GRE_ENCAP_LIMIT, n \
	}
#define VNI(n)                                         \
	{ ATTR_U32, IFLA_VXLAN_ID, n },                \
	{                                              \
		ATTR_BE16, IFLA_VXLAN_PORT, VXLAN_PORT \
	}
#define SUM(n)                                  \
	{                                       \
		ATTR_U8, IFLA_VXLAN_UDP_CSUM, n \
	}
#define NO_SUM6                                          \
	{                                                \
		ATTR_U8, IFLA_VXLAN_UDP_ZERO_CSUM6_TX, 1 \
	}
#define RCO                                       \
	{                                         \
		ATTR_U8, IFLA_VXLAN_REMCSUM_TX, 1 \
	}
#define GID(n)                                           \
	{ ATTR_U32, IFLA_GENEVE_ID, n },                 \
	{                                                \
		ATTR_BE16, IFLA_GENEVE_PORT, GENEVE_PORT \
	}
#define GSUM(n)                                  \
	{                                        \
		ATTR_U8, IFLA_GENEVE_UDP_CSUM, n \
	}
#define NO_GSUM6                                          \
	{                                                 \
		ATTR_U8, IFLA_GENEVE_UDP_ZERO_CSUM6_TX, 1 \
	}

/* clang-format off */
const struct tunnel_dev tunnel_devs[] = {
	{ "ipip", "ipip", IPTUN, 4, 4, false, SEGOFF_GSO_IPXIP4, { PROTO(4) } },
	{ "sit", "sit", IPTUN, 4, 6, false, SEGOFF_GSO_IPXIP4, { PROTO(41) } },
	{ "ip4ip6", "ip6tnl", IPTUN, 6, 4, false, SEGOFF_GSO_IPXIP6,
		{ PROTO(4), NO_LIMIT } },
	{ "ip6ip6", "ip6tnl", IPTUN, 6, 6, false, SEGOFF_GSO_IPXIP6,
		{ PROTO(41), NO_LIMIT } },
	{ "ip6tnl-limit", "ip6tnl", IPTUN, 6, 0, false, SEGOFF_GSO_IPXIP6,
		{ PROTO(0), LIMIT(4) } },
	{ "gre", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE, { OFLAGS(0) } },
	{ "gre-key", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE,
		{ OFLAGS(K), OKEY(0x12345678) } },
	{ "gre-csum", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C) } },
	{ "gre-csum-key", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C | K), OKEY(7) } },
	{ "gretap", "gretap", GRE, 4, 0, true, SEGOFF_GSO_GRE, { OFLAGS(0) } },
	{ "gretap-csum-key", "gretap", GRE, 4, 0, true, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C | K), OKEY(0xfffefdfc) } },
	{ "ip6gre", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE,
		{ OFLAGS(0), GRE_NO_LIMIT } },
	{ "ip6gre-limit", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE,
		{ OFLAGS(K), OKEY(9), GRE_LIMIT(4) } },
	{ "ip6gre-csum", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C), GRE_NO_LIMIT } },
	{ "ip6gretap", "ip6gretap", GRE, 6, 0, true, SEGOFF_GSO_GRE,
		{ OFLAGS(0), GRE_NO_LIMIT } },
	{ "ip6gretap-csum-key", "ip6gretap", GRE, 6, 0, true,
		SEGOFF_GSO_GRE_CSUM, { OFLAGS(C | K), OKEY(8), GRE_NO_LIMIT } },
	{ "vxlan", "vxlan", VXLAN, 4, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ VNI(42), SUM(0) } },
	{ "vxlan-csum", "vxlan", VXLAN, 4, 0, true, CSUM,
		{ VNI(0xabcdef), SUM(1) } },
	{ "vxlan-rco", "vxlan", VXLAN, 4, 0, true, CSUM | REMCSUM,
		{ VNI(1), SUM(1), RCO } },
	{ "vxlan-rco-nocsum", "vxlan", VXLAN, 4, 0, true,
		SEGOFF_GSO_UDP_TUNNEL | REMCSUM, { VNI(1), SUM(0), RCO } },
	{ "vxlan6", "vxlan", VXLAN6, 6, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ VNI(42), NO_SUM6 } },
	{ "vxlan6-csum", "vxlan", VXLAN6, 6, 0, true, CSUM, { VNI(42) } },
	{ "vxlan6-rco", "vxlan", VXLAN6, 6, 0, true, CSUM | REMCSUM,
		{ VNI(42), RCO } },
	{ "geneve", "geneve", GENEVE, 4, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ GID(42), GSUM(0) } },
	{ "geneve-csum", "geneve", GENEVE, 4, 0, true, CSUM,
		{ GID(0xfedcba), GSUM(1) } },
	{ "geneve6", "geneve", GENEVE6, 6, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ GID(42), NO_GSUM6 } },
	{ "geneve6-csum", "geneve", GENEVE6, 6, 0, true, CSUM,
		{ GID(42) } },
	{ 0 },
};
/* clang-format on */

const struct tunnel_ends *tunnel_ends(unsigned int version)
{
	static const struct tunnel_ends v4 = { { 192, 168, 5, 1 },
					       { 192, 168, 5, 2 } };
	static const struct tunnel_ends v6 = { { 0xfd, 5, [15] = 1 },
					       { 0xfd, 5, [15] = 2 } };

	return version == 4 ? &v4 : &v6;
}

static void put_attr(struct rtnl *m, const struct attr *a)
{
	uint8_t u8 = (uint8_t)a->value;
	uint16_t be16 = htons((uint16_t)a->value);

	if (a->form == ATTR_U8)
		rtnl_put(m, a->type, &u8, sizeof(u8));
	else if (a->form == ATTR_BE16)
		rtnl_put(m, a->type, &be16, sizeof(be16));
	else
		rtnl_put32(m, a->type,
			   a->form == ATTR_U32 ? a->value : htonl(a->value));
}

static void put_attrs(struct rtnl *m, const struct tunnel_dev *t)
{
	const struct tunnel_ends *ends = tunnel_ends(t->outer);
	unsigned int len = net_address_len(t->outer);

	if (t->local)
		rtnl_put(m, t->local, ends->local, len);
	rtnl_put(m, t->remote, ends->remote, len);
	for (unsigned int i = 0; i < TUNNEL_ATTRS && t->attr[i].form; i++)
		put_attr(m, &t->attr[i]);
}

int tunnel_add(const struct tunnel_dev *t, const char *name)
{
	struct rtnl m;
	size_t info, data;

	net_new_link(&m, name);
	info = rtnl_nest(&m, IFLA_LINKINFO);
	rtnl_put_string(&m, IFLA_INFO_KIND, t->device);
	data = rtnl_nest(&m, IFLA_INFO_DATA);
	put_attrs(&m, t);
	rtnl_nest_end(&m, data);
	rtnl_nest_end(&m, info);
	return rtnl_send(&m, NETLINK_ROUTE);
}

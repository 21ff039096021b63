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

#define PLAIN	SEGOFF_GSO_UDP_TUNNEL
#define CSUM	SEGOFF_GSO_UDP_TUNNEL_CSUM
#define REMCSUM SEGOFF_GSO_TUNNEL_REMCSUM

/* GRE_CSUM and GRE_KEY as the header has them: their order is the network's. */
#define C 0x8000u
#define K 0x2000u

#define IPTUN	IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE
#define GRE	IFLA_GRE_LOCAL, IFLA_GRE_REMOTE
#define VXLAN	IFLA_VXLAN_LOCAL, IFLA_VXLAN_GROUP
#define VXLAN6	IFLA_VXLAN_LOCAL6, IFLA_VXLAN_GROUP6
#define GENEVE	0, IFLA_GENEVE_REMOTE
#define GENEVE6 0, IFLA_GENEVE_REMOTE6

/* around a tunnel */
#define BARE	   TUNNEL_ENCAP_NONE, 0, BY_DEVICE
#define FOU(flags) TUNNEL_ENCAP_FOU, flags, BY_DEVICE
#define GUE(flags) TUNNEL_ENCAP_GUE, flags, BY_DEVICE
#define ROUTED(by) TUNNEL_ENCAP_NONE, 0, by
#define SUM_V4	   TUNNEL_ENCAP_FLAG_CSUM
#define SUM_V6	   TUNNEL_ENCAP_FLAG_CSUM6
#define REMOTE	   TUNNEL_ENCAP_FLAG_REMCSUM

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
#define METADATA                                     \
	{ ATTR_U8, IFLA_VXLAN_COLLECT_METADATA, 1 }, \
	{                                            \
		ATTR_U8, IFLA_VXLAN_LEARNING, 0      \
	}
#define GPE                                       \
	{ ATTR_BE16, IFLA_VXLAN_PORT, GPE_PORT }, \
	{                                         \
		ATTR_FLAG, IFLA_VXLAN_GPE, 0      \
	}
#define GMETADATA                                          \
	{ ATTR_BE16, IFLA_GENEVE_PORT, GENEVE_PORT },      \
	{                                                  \
		ATTR_FLAG, IFLA_GENEVE_COLLECT_METADATA, 0 \
	}

/* clang-format off */
const struct tunnel_dev tunnel_devs[] = {
	{ "ipip", "ipip", IPTUN, 4, 4, false, SEGOFF_GSO_IPXIP4, { PROTO(4) }, BARE },
	{ "sit", "sit", IPTUN, 4, 6, false, SEGOFF_GSO_IPXIP4, { PROTO(41) }, BARE },
	{ "ip4ip6", "ip6tnl", IPTUN, 6, 4, false, SEGOFF_GSO_IPXIP6,
		{ PROTO(4), NO_LIMIT }, BARE },
	{ "ip6ip6", "ip6tnl", IPTUN, 6, 6, false, SEGOFF_GSO_IPXIP6,
		{ PROTO(41), NO_LIMIT }, BARE },
	{ "ip6tnl-limit", "ip6tnl", IPTUN, 6, 0, false, SEGOFF_GSO_IPXIP6,
		{ PROTO(0), LIMIT(4) }, BARE },
	{ "gre", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE, { OFLAGS(0) }, BARE },
	{ "gre-key", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE,
		{ OFLAGS(K), OKEY(0x12345678) }, BARE },
	{ "gre-csum", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C) }, BARE },
	{ "gre-csum-key", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C | K), OKEY(7) }, BARE },
	{ "gretap", "gretap", GRE, 4, 0, true, SEGOFF_GSO_GRE, { OFLAGS(0) }, BARE },
	{ "gretap-csum-key", "gretap", GRE, 4, 0, true, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C | K), OKEY(0xfffefdfc) }, BARE },
	{ "ip6gre", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE,
		{ OFLAGS(0), GRE_NO_LIMIT }, BARE },
	{ "ip6gre-limit", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE,
		{ OFLAGS(K), OKEY(9), GRE_LIMIT(4) }, BARE },
	{ "ip6gre-csum", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE_CSUM,
		{ OFLAGS(C), GRE_NO_LIMIT }, BARE },
	{ "ip6gretap", "ip6gretap", GRE, 6, 0, true, SEGOFF_GSO_GRE,
		{ OFLAGS(0), GRE_NO_LIMIT }, BARE },
	{ "ip6gretap-csum-key", "ip6gretap", GRE, 6, 0, true,
		SEGOFF_GSO_GRE_CSUM, { OFLAGS(C | K), OKEY(8), GRE_NO_LIMIT }, BARE },
	{ "vxlan", "vxlan", VXLAN, 4, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ VNI(42), SUM(0) }, BARE },
	{ "vxlan-csum", "vxlan", VXLAN, 4, 0, true, CSUM,
		{ VNI(0xabcdef), SUM(1) }, BARE },
	{ "vxlan-rco", "vxlan", VXLAN, 4, 0, true, CSUM | REMCSUM,
		{ VNI(1), SUM(1), RCO }, BARE },
	{ "vxlan-rco-nocsum", "vxlan", VXLAN, 4, 0, true,
		SEGOFF_GSO_UDP_TUNNEL | REMCSUM, { VNI(1), SUM(0), RCO }, BARE },
	{ "vxlan6", "vxlan", VXLAN6, 6, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ VNI(42), NO_SUM6 }, BARE },
	{ "vxlan6-csum", "vxlan", VXLAN6, 6, 0, true, CSUM, { VNI(42) }, BARE },
	{ "vxlan6-rco", "vxlan", VXLAN6, 6, 0, true, CSUM | REMCSUM,
		{ VNI(42), RCO }, BARE },
	{ "geneve", "geneve", GENEVE, 4, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ GID(42), GSUM(0) }, BARE },
	{ "geneve-csum", "geneve", GENEVE, 4, 0, true, CSUM,
		{ GID(0xfedcba), GSUM(1) }, BARE },
	{ "geneve6", "geneve", GENEVE6, 6, 0, true, SEGOFF_GSO_UDP_TUNNEL,
		{ GID(42), NO_GSUM6 }, BARE },
	{ "geneve6-csum", "geneve", GENEVE6, 6, 0, true, CSUM,
		{ GID(42) }, BARE },
	{ "mpls", NULL, 0, 0, 0, 0, false, 0, { { 0 } }, ROUTED(BY_LABEL) },
	{ "mpls-3", NULL, 0, 0, 0, 0, false, 0, { { 0 } }, ROUTED(BY_LABELS) },
	{ "gpe", "vxlan", 0, 0, 4, 0, false, PLAIN, { METADATA, GPE },
		ROUTED(BY_METADATA) },
	{ "gpe6-csum", "vxlan", 0, 0, 6, 0, false, CSUM, { METADATA, GPE },
		ROUTED(BY_METADATA) },
	{ "geneve-opts", "geneve", 0, 0, 4, 0, true, PLAIN, { GMETADATA },
		ROUTED(BY_METADATA) },
	{ "geneve6-opts-csum", "geneve", 0, 0, 6, 0, true, CSUM, { GMETADATA },
		ROUTED(BY_METADATA) },
	{ "ipip-fou", "ipip", IPTUN, 4, 4, false, SEGOFF_GSO_IPXIP4 | PLAIN,
		{ PROTO(4) }, FOU(0) },
	{ "ipip-fou-csum", "ipip", IPTUN, 4, 4, false, SEGOFF_GSO_IPXIP4 | CSUM,
		{ PROTO(4) }, FOU(SUM_V4) },
	{ "ipip-gue", "ipip", IPTUN, 4, 4, false, SEGOFF_GSO_IPXIP4 | PLAIN,
		{ PROTO(4) }, GUE(0) },
	{ "ipip-gue-csum", "ipip", IPTUN, 4, 4, false, SEGOFF_GSO_IPXIP4 | CSUM,
		{ PROTO(4) }, GUE(SUM_V4) },
	{ "ipip-gue-rco", "ipip", IPTUN, 4, 4, false,
		SEGOFF_GSO_IPXIP4 | CSUM | REMCSUM, { PROTO(4) },
		GUE(SUM_V4 | REMOTE) },
	{ "ipip-gue-rco-nocsum", "ipip", IPTUN, 4, 4, false,
		SEGOFF_GSO_IPXIP4 | PLAIN | REMCSUM, { PROTO(4) },
		GUE(REMOTE) },
	{ "sit-fou", "sit", IPTUN, 4, 6, false, SEGOFF_GSO_IPXIP4 | PLAIN,
		{ PROTO(41) }, FOU(0) },
	{ "sit-fou-csum", "sit", IPTUN, 4, 6, false, SEGOFF_GSO_IPXIP4 | CSUM,
		{ PROTO(41) }, FOU(SUM_V4) },
	{ "sit-gue", "sit", IPTUN, 4, 6, false, SEGOFF_GSO_IPXIP4 | PLAIN,
		{ PROTO(41) }, GUE(0) },
	{ "sit-gue-rco", "sit", IPTUN, 4, 6, false,
		SEGOFF_GSO_IPXIP4 | CSUM | REMCSUM, { PROTO(41) },
		GUE(SUM_V4 | REMOTE) },
	{ "gre-fou", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE | PLAIN,
		{ OFLAGS(0) }, FOU(0) },
	{ "gre-key-fou-csum", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE | CSUM,
		{ OFLAGS(K), OKEY(5) }, FOU(SUM_V4) },
	{ "gre-gue", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE | PLAIN,
		{ OFLAGS(0) }, GUE(0) },
	{ "gre-key-gue-csum", "gre", GRE, 4, 0, false, SEGOFF_GSO_GRE | CSUM,
		{ OFLAGS(K), OKEY(6) }, GUE(SUM_V4) },
	{ "gre-gue-rco", "gre", GRE, 4, 0, false,
		SEGOFF_GSO_GRE | CSUM | REMCSUM, { OFLAGS(0) },
		GUE(SUM_V4 | REMOTE) },
	{ "gretap-fou-csum", "gretap", GRE, 4, 0, true, SEGOFF_GSO_GRE | CSUM,
		{ OFLAGS(0) }, FOU(SUM_V4) },
	{ "gretap-gue", "gretap", GRE, 4, 0, true, SEGOFF_GSO_GRE | PLAIN,
		{ OFLAGS(0) }, GUE(0) },
	{ "gretap-gue-rco", "gretap", GRE, 4, 0, true,
		SEGOFF_GSO_GRE | CSUM | REMCSUM, { OFLAGS(0) },
		GUE(SUM_V4 | REMOTE) },
	{ "ip4ip6-fou", "ip6tnl", IPTUN, 6, 4, false, SEGOFF_GSO_IPXIP6 | PLAIN,
		{ PROTO(4), NO_LIMIT }, FOU(0) },
	{ "ip6ip6-fou-csum", "ip6tnl", IPTUN, 6, 6, false,
		SEGOFF_GSO_IPXIP6 | CSUM, { PROTO(41), NO_LIMIT },
		FOU(SUM_V6) },
	{ "ip6ip6-gue", "ip6tnl", IPTUN, 6, 6, false, SEGOFF_GSO_IPXIP6 | PLAIN,
		{ PROTO(41), NO_LIMIT }, GUE(0) },
	{ "ip6tnl-limit-gue", "ip6tnl", IPTUN, 6, 0, false,
		SEGOFF_GSO_IPXIP6 | CSUM, { PROTO(0), LIMIT(4) }, GUE(SUM_V6) },
	{ "ip6tnl-gue-rco", "ip6tnl", IPTUN, 6, 0, false,
		SEGOFF_GSO_IPXIP6 | CSUM | REMCSUM, { PROTO(0), NO_LIMIT },
		GUE(SUM_V6 | REMOTE) },
	{ "ip6gre-fou", "ip6gre", GRE, 6, 0, false, SEGOFF_GSO_GRE | PLAIN,
		{ OFLAGS(0), GRE_NO_LIMIT }, FOU(0) },
	{ "ip6gre-key-gue-csum", "ip6gre", GRE, 6, 0, false,
		SEGOFF_GSO_GRE | CSUM, { OFLAGS(K), OKEY(3), GRE_NO_LIMIT },
		GUE(SUM_V6) },
	{ "ip6gretap-fou-csum", "ip6gretap", GRE, 6, 0, true,
		SEGOFF_GSO_GRE | CSUM, { OFLAGS(0), GRE_NO_LIMIT },
		FOU(SUM_V6) },
	{ "ip6gretap-gue-rco", "ip6gretap", GRE, 6, 0, true,
		SEGOFF_GSO_GRE | CSUM | REMCSUM, { OFLAGS(0), GRE_NO_LIMIT },
		GUE(SUM_V6 | REMOTE) },
	{ 0 },
};
/* clang-format on */

_Static_assert(LENGTH(tunnel_devs) <= TUNNEL_MAX + 1, "tallies have no room");

const struct tunnel_dev tunnel_none = { .name = "none" };

const struct tunnel_ends *tunnel_ends(unsigned int version)
{
	static const struct tunnel_ends v4 = { { 192, 168, 5, 1 },
					       { 192, 168, 5, 2 } };
	static const struct tunnel_ends v6 = { { 0xfd, 5, [15] = 1 },
					       { 0xfd, 5, [15] = 2 } };

	return version == 4 ? &v4 : &v6;
}

const struct tunnel_dev *tunnel_named(const char *name)
{
	const struct tunnel_dev *t = tunnel_devs;

	while (t->name && strcmp(t->name, name))
		t++;
	return t->name ? t : NULL;
}

void tunnel_put(struct rtnl *m, enum attr_form form, uint8_t type,
		uint32_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value, be16 = htons(u16);

	if (form == ATTR_FLAG)
		rtnl_put(m, type, NULL, 0);
	else if (form == ATTR_U8)
		rtnl_put(m, type, &u8, sizeof(u8));
	else if (form == ATTR_U16)
		rtnl_put(m, type, &u16, sizeof(u16));
	else if (form == ATTR_BE16)
		rtnl_put(m, type, &be16, sizeof(be16));
	else
		rtnl_put32(m, type, form == ATTR_U32 ? value : htonl(value));
}

static void put_attr(struct rtnl *m, const struct attr *a)
{
	tunnel_put(m, a->form, a->type, a->value);
}

/* The port of the sender is left to the kernel: it differs from flow to flow. */
static void put_encap(struct rtnl *m, const struct tunnel_dev *t)
{
	bool gre = t->remote == IFLA_GRE_REMOTE;
	const struct attr all[] = {
		{ ATTR_U16, gre ? IFLA_GRE_ENCAP_TYPE : IFLA_IPTUN_ENCAP_TYPE,
		  t->encap },
		{ ATTR_U16, gre ? IFLA_GRE_ENCAP_FLAGS : IFLA_IPTUN_ENCAP_FLAGS,
		  t->encap_flags },
		{ ATTR_BE16,
		  gre ? IFLA_GRE_ENCAP_DPORT : IFLA_IPTUN_ENCAP_DPORT,
		  ENCAP_PORT },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		put_attr(m, &all[i]);
}

/* GRE is told apart for what is received: the same as is sent. */
static void put_received(struct rtnl *m, const struct tunnel_dev *t,
			 const struct attr *sent)
{
	struct attr a = *sent;

	if (t->remote != IFLA_GRE_REMOTE)
		return;
	if (a.type == IFLA_GRE_OFLAGS)
		a.type = IFLA_GRE_IFLAGS;
	else if (a.type == IFLA_GRE_OKEY)
		a.type = IFLA_GRE_IKEY;
	else
		return;
	put_attr(m, &a);
}

static void put_attrs(struct rtnl *m, const struct tunnel_dev *t,
		      const struct tunnel_ends *ends)
{
	unsigned int len = net_address_len(t->outer);

	if (t->local)
		rtnl_put(m, t->local, ends->local, len);
	if (t->remote)
		rtnl_put(m, t->remote, ends->remote, len);
	for (unsigned int i = 0; i < TUNNEL_ATTRS && t->attr[i].form; i++) {
		put_attr(m, &t->attr[i]);
		put_received(m, t, &t->attr[i]);
	}
	if (t->encap)
		put_encap(m, t);
}

int tunnel_add(const struct tunnel_dev *t, const struct tunnel_ends *ends,
	       const char *name)
{
	struct rtnl m;
	size_t info, data;

	net_new_link(&m, name);
	info = rtnl_nest(&m, IFLA_LINKINFO);
	rtnl_put_string(&m, IFLA_INFO_KIND, t->device);
	data = rtnl_nest(&m, IFLA_INFO_DATA);
	put_attrs(&m, t, ends);
	rtnl_nest_end(&m, data);
	rtnl_nest_end(&m, info);
	return rtnl_send(&m, NETLINK_ROUTE);
}

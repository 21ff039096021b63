/* SPDX-License-Identifier: MIT */
/* tunnel_route.c - routes that lead into tunnels (lightweight tunnels) */
#include <string.h>

#include <arpa/inet.h>
#include <linux/if_tunnel.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>
#include <segoff.h>

#include "net.h"
#include "net_ip.h"
#include "tunnel_dev.h"

#define LABEL_AT     12 /* bits before it in its word */
#define LABEL_BOTTOM 0x100u
#define LABELS	     3
#define HOPS	     64

static void put_labels(struct rtnl *m, unsigned int n)
{
	uint32_t labels[LABELS];

	for (unsigned int i = 0; i < n; i++)
		labels[i] = htonl((1000 + i) << LABEL_AT |
				  (i + 1 == n ? LABEL_BOTTOM : 0));
	rtnl_put(m, MPLS_IPTUNNEL_DST, labels, n * sizeof(*labels));
}

/* Two options, neither of them known. */
static void put_options(struct rtnl *m, unsigned short type)
{
	size_t all = rtnl_nest(m, type | NLA_F_NESTED), one;

	for (unsigned int i = 0; i < 2; i++) {
		one = rtnl_nest(m, LWTUNNEL_IP_OPTS_GENEVE | NLA_F_NESTED);
		tunnel_put(m, ATTR_BE16, LWTUNNEL_IP_OPT_GENEVE_CLASS, 0x0102);
		tunnel_put(m, ATTR_U8, LWTUNNEL_IP_OPT_GENEVE_TYPE, i + 1);
		rtnl_put(m, LWTUNNEL_IP_OPT_GENEVE_DATA,
			 "\x5a\xa5\x69\x96\x0f\xf0\x3c\xc3", i ? 4 : 8);
		rtnl_nest_end(m, one);
	}
	rtnl_nest_end(m, all);
}

/* The attributes are the same for IPv4 and IPv6, in another order. */
static void put_metadata(struct rtnl *m, const struct tunnel_dev *t)
{
	static const uint8_t id[8] = { [5] = 1, 2, 3 };
	bool v4 = t->outer == 4;
	bool sum = t->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM;

	rtnl_put(m, v4 ? LWTUNNEL_IP_ID : LWTUNNEL_IP6_ID, id, sizeof(id));
	rtnl_put(m, v4 ? LWTUNNEL_IP_DST : LWTUNNEL_IP6_DST,
		 tunnel_ends(t->outer)->remote, net_address_len(t->outer));
	tunnel_put(m, ATTR_U8, v4 ? LWTUNNEL_IP_TTL : LWTUNNEL_IP6_HOPLIMIT,
		   HOPS);
	tunnel_put(m, ATTR_U16, v4 ? LWTUNNEL_IP_FLAGS : LWTUNNEL_IP6_FLAGS,
		   TUNNEL_KEY | (sum ? TUNNEL_CSUM : 0));
	if (t->ethernet)
		put_options(m, v4 ? LWTUNNEL_IP_OPTS : LWTUNNEL_IP6_OPTS);
}

static void put_encap(struct rtnl *m, const struct tunnel_dev *t)
{
	uint16_t type = LWTUNNEL_ENCAP_MPLS;
	size_t nest;

	if (t->by == BY_METADATA)
		type = t->outer == 4 ? LWTUNNEL_ENCAP_IP : LWTUNNEL_ENCAP_IP6;
	tunnel_put(m, ATTR_U16, RTA_ENCAP_TYPE, type);
	nest = rtnl_nest(m, RTA_ENCAP);
	if (t->by == BY_METADATA)
		put_metadata(m, t);
	else
		put_labels(m, t->by == BY_LABELS ? LABELS : 1);
	rtnl_nest_end(m, nest);
}

int tunnel_route(const struct tunnel_dev *t, unsigned int version,
		 const char *device, const uint8_t *gateway, bool add)
{
	struct rtmsg body = { .rtm_family = version == 4 ? AF_INET : AF_INET6,
			      .rtm_table = RT_TABLE_MAIN,
			      .rtm_protocol = RTPROT_BOOT,
			      .rtm_scope = RT_SCOPE_UNIVERSE,
			      .rtm_type = RTN_UNICAST,
			      .rtm_flags = gateway ? RTNH_F_ONLINK : 0 };
	struct rtnl m;

	rtnl_begin(&m, add ? RTM_NEWROUTE : RTM_DELROUTE,
		   add ? NLM_F_CREATE : 0, &body, sizeof(body));
	rtnl_put32(&m, RTA_OIF, (uint32_t)net_index(device));
	if (gateway)
		rtnl_put(&m, RTA_GATEWAY, gateway, net_address_len(version));
	put_encap(&m, t);
	return rtnl_send(&m, NETLINK_ROUTE);
}

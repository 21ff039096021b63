/* SPDX-License-Identifier: MIT */
/* net_ip.c - devices that have addresses and neighbours */
#include "net_ip.h"

#include <errno.h>
#include <stdio.h>

#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include "net.h"

static uint8_t family(unsigned int version)
{
	return version == 4 ? AF_INET : AF_INET6;
}

static void must(struct rtnl *m, const char *name)
{
	errno = -rtnl_send(m, NETLINK_ROUTE);
	if (errno)
		net_die(name);
}

void net_new_link(struct rtnl *m, const char *name)
{
	static const struct ifinfomsg link;

	rtnl_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link,
		   sizeof(link));
	rtnl_put_string(m, IFLA_IFNAME, name);
}

void net_veth(const char *name, const char *peer)
{
	static const struct ifinfomsg link;
	struct rtnl m;
	size_t info, data, other;

	net_new_link(&m, name);
	info = rtnl_nest(&m, IFLA_LINKINFO);
	rtnl_put_string(&m, IFLA_INFO_KIND, "veth");
	data = rtnl_nest(&m, IFLA_INFO_DATA);
	other = rtnl_nest(&m, VETH_INFO_PEER);
	rtnl_put_body(&m, &link, sizeof(link));
	rtnl_put_string(&m, IFLA_IFNAME, peer);
	rtnl_nest_end(&m, other);
	rtnl_nest_end(&m, data);
	rtnl_nest_end(&m, info);
	must(&m, name);
	net_mtu(name, NET_MTU);
	net_mtu(peer, NET_MTU);
	net_up(name);
	net_up(peer);
}

void net_allow_ipv6(const char *name)
{
	static const char *const set[][2] = {
		{ "addr_gen_mode", "1" }, /* no link-local address */
		{ "router_solicitations", "0" },
		{ "accept_ra", "0" },
		{ "mldv2_unsolicited_report_interval", "1000000000" },
		{ "disable_ipv6", "0" },
	};
	char path[96];

	for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++) {
		snprintf(path, sizeof(path), "ipv6/conf/%s/%s", name,
			 set[i][0]);
		if (!net_sysctl(path, set[i][1]))
			net_die(path);
	}
}

void net_address(const char *name, unsigned int version, const uint8_t *address,
		 unsigned int prefix)
{
	struct ifaddrmsg body = { .ifa_family = family(version),
				  .ifa_prefixlen = (uint8_t)prefix,
				  .ifa_flags = IFA_F_NODAD,
				  .ifa_index = (uint32_t)net_index(name) };
	struct rtnl m;

	rtnl_begin(&m, RTM_NEWADDR, NLM_F_CREATE, &body, sizeof(body));
	rtnl_put(&m, IFA_LOCAL, address, net_address_len(version));
	rtnl_put(&m, IFA_ADDRESS, address, net_address_len(version));
	must(&m, name);
}

void net_neighbour(const char *name, unsigned int version,
		   const uint8_t *address, const uint8_t mac[NET_LINK_ALEN])
{
	struct ndmsg body = { .ndm_family = family(version),
			      .ndm_ifindex = net_index(name),
			      .ndm_state = NUD_PERMANENT };
	struct rtnl m;

	rtnl_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE, &body, sizeof(body));
	rtnl_put(&m, NDA_DST, address, net_address_len(version));
	rtnl_put(&m, NDA_LLADDR, mac, NET_LINK_ALEN);
	must(&m, name);
}

void net_delete(const char *name)
{
	static const struct ifinfomsg link;
	struct rtnl m;

	rtnl_begin(&m, RTM_DELLINK, 0, &link, sizeof(link));
	rtnl_put_string(&m, IFLA_IFNAME, name);
	errno = -rtnl_send(&m, NETLINK_ROUTE);
	if (errno && errno != ENODEV)
		net_die(name);
}

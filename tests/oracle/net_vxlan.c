/* SPDX-License-Identifier: MIT */
/* net_vxlan.c - a VXLAN device, for the sake of its UDP sockets */
#include "net.h"

#include <errno.h>

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "net_ip.h"

bool net_vxlan(const char *name, uint16_t port, bool gpe)
{
	static const uint8_t none = 0, one = 1;
	uint16_t wire = htons(port);
	size_t info, data;
	struct rtnl m;

	net_new_link(&m, name);
	info = rtnl_nest(&m, IFLA_LINKINFO);
	rtnl_put_string(&m, IFLA_INFO_KIND, "vxlan");
	data = rtnl_nest(&m, IFLA_INFO_DATA);
	rtnl_put(&m, IFLA_VXLAN_COLLECT_METADATA, &one, 1);
	rtnl_put(&m, IFLA_VXLAN_LEARNING, &none, 1);
	rtnl_put(&m, IFLA_VXLAN_PORT, &wire, 2);
	if (gpe)
		rtnl_put(&m, IFLA_VXLAN_GPE, NULL, 0);
	rtnl_nest_end(&m, data);
	rtnl_nest_end(&m, info);
	errno = -rtnl_send(&m, NETLINK_ROUTE);
	if (errno == EOPNOTSUPP)
		return false;
	if (errno)
		net_die(name);
	net_up(name);
	return true;
}

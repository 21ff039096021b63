/* SPDX-License-Identifier: MIT */
/* net_tunnel.c - tunnel devices, for the sake of their UDP sockets */
#include "net.h"

#include <errno.h>

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "net_ip.h"

/* Attributes of a kind of device are to follow. */
struct device {
	struct rtnl m;
	size_t info;
	size_t data;
};

static void begin(struct device *d, const char *name, const char *kind)
{
	net_new_link(&d->m, name);
	d->info = rtnl_nest(&d->m, IFLA_LINKINFO);
	rtnl_put_string(&d->m, IFLA_INFO_KIND, kind);
	d->data = rtnl_nest(&d->m, IFLA_INFO_DATA);
}

/* False: this kernel has none. */
static bool end(struct device *d, const char *name)
{
	rtnl_nest_end(&d->m, d->data);
	rtnl_nest_end(&d->m, d->info);
	errno = -rtnl_send(&d->m, NETLINK_ROUTE);
	if (errno == EOPNOTSUPP)
		return false;
	if (errno)
		net_die(name);
	net_up(name);
	return true;
}

bool net_vxlan(const char *name, uint16_t port, bool gpe)
{
	static const uint8_t none = 0, one = 1;
	uint16_t wire = htons(port);
	struct device d;

	begin(&d, name, "vxlan");
	rtnl_put(&d.m, IFLA_VXLAN_COLLECT_METADATA, &one, 1);
	rtnl_put(&d.m, IFLA_VXLAN_LEARNING, &none, 1);
	rtnl_put(&d.m, IFLA_VXLAN_PORT, &wire, 2);
	if (gpe)
		rtnl_put(&d.m, IFLA_VXLAN_GPE, NULL, 0);
	else
		rtnl_put(&d.m, IFLA_VXLAN_REMCSUM_RX, &one, 1);
	return end(&d, name);
}

bool net_geneve(const char *name, uint16_t port)
{
	uint16_t wire = htons(port);
	struct device d;

	begin(&d, name, "geneve");
	rtnl_put(&d.m, IFLA_GENEVE_COLLECT_METADATA, NULL, 0);
	rtnl_put(&d.m, IFLA_GENEVE_PORT, &wire, 2);
	return end(&d, name);
}

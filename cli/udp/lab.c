/* SPDX-License-Identifier: MIT */
/* lab.c - two network namespaces of our own, joined by a veth pair */
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../src/port/rtnl.h"

#define HERE "198.18.0.1"

int lab_enter(int ns)
{
	if (ns >= 0 && setns(ns, CLONE_NEWNET))
		return -errno;
	return 0;
}

/* A namespace that is new, and that we are in. */
static int make(void)
{
	if (unshare(CLONE_NEWNET))
		return -1;
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

/* Others may make namespaces as the root of a user namespace of their own. */
static bool both(struct lab *l)
{
	l->far = make();
	if (l->far < 0 && !unshare(CLONE_NEWUSER))
		l->far = make();
	if (l->far < 0)
		return false;
	l->here = make();
	return l->here >= 0;
}

static bool ask(const char *name, unsigned long request, struct ifreq *r)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(r->ifr_name, sizeof(r->ifr_name), "%s", name);
	ok = fd >= 0 && !ioctl(fd, request, r);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool up(const char *name)
{
	struct ifreq r = { 0 };

	if (!ask(name, SIOCGIFFLAGS, &r))
		return false;
	r.ifr_flags = (short)(r.ifr_flags | IFF_UP);
	return ask(name, SIOCSIFFLAGS, &r);
}

static bool address(const char *name, unsigned long request, const char *text)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct ifreq r = { 0 };

	inet_pton(AF_INET, text, &a.sin_addr);
	memcpy(&r.ifr_addr, &a, sizeof(a));
	return ask(name, request, &r);
}

static bool set_up(const char *name, const char *text)
{
	return up("lo") && address(name, SIOCSIFADDR, text) &&
	       address(name, SIOCSIFNETMASK, "255.255.255.252") && up(name);
}

static int pair(int far)
{
	struct ifinfomsg link = { 0 };
	struct rtnl m;
	size_t info, data, peer;

	rtnl_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link,
		   sizeof(link));
	rtnl_put_string(&m, IFLA_IFNAME, "veth0");
	info = rtnl_nest(&m, IFLA_LINKINFO);
	rtnl_put_string(&m, IFLA_INFO_KIND, "veth");
	data = rtnl_nest(&m, IFLA_INFO_DATA);
	peer = rtnl_nest(&m, VETH_INFO_PEER);
	rtnl_put_body(&m, &link, sizeof(link));
	rtnl_put_string(&m, IFLA_IFNAME, "veth1");
	rtnl_put32(&m, IFLA_NET_NS_FD, (uint32_t)far);
	rtnl_nest_end(&m, peer);
	rtnl_nest_end(&m, data);
	rtnl_nest_end(&m, info);
	return rtnl_send(&m, NETLINK_ROUTE);
}

/* Both ends; afterwards we are here. */
static bool joined(const struct lab *l)
{
	return !pair(l->far) && !lab_enter(l->far) &&
	       set_up("veth1", LAB_FAR) && !lab_enter(l->here) &&
	       set_up("veth0", HERE);
}

void lab_open(struct lab *l)
{
	*l = (struct lab){ .here = -1,
			   .far = -1,
			   .far_address = "127.0.0.1",
			   .what = "loopback" };
	if (!both(l)) {
		l->why = "no right to make network namespaces";
		l->here = l->far;
	} else if (joined(l)) {
		l->far_address = LAB_FAR;
		l->what = "a veth pair between two namespaces of its own";
		return;
	} else {
		l->why = "no veth pair can be made here";
		l->far = l->here;
	}
	if (l->here >= 0 && !lab_enter(l->here))
		up("lo");
}

/* SPDX-License-Identifier: MIT */
/* route.c - the way to a destination, as the kernel sees it */
#include "route.h"

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../src/port/rtnl.h"

#define ANSWER 32768 /* a device with many functions says much */

union answer {
	struct nlmsghdr head;
	uint8_t bytes[ANSWER];
};

/* Attributes behind a body of some bytes; NULL if there are none. */
static const struct rtattr *first(const union answer *a, ssize_t n, size_t body,
				  size_t *left)
{
	size_t skip = NLMSG_SPACE(body);

	if (n < 0 || (size_t)n <= skip)
		return NULL;
	*left = (size_t)n - skip;
	return (const struct rtattr *)(const void *)(a->bytes + skip);
}

/* The attribute of a type, with @least bytes at least, or NULL. */
static const void *find(const struct rtattr *a, size_t left, unsigned int type,
			size_t least)
{
	const uint8_t *p = (const uint8_t *)a;
	struct rtattr head;

	while (p && left >= sizeof(head)) {
		memcpy(&head, p, sizeof(head));
		if (head.rta_len < sizeof(head) || head.rta_len > left)
			break;
		if ((head.rta_type & NLA_TYPE_MASK) == type &&
		    head.rta_len >= RTA_LENGTH(least))
			return p + RTA_LENGTH(0);
		if (RTA_ALIGN(head.rta_len) >= left)
			break;
		p += RTA_ALIGN(head.rta_len);
		left -= RTA_ALIGN(head.rta_len);
	}
	return NULL;
}

static uint32_t number(const struct rtattr *a, size_t left, unsigned int type)
{
	const void *p = find(a, left, type, sizeof(uint32_t));
	uint32_t v = 0;

	if (p)
		memcpy(&v, p, sizeof(v));
	return v;
}

static void text(const struct rtattr *a, size_t left, unsigned int type,
		 char *to, size_t size)
{
	const char *p = find(a, left, type, 1);

	if (p)
		snprintf(to, size, "%s", p);
}

/* The address itself, IPv4 out of v4-mapped ones. */
static int address_of(const struct peer *to, uint8_t bytes[16])
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (to->addr.ss_family == AF_INET) {
		memcpy(&four, &to->addr, sizeof(four));
		memcpy(bytes, &four.sin_addr, 4);
		return AF_INET;
	}
	memcpy(&six, &to->addr, sizeof(six));
	if (peer_v4((const struct sockaddr *)&to->addr)) {
		memcpy(bytes, six.sin6_addr.s6_addr + 12, 4);
		return AF_INET;
	}
	memcpy(bytes, &six.sin6_addr, 16);
	return AF_INET6;
}

static uint32_t scope_of(const struct peer *to)
{
	struct sockaddr_in6 six;

	memcpy(&six, &to->addr, sizeof(six));
	return to->addr.ss_family == AF_INET6 ? six.sin6_scope_id : 0;
}

static void next_hop(const struct rtattr *a, size_t left, int family,
		     struct route *r)
{
	size_t size = family == AF_INET ? 4 : 16;
	const uint8_t *p = find(a, left, RTA_GATEWAY, size);

	if (p)
		inet_ntop(family, p, r->gateway, sizeof(r->gateway));
	/* an IPv4 route by an IPv6 neighbour: family, then address */
	p = find(a, left, RTA_VIA, 2 + sizeof(struct in6_addr));
	if (p)
		inet_ntop(AF_INET6, p + 2, r->gateway, sizeof(r->gateway));
}

static void ask_route(const struct peer *to, union answer *a, struct route *r)
{
	struct rtmsg body = { 0 };
	uint8_t bytes[16];
	const struct rtattr *at;
	struct rtnl m;
	size_t left = 0;
	ssize_t n;

	body.rtm_family = (unsigned char)address_of(to, bytes);
	body.rtm_dst_len = body.rtm_family == AF_INET ? 32 : 128;
	rtnl_begin(&m, RTM_GETROUTE, 0, &body, sizeof(body));
	rtnl_put(&m, RTA_DST, bytes, body.rtm_dst_len / 8);
	if (scope_of(to))
		rtnl_put32(&m, RTA_OIF, scope_of(to));
	n = rtnl_ask(&m, NETLINK_ROUTE, a, sizeof(*a));
	at = first(a, n, sizeof(body), &left);
	r->ifindex = number(at, left, RTA_OIF);
	next_hop(at, left, body.rtm_family, r);
}

static void ask_link(union answer *a, struct route *r)
{
	struct ifinfomsg body = { .ifi_index = (int)r->ifindex };
	const struct rtattr *at;
	struct rtnl m;
	size_t left = 0;
	ssize_t n;

	rtnl_begin(&m, RTM_GETLINK, 0, &body, sizeof(body));
	n = rtnl_ask(&m, NETLINK_ROUTE, a, sizeof(*a));
	at = first(a, n, sizeof(body), &left);
	text(at, left, IFLA_IFNAME, r->ifname, sizeof(r->ifname));
	text(at, left, IFLA_QDISC, r->qdisc, sizeof(r->qdisc));
	r->device_mtu = number(at, left, IFLA_MTU);
}

static bool ethtool(int fd, const struct route *r, void *what)
{
	struct ifreq ifr = { 0 };

	memcpy(ifr.ifr_name, r->ifname, sizeof(ifr.ifr_name));
	ifr.ifr_data = what;
	return *r->ifname && !ioctl(fd, SIOCETHTOOL, &ifr);
}

/* How many features this kernel knows. */
static uint32_t features(int fd, const struct route *r)
{
	union {
		struct ethtool_sset_info head;
		uint32_t word[8]; /* what the mask asked for is behind it */
	} info = { .head = { .cmd = ETHTOOL_GSSET_INFO,
			     .sset_mask = 1ull << ETH_SS_FEATURES } };

	return ethtool(fd, r, &info) ?
		       info.word[sizeof(info.head) / sizeof(uint32_t)] :
		       0;
}

/* The number of a feature; @count if there is none of that name. */
static uint32_t feature_of(int fd, const struct route *r, uint32_t count,
			   const char *name)
{
	size_t size = sizeof(struct ethtool_gstrings) +
		      (size_t)count * ETH_GSTRING_LEN;
	struct ethtool_gstrings *s = calloc(1, size);
	uint32_t i = count;

	if (!s)
		return count;
	s->cmd = ETHTOOL_GSTRINGS;
	s->string_set = ETH_SS_FEATURES;
	s->len = count;
	if (ethtool(fd, r, s))
		for (i = 0; i < count; i++)
			if (!strncmp((char *)s->data +
					     (size_t)i * ETH_GSTRING_LEN,
				     name, ETH_GSTRING_LEN))
				break;
	free(s);
	return i;
}

/* Is a feature on? -1: nobody says. */
static int feature(int fd, const struct route *r, const char *name)
{
	uint32_t count = features(fd, r), i, blocks = (count + 31) / 32;
	struct ethtool_gfeatures *g;
	int on = -1;

	i = feature_of(fd, r, count, name);
	g = calloc(1, sizeof(*g) + blocks * sizeof(g->features[0]));
	if (g && i < count) {
		g->cmd = ETHTOOL_GFEATURES;
		g->size = blocks;
		if (ethtool(fd, r, g))
			on = (int)(g->features[i / 32].active >> i % 32 & 1);
	}
	free(g);
	return on;
}

static void ask_device(int fd, struct route *r)
{
	struct ethtool_value v = { .cmd = ETHTOOL_GTXCSUM };

	r->checksum = ethtool(fd, r, &v) ? v.data != 0 : -1;
	r->segmentation = feature(fd, r, "tx-udp-segmentation");
}

uint32_t route_mtu(int fd, int family)
{
	int mtu = 0, err;
	socklen_t len = sizeof(mtu);

	if (family == AF_INET)
		err = getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &len);
	else
		err = getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &len);
	return err || mtu < 0 ? 0 : (uint32_t)mtu;
}

void route_find(const struct peer *to, int fd, struct route *r)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	union answer *a = malloc(sizeof(*a));

	memset(r, 0, sizeof(*r));
	if (a) {
		ask_route(to, a, r);
		if (r->ifindex)
			ask_link(a, r);
		free(a);
	}
	if (!getsockname(fd, (struct sockaddr *)&own, &len))
		peer_host((struct sockaddr *)&own, r->source);
	r->mtu = route_mtu(fd, to->addr.ss_family);
	ask_device(fd, r);
}

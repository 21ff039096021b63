/* SPDX-License-Identifier: MIT */
/* net_fou.c - sockets that end FOU and GUE */
#include "net.h"

#include <errno.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/fou.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "../../src/port/rtnl.h"

#define GENL_HEADERS (sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr))

static void begin(struct rtnl *m, uint16_t family, uint8_t command)
{
	struct genlmsghdr g = { .cmd = command, .version = 1 };

	rtnl_begin(m, family, 0, &g, sizeof(g));
}

/* A number among the attributes of an answer; 0: it is not there. */
static uint16_t find_u16(const uint8_t *p, size_t n, uint16_t type)
{
	struct nlattr a;
	uint16_t value;

	for (; n >= sizeof(a) + sizeof(value); p += a.nla_len, n -= a.nla_len) {
		memcpy(&a, p, sizeof(a));
		memcpy(&value, p + sizeof(a), sizeof(value));
		if (a.nla_type == type)
			return value;
		a.nla_len = (uint16_t)NLMSG_ALIGN(a.nla_len);
		if (a.nla_len < sizeof(a) || a.nla_len > n)
			break;
	}
	return 0;
}

/* The number of a family; 0: there is none, and errno is ENOENT. */
static uint16_t family_of(const char *name)
{
	union {
		struct nlmsghdr head;
		uint8_t bytes[4096];
	} answer;
	struct rtnl m;
	ssize_t n;
	uint16_t number = 0;

	begin(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	rtnl_put_string(&m, CTRL_ATTR_FAMILY_NAME, name);
	n = rtnl_ask(&m, NETLINK_GENERIC, &answer, sizeof(answer));
	errno = n < 0 ? (int)-n : EBADMSG;
	if (n >= (ssize_t)GENL_HEADERS)
		number = find_u16(answer.bytes + GENL_HEADERS,
				  (size_t)n - GENL_HEADERS,
				  CTRL_ATTR_FAMILY_ID);
	if (!number && errno != ENOENT)
		net_die(name);
	return number;
}

static void add(uint16_t family, uint8_t af, uint16_t port, uint8_t proto)
{
	uint8_t type = proto ? FOU_ENCAP_DIRECT : FOU_ENCAP_GUE;
	uint16_t wire = htons(port);
	struct rtnl m;

	begin(&m, family, FOU_CMD_ADD);
	rtnl_put(&m, FOU_ATTR_PORT, &wire, sizeof(wire));
	rtnl_put(&m, FOU_ATTR_AF, &af, sizeof(af));
	rtnl_put(&m, FOU_ATTR_TYPE, &type, sizeof(type));
	if (proto)
		rtnl_put(&m, FOU_ATTR_IPPROTO, &proto, sizeof(proto));
	errno = -rtnl_send(&m, NETLINK_GENERIC);
	if (errno)
		net_die("FOU_CMD_ADD");
}

bool net_fou(uint16_t port, uint8_t proto)
{
	uint16_t family = family_of(FOU_GENL_NAME);

	if (!family)
		return false;
	add(family, AF_INET, port, proto);
	add(family, AF_INET6, port, proto);
	return true;
}

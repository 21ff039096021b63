/* SPDX-License-Identifier: MIT */
/* net_vxlan.c - a VXLAN device, for the sake of its UDP sockets */
#include "net.h"

#include <errno.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

/* A message that grows. */
struct message {
	struct nlmsghdr head;
	struct ifinfomsg link;
	uint8_t bytes[256];
};

static struct rtattr *add(struct message *m, unsigned short type,
			  const void *data, size_t len)
{
	struct rtattr *a = (struct rtattr *)((uint8_t *)m +
					     NLMSG_ALIGN(m->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	m->head.nlmsg_len =
		NLMSG_ALIGN(m->head.nlmsg_len) + (uint32_t)RTA_SPACE(len);
	return a;
}

/* What was added since @a is inside it. */
static void end(struct message *m, struct rtattr *a)
{
	a->rta_len = (unsigned short)((uint8_t *)m + m->head.nlmsg_len -
				      (uint8_t *)a);
}

bool net_vxlan(const char *name, uint16_t port, bool gpe)
{
	static const uint8_t none = 0, one = 1;
	struct message m = {
		.head = { .nlmsg_len = NLMSG_LENGTH(sizeof(m.link)),
			  .nlmsg_type = RTM_NEWLINK,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK |
					 NLM_F_CREATE | NLM_F_EXCL }
	};
	struct rtattr *info, *data;
	uint16_t wire = htons(port);

	add(&m, IFLA_IFNAME, name, strlen(name) + 1);
	info = add(&m, IFLA_LINKINFO, NULL, 0);
	add(&m, IFLA_INFO_KIND, "vxlan", 6);
	data = add(&m, IFLA_INFO_DATA, NULL, 0);
	add(&m, IFLA_VXLAN_COLLECT_METADATA, &one, 1);
	add(&m, IFLA_VXLAN_LEARNING, &none, 1);
	add(&m, IFLA_VXLAN_PORT, &wire, 2);
	if (gpe)
		add(&m, IFLA_VXLAN_GPE, NULL, 0);
	end(&m, data);
	end(&m, info);
	errno = net_netlink(&m.head);
	if (errno == EOPNOTSUPP)
		return false;
	if (errno)
		net_die(name);
	net_up(name);
	return true;
}

/* SPDX-License-Identifier: MIT */
/* rtnl.h - messages to rtnetlink and generic netlink */
#ifndef SEGOFF_PORT_RTNL_H
#define SEGOFF_PORT_RTNL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/netlink.h>

#define RTNL_ROOM 1024 /* bytes of a message that is sent */

/* A message that is being written. */
struct rtnl {
	struct nlmsghdr head;
	uint8_t rest[RTNL_ROOM - NLMSG_HDRLEN];
};

/**
 * rtnl_begin() - a message without attributes
 * @m: receives it
 * @type: RTM_*, or the number of a generic family
 * @flags: NLM_F_* besides REQUEST and ACK
 * @body: what is before the attributes
 * @len: bytes of @body
 */
void rtnl_begin(struct rtnl *m, unsigned short type, unsigned short flags,
		const void *body, size_t len);

/* Add an attribute; without @data its bytes are zero. What does not fit makes
 * rtnl_send() fail. */
void rtnl_put(struct rtnl *m, unsigned short type, const void *data,
	      size_t len);
void rtnl_put_string(struct rtnl *m, unsigned short type, const char *s);
void rtnl_put32(struct rtnl *m, unsigned short type, uint32_t value);

/* Bytes that are no attribute, as VETH_INFO_PEER has them. */
void rtnl_put_body(struct rtnl *m, const void *body, size_t len);

/* Attributes inside of one; what rtnl_nest() returns is for rtnl_nest_end(). */
size_t rtnl_nest(struct rtnl *m, unsigned short type);
void rtnl_nest_end(struct rtnl *m, size_t at);

/**
 * rtnl_send() - send it, and wait for what the kernel says
 * @m: message
 * @protocol: NETLINK_ROUTE or NETLINK_GENERIC
 *
 * Return: 0 or a negative errno: the kernel's, or -EMSGSIZE if the message had
 * no room for all that was put into it.
 */
int rtnl_send(struct rtnl *m, int protocol);

/**
 * rtnl_ask() - send a request that is answered by one message
 * @m: message
 * @protocol: NETLINK_ROUTE or NETLINK_GENERIC
 * @answer: receives it, aligned for struct nlmsghdr
 * @size: room there
 *
 * Return: its bytes; a negative errno as of rtnl_send(), -EBADMSG if there is
 * no sense in the answer.
 */
ssize_t rtnl_ask(struct rtnl *m, int protocol, void *answer, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/* rtnl.c - messages to rtnetlink and generic netlink */
#include "rtnl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "net.h"

static uint8_t *grow(struct rtnl *m, size_t n)
{
	uint8_t *p = m->bytes + NLMSG_ALIGN(m->head.nlmsg_len);

	errno = EMSGSIZE;
	if (NLMSG_ALIGN(m->head.nlmsg_len) + n > RTNL_ROOM)
		net_die("netlink");
	m->head.nlmsg_len = (uint32_t)(NLMSG_ALIGN(m->head.nlmsg_len) + n);
	return p;
}

void rtnl_begin(struct rtnl *m, unsigned short type, unsigned short flags,
		const void *body, size_t len)
{
	memset(m, 0, sizeof(*m));
	m->head.nlmsg_type = type;
	m->head.nlmsg_flags =
		(unsigned short)(flags | NLM_F_REQUEST | NLM_F_ACK);
	m->head.nlmsg_len = NLMSG_HDRLEN;
	rtnl_put_body(m, body, len);
}

void rtnl_put_body(struct rtnl *m, const void *body, size_t len)
{
	memcpy(grow(m, len), body, len);
}

void rtnl_put(struct rtnl *m, unsigned short type, const void *data, size_t len)
{
	struct rtattr head = { (unsigned short)RTA_LENGTH(len), type };
	uint8_t *p = grow(m, RTA_LENGTH(len));

	memcpy(p, &head, sizeof(head));
	if (data)
		memcpy(p + RTA_LENGTH(0), data, len);
}

void rtnl_put_string(struct rtnl *m, unsigned short type, const char *s)
{
	rtnl_put(m, type, s, strlen(s) + 1);
}

void rtnl_put32(struct rtnl *m, unsigned short type, uint32_t value)
{
	rtnl_put(m, type, &value, sizeof(value));
}

size_t rtnl_nest(struct rtnl *m, unsigned short type)
{
	size_t at = NLMSG_ALIGN(m->head.nlmsg_len);

	rtnl_put(m, type, NULL, 0);
	return at;
}

void rtnl_nest_end(struct rtnl *m, size_t at)
{
	unsigned short len = (unsigned short)(m->head.nlmsg_len - at);

	memcpy(m->bytes + at, &len, sizeof(len));
}

int rtnl_send(struct rtnl *m, int protocol)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr body;
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0 || send(fd, m->bytes, m->head.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer))
		net_die("netlink");
	close(fd);
	return answer.body.error;
}

/* SPDX-License-Identifier: MIT */
/* rtnl.c - messages to rtnetlink and generic netlink */
#include "rtnl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for more bytes, or NULL, for good: a message lacks all or nothing. */
static uint8_t *grow(struct rtnl *m, size_t n)
{
	size_t at = NLMSG_ALIGN(m->head.nlmsg_len);

	if (at > RTNL_ROOM || n > RTNL_ROOM - at) {
		m->head.nlmsg_len = RTNL_ROOM + 1;
		return NULL;
	}
	m->head.nlmsg_len = (uint32_t)(at + n);
	return m->rest + at - NLMSG_HDRLEN;
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
	uint8_t *p = grow(m, len);

	if (p)
		memcpy(p, body, len);
}

void rtnl_put(struct rtnl *m, unsigned short type, const void *data, size_t len)
{
	struct rtattr head = { (unsigned short)RTA_LENGTH(len), type };
	uint8_t *p = grow(m, RTA_LENGTH(len));

	if (!p)
		return;
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

	if (m->head.nlmsg_len <= RTNL_ROOM)
		memcpy(m->rest + at - NLMSG_HDRLEN, &len, sizeof(len));
}

/* The answer: an error, an acknowledgement, or what was asked for. */
static ssize_t answer_of(const struct nlmsghdr *h, ssize_t n)
{
	struct nlmsgerr e;

	if (n < 0)
		return -errno;
	if (n < NLMSG_HDRLEN || h->nlmsg_len > (size_t)n)
		return -EBADMSG;
	if (h->nlmsg_type != NLMSG_ERROR)
		return (ssize_t)h->nlmsg_len;
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(e)))
		return -EBADMSG;
	/* NLMSG_DATA() would cast const away */
	memcpy(&e, (const uint8_t *)h + NLMSG_HDRLEN, sizeof(e));
	return e.error;
}

ssize_t rtnl_ask(struct rtnl *m, int protocol, void *answer, size_t size)
{
	ssize_t n;
	int fd;

	if (m->head.nlmsg_len > RTNL_ROOM)
		return -EMSGSIZE;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -errno;
	n = send(fd, m, m->head.nlmsg_len, 0);
	if (n > 0)
		n = recv(fd, answer, size, 0);
	n = answer_of(answer, n);
	close(fd);
	return n;
}

int rtnl_send(struct rtnl *m, int protocol)
{
	union {
		struct nlmsghdr head;
		uint8_t bytes[512];
	} answer;

	return (int)rtnl_ask(m, protocol, &answer, sizeof(answer));
}

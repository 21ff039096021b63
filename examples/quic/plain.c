/* SPDX-License-Identifier: MIT */
/*
 * plain.c - QUIC packets leave and arrive one by one, a system call each
 *
 * What trains.c is compared with; the library has no part in it.
 */
#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define ROUND 64 /* packets received before somebody else has a turn */

static struct wire_count count;
static int fd, level, type;

static void plain_open(int socket)
{
	int family, one = 1;
	socklen_t len = sizeof(family);

	fd = socket;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len))
		die("getsockopt", strerror(errno));
	level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	type = family == AF_INET ? IP_TOS : IPV6_TCLASS;
	if (setsockopt(fd, level,
		       family == AF_INET ? IP_RECVTOS : IPV6_RECVTCLASS, &one,
		       sizeof(one)))
		die("setsockopt", strerror(errno));
}

static ssize_t send_one(const struct packet *p)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec v = { (void *)(uintptr_t)p->bytes, p->len };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int tos = (int)p->ecn;

	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(sizeof(tos));
	memcpy(CMSG_DATA(c), &tos, sizeof(tos));
	return sendmsg(fd, &m, 0);
}

static size_t plain_send(const struct packet *p, size_t n, int *error)
{
	size_t i;

	*error = 0;
	for (i = 0; i < n; i++) {
		count.calls++;
		if (send_one(&p[i]) < 0) {
			*error = -errno;
			break;
		}
		count.packets++;
	}
	return i;
}

/* IPv4 tells a TOS as a byte, IPv6 a traffic class as an int. */
static uint32_t ecn_of(struct msghdr *m)
{
	int tos = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != level || c->cmsg_type != type)
			continue;
		if (level == IPPROTO_IP)
			tos = *CMSG_DATA(c);
		else
			memcpy(&tos, CMSG_DATA(c), sizeof(tos));
	}
	return (uint32_t)tos & 3;
}

static int receive_one(arrival arrived, void *ctx)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	static uint8_t bytes[65535];
	struct iovec v = { bytes, sizeof(bytes) };
	struct msghdr m = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, 0);

	count.receive_calls++;
	if (n < 0)
		return -errno;
	count.received++;
	return arrived(ctx, bytes, (size_t)n, ecn_of(&m));
}

static int plain_receive(arrival arrived, void *ctx)
{
	int err = 0;

	for (int i = 0; !err && i < ROUND; i++)
		err = receive_one(arrived, ctx);
	return err;
}

static void plain_count(struct wire_count *c)
{
	*c = count;
}

const struct wire wire_plain = { .name = "plain",
				 .open = plain_open,
				 .send = plain_send,
				 .receive = plain_receive,
				 .count = plain_count };

/* SPDX-License-Identifier: MIT */
/* view.c - what a message that was received says */
#include "rx.h"

#include <errno.h>
#include <netinet/ip.h>
#include <time.h>

/* Linux's numbers for what arrives; glibc hides some behind feature macros. */
#ifndef SCM_TIMESTAMPNS
#define SCM_TIMESTAMPNS 35
#endif

static int int_of(const struct cmsghdr *c)
{
	int v = 0;
	uint8_t byte;

	if (c->cmsg_len >= CMSG_LEN(sizeof(v))) {
		memcpy(&v, CMSG_DATA(c), sizeof(v));
	} else if (c->cmsg_len >= CMSG_LEN(1)) {
		memcpy(&byte, CMSG_DATA(c), 1);
		v = byte;
	}
	return v;
}

static void view_dst4(struct segoff_udp_train *t, const struct cmsghdr *c)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct in_pktinfo i;

	if (c->cmsg_len < CMSG_LEN(sizeof(i)))
		return;
	memcpy(&i, CMSG_DATA(c), sizeof(i));
	memcpy(t->dst.s6_addr, mapped, sizeof(mapped));
	memcpy(&t->dst.s6_addr[12], &i.ipi_addr, sizeof(i.ipi_addr));
	t->ifindex = (uint32_t)i.ipi_ifindex;
}

static void view_dst6(struct segoff_udp_train *t, const struct cmsghdr *c)
{
	struct in6_pktinfo i;

	if (c->cmsg_len < CMSG_LEN(sizeof(i)))
		return;
	memcpy(&i, CMSG_DATA(c), sizeof(i));
	t->dst = i.ipi6_addr;
	t->ifindex = i.ipi6_ifindex;
}

static void view_time(struct segoff_udp_train *t, const struct cmsghdr *c)
{
	struct timespec ts;

	if (c->cmsg_len < CMSG_LEN(sizeof(ts)))
		return;
	memcpy(&ts, CMSG_DATA(c), sizeof(ts));
	t->time = (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* One control message; what is not known is left alone. */
static void view_one(struct segoff_udp_train *t, const struct cmsghdr *c,
		     int *size)
{
	if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO)
		*size = int_of(c);
	else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS) ||
		 (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS))
		t->tos = int_of(c);
	else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
		view_dst4(t, c);
	else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
		view_dst6(t, c);
	else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
		view_time(t, c);
	else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
		t->drops = (uint32_t)int_of(c);
}

void segoff__udp_view(struct segoff_udp_train *t, struct msghdr *h, size_t len)
{
	struct cmsghdr *c;
	int size = 0;

	*t = (struct segoff_udp_train){ .data = h->msg_iov->iov_base,
					.len = len,
					.tos = -1,
					.from = h->msg_name };
	for (c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c))
		view_one(t, c, &size);
	if (h->msg_flags & MSG_TRUNC || len > h->msg_iov->iov_len)
		t->error = -EMSGSIZE;
	else if (h->msg_flags & MSG_CTRUNC)
		t->error = -ENOBUFS;
	if (t->error)
		return;
	t->size = (uint32_t)len;
	t->count = 1;
	if (size > 0 && (size_t)size < len) {
		t->size = (uint32_t)size;
		t->count = (uint32_t)((len + t->size - 1) / t->size);
	}
}

/* SPDX-License-Identifier: MIT */
/* fake.c - a kernel's UDP socket made of its rules, and of faults */
#include "fake.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef SCM_TXTIME
#define SCM_TXTIME 61
#endif
#ifndef MSG_ZEROCOPY
#define MSG_ZEROCOPY 0x4000000
#endif

static struct fake *of(void *ctx)
{
	return ctx;
}

static bool is_mapped(const struct in6_addr *a)
{
	return IN6_IS_ADDR_V4MAPPED(a);
}

static int read_name(const struct fake *f, const struct msghdr *h,
		     struct fake_attr *a)
{
	const struct sockaddr *sa = h->msg_name;
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	a->path = 0;
	a->v4 = f->family == AF_INET || f->mapped_peer;
	if (!sa)
		return 0;
	if (sa->sa_family == AF_INET && f->family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		a->path = ntohl(in.sin_addr.s_addr) % FAKE_PATHS;
		return h->msg_namelen < sizeof(in) ? -EINVAL : 0;
	}
	if (sa->sa_family != AF_INET6 || f->family != AF_INET6)
		return -EAFNOSUPPORT;
	memcpy(&in6, sa, sizeof(in6));
	a->path = in6.sin6_addr.s6_addr[15] % FAKE_PATHS;
	a->v4 = is_mapped(&in6.sin6_addr);
	return h->msg_namelen < sizeof(in6) ? -EINVAL : 0;
}

/* cmsgs of level SOL_UDP: only one is known (R-SOCK-1). */
static int read_udp(const struct fake *f, const struct cmsghdr *c,
		    struct fake_attr *a)
{
	uint16_t size;

	if (!f->gso)
		return 0;
	if (c->cmsg_type != UDP_SEGMENT || c->cmsg_len != CMSG_LEN(2))
		return -EINVAL;
	memcpy(&size, CMSG_DATA(c), sizeof(size));
	a->gso = size;
	return 0;
}

static int read_ip(const struct cmsghdr *c, struct fake_attr *a)
{
	struct in_pktinfo info;
	int tos;

	if (c->cmsg_type == IP_TOS && c->cmsg_len == CMSG_LEN(sizeof(tos))) {
		memcpy(&tos, CMSG_DATA(c), sizeof(tos));
		a->tos = a->v4 ? tos : a->tos; /* ignored in silence */
		return tos > 255 ? -EINVAL : 0;
	}
	if (c->cmsg_type != IP_PKTINFO || c->cmsg_len != CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	a->ifindex = (uint32_t)info.ipi_ifindex;
	if (info.ipi_spec_dst.s_addr) {
		memset(&a->from, 0, sizeof(a->from));
		a->from.s6_addr[10] = a->from.s6_addr[11] = 0xff;
		memcpy(&a->from.s6_addr[12], &info.ipi_spec_dst, 4);
	}
	return 0;
}

static int read_ipv6(const struct cmsghdr *c, struct fake_attr *a)
{
	struct in6_pktinfo info;
	int tos;

	if (c->cmsg_type == IPV6_TCLASS &&
	    c->cmsg_len == CMSG_LEN(sizeof(tos))) {
		memcpy(&tos, CMSG_DATA(c), sizeof(tos));
		a->tos = a->v4 ? a->tos : tos;
		return tos > 255 ? -EINVAL : 0;
	}
	if (c->cmsg_type != IPV6_PKTINFO ||
	    c->cmsg_len != CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	a->ifindex = info.ipi6_ifindex;
	a->from = info.ipi6_addr;
	return 0;
}

static int read_socket(const struct fake *f, const struct cmsghdr *c,
		       struct fake_attr *a)
{
	if (c->cmsg_type != SCM_TXTIME || c->cmsg_len != CMSG_LEN(8) ||
	    !f->txtime)
		return -EINVAL;
	memcpy(&a->txtime, CMSG_DATA(c), 8);
	return 0;
}

static int read_control(const struct fake *f, const struct msghdr *msg,
			struct fake_attr *a)
{
	struct msghdr h = *msg;
	struct cmsghdr *c;
	int err = 0;

	for (c = CMSG_FIRSTHDR(&h); c && !err; c = CMSG_NXTHDR(&h, c))
		switch (c->cmsg_level) {
		case SOL_UDP:
			err = read_udp(f, c, a);
			break;
		case IPPROTO_IP:
			err = read_ip(c, a);
			break;
		case IPPROTO_IPV6:
			err = read_ipv6(c, a);
			break;
		case SOL_SOCKET:
			err = read_socket(f, c, a);
			break;
		default:
			err = -EINVAL;
		}
	return err;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The checks of a train, in their order (R-SOCK-2, R-SOCK-3). */
static int judge_train(const struct fake *f, const struct fake_attr *a,
		       size_t len, size_t gso, size_t headers)
{
	const struct fake_path *p = &f->path[a->path];

	if (headers + least(len, gso) > p->mtu)
		return -f->mtu_err;
	if (len > gso * f->segs || f->no_check)
		return -EINVAL;
	return -p->gso_err;
}

static int judge(const struct fake *f, const struct fake_attr *a, size_t len,
		 size_t gso)
{
	const struct fake_path *p = &f->path[a->path];
	size_t headers = (a->v4 ? 28 : 48) + f->ip_options;
	size_t most = (a->v4 ? 65507 : 65527) - f->ip_options;
	int err = 0;

	if (len > most)
		return -EMSGSIZE;
	if (gso)
		err = judge_train(f, a, len, gso, headers);
	else if (p->df && headers + len > p->mtu)
		err = -EMSGSIZE;
	else
		err = -p->plain_err;
	if (!err && p->firewall && len > p->firewall)
		err = -EPERM;
	return err;
}

static void arrive(struct fake *f, const struct fake_attr *a, size_t at,
		   size_t len)
{
	struct fake_got g = { .path = a->path,
			      .data = f->buf + at,
			      .len = len,
			      .tos = a->tos,
			      .ifindex = a->ifindex,
			      .from = a->from,
			      .txtime = a->txtime };

	f->datagrams++;
	if (f->arrive)
		f->arrive(f->ctx, &g);
}

/* Everything that is in the buffer leaves. */
static int leave(struct fake *f, const struct fake_attr *a, size_t len)
{
	size_t gso = a->gso >= 0 ? (size_t)a->gso : f->option;
	int err = judge(f, a, len, gso);

	if (err)
		return err;
	f->lone += gso && len <= gso;
	f->trains += gso && len > gso;
	if (!gso || !len) {
		arrive(f, a, 0, len);
		return 0;
	}
	for (size_t at = 0; at < len; at += gso)
		arrive(f, a, at, least(gso, len - at));
	return 0;
}

/* Bytes of a message behind those that are there; no more than fit. */
static int append(struct fake *f, const struct msghdr *h, size_t at,
		  size_t *len)
{
	*len = at;
	if (h->msg_iovlen > 1024)
		return -EMSGSIZE;
	for (size_t i = 0; i < h->msg_iovlen; i++) {
		const struct iovec *v = &h->msg_iov[i];

		if (v->iov_len > 65535 || *len - at + v->iov_len > 65535)
			return -EMSGSIZE;
		memcpy(f->buf + *len, v->iov_base, v->iov_len);
		*len += v->iov_len;
	}
	return 0;
}

static int open_message(struct fake *f, const struct msghdr *h,
			struct fake_attr *a)
{
	int err;

	*a = (struct fake_attr){ .gso = -1, .tos = -1 };
	err = read_name(f, h, a);
	return err ? err : read_control(f, h, a);
}

/* A message as the kernel takes it; the cork's attributes hold for all. */
static int take(struct fake *f, const struct msghdr *h, int flags)
{
	struct fake_attr a;
	size_t len;
	int err = 0;

	if (f->corked)
		a = f->cork;
	else
		err = open_message(f, h, &a);
	if (!err)
		err = append(f, h, f->corked ? f->cork_len : 0, &len);
	if (!err && len > 65507 && flags & MSG_MORE)
		err = -EMSGSIZE;
	f->corked = !err && flags & MSG_MORE;
	if (f->corked) {
		f->cork = a;
		f->cork_len = len;
		return 0;
	}
	return err ? err : leave(f, &a, len);
}

static int some_error(struct fake *f)
{
	static const int errors[] = {
		EIO,	  EINVAL, ENOBUFS, EAGAIN, EPERM,	 EINTR,
		EMSGSIZE, ENOMEM, EFAULT,  ENODEV, ECONNREFUSED, EHOSTUNREACH,
		EAGAIN,	  EIO,	  EINVAL,  EPERM
	};

	return errors[rnd_below(&f->rnd, sizeof(errors) / sizeof(*errors))];
}

/* A fault of this message, or 0. What is corked may go with it. */
static int fault(struct fake *f)
{
	int err = 0;

	if (f->nlist) {
		err = *f->list++;
		f->nlist--;
	} else if (rnd_below(&f->rnd, 1000) < f->rate) {
		err = some_error(f);
	}
	if (err) {
		f->faults++;
		if (err == EMSGSIZE || rnd_below(&f->rnd, 2))
			f->corked = false;
	}
	return -err;
}

static int one(struct fake *f, const struct msghdr *h, int flags)
{
	int err = fault(f);

	if (!err)
		err = take(f, h, flags);
	if (!err && flags & MSG_ZEROCOPY)
		f->zerocopy++;
	return err;
}

static int fake_sendmmsg(void *ctx, int fd, struct mmsghdr *m, unsigned int n,
			 int flags)
{
	struct fake *f = of(ctx);

	(void)fd;
	if (!f->mmsg)
		return -ENOSYS;
	f->calls++;
	f->sendmmsgs++;
	for (unsigned int i = 0; i < n; i++) {
		int err = one(f, &m[i].msg_hdr, flags);

		if (err && i)
			f->partial++;
		if (err)
			return i ? (int)i : err;
	}
	return (int)n;
}

static ssize_t fake_sendmsg(void *ctx, int fd, const struct msghdr *m,
			    int flags)
{
	struct fake *f = of(ctx);

	(void)fd;
	f->calls++;
	f->sendmsgs++;
	return one(f, m, flags);
}

static ssize_t fake_sendto(void *ctx, int fd, const void *buf, size_t len,
			   int flags, const struct sockaddr *to,
			   socklen_t tolen)
{
	struct fake *f = of(ctx);
	struct iovec v = { (void *)(uintptr_t)buf, len };
	struct msghdr h = { .msg_name = (void *)(uintptr_t)to,
			    .msg_namelen = tolen,
			    .msg_iov = &v,
			    .msg_iovlen = 1 };
	int err;

	(void)fd;
	f->calls++;
	f->sendtos++;
	err = one(f, &h, flags);
	return err ? err : (ssize_t)len;
}

static void put_error(const struct fake *f, struct msghdr *m,
		      const struct sock_extended_err *e, bool stamp)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	bool v4 = f->family == AF_INET;

	c->cmsg_level = v4 ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = v4 ? IP_RECVERR : IPV6_RECVERR;
	if (stamp) {
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SO_TIMESTAMPING;
	}
	c->cmsg_len = CMSG_LEN(sizeof(*e));
	memcpy(CMSG_DATA(c), e, sizeof(*e));
	m->msg_controllen = CMSG_SPACE(sizeof(*e));
}

/* Only the error queue is ever read. */
static ssize_t fake_recvmsg(void *ctx, int fd, struct msghdr *m, int flags)
{
	struct fake *f = of(ctx);
	struct sock_extended_err e = { .ee_origin = SO_EE_ORIGIN_ZEROCOPY };
	bool stamp = f->done[0].kind == FAKE_STAMP;

	(void)fd;
	if (!f->ndone || !(flags & MSG_ERRQUEUE))
		return -EAGAIN;
	e.ee_info = f->done[0].low;
	e.ee_data = f->done[0].high;
	e.ee_code = f->done[0].copied ? SO_EE_CODE_ZEROCOPY_COPIED : 0;
	if (f->done[0].kind == FAKE_ICMP)
		e.ee_origin = SO_EE_ORIGIN_ICMP;
	memmove(f->done, f->done + 1, --f->ndone * sizeof(*f->done));
	put_error(f, m, &e, stamp);
	return 0;
}

static int fake_setsockopt(void *ctx, int fd, int level, int name,
			   const void *value, socklen_t len)
{
	struct fake *f = of(ctx);
	int v;

	(void)fd;
	f->setopts++;
	if (level == SOL_UDP && name == UDP_SEGMENT) {
		memcpy(&v, value, sizeof(v));
		if (!f->gso || len != sizeof(v) || v < 0 || v > 65535)
			return -EINVAL;
		f->option = (uint32_t)v;
	} else if (level == SOL_SOCKET && name == SO_TXTIME) {
		f->txtime = true;
	}
	return 0;
}

static int fake_getsockopt(void *ctx, int fd, int level, int name, void *value,
			   socklen_t *len)
{
	struct fake *f = of(ctx);
	int v;

	(void)fd;
	if (level == SOL_SOCKET && name == SO_DOMAIN)
		v = f->family;
	else if (level == SOL_UDP && name == UDP_SEGMENT && f->gso)
		v = (int)f->option;
	else if ((level == IPPROTO_IP && name == IP_MTU) ||
		 (level == IPPROTO_IPV6 && name == IPV6_MTU))
		v = (int)f->path[0].mtu;
	else
		return -ENOPROTOOPT;
	memcpy(value, &v, sizeof(v));
	*len = sizeof(v);
	return 0;
}

static int fake_getpeername(void *ctx, int fd, struct sockaddr *addr,
			    socklen_t *len)
{
	struct fake *f = of(ctx);
	struct sockaddr_in6 a = { .sin6_family = AF_INET6 };

	(void)fd;
	if (f->mapped_peer)
		a.sin6_addr.s6_addr[10] = a.sin6_addr.s6_addr[11] = 0xff;
	memcpy(addr, &a, sizeof(a));
	*len = sizeof(a);
	return 0;
}

static uint64_t fake_now(void *ctx)
{
	struct fake *f = of(ctx);

	return f->now += f->tick;
}

void fake_init(struct fake *f)
{
	memset(f, 0, offsetof(struct fake, buf));
	f->sys = (struct segoff_udp_sys){
		.ctx = f,
		.sendmmsg = fake_sendmmsg,
		.sendmsg = fake_sendmsg,
		.sendto = fake_sendto,
		.recvmsg = fake_recvmsg,
		.setsockopt = fake_setsockopt,
		.getsockopt = fake_getsockopt,
		.getpeername = fake_getpeername,
		.now = fake_now,
	};
	f->family = AF_INET;
	f->gso = true;
	f->mmsg = true;
	f->segs = 128;
	f->mtu_err = EMSGSIZE;
	f->now = 1000;
	f->rnd = rnd_seed(1, 1);
	for (size_t i = 0; i < FAKE_PATHS; i++)
		f->path[i] = (struct fake_path){ .mtu = 1500 };
}

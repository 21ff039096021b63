/* SPDX-License-Identifier: MIT */
/* rx.c - making a receiver in the caller's memory */
#include "rx.h"

#include <errno.h>
#include <netinet/ip.h>
#include <stdalign.h>

#include "../core/opts.h"
#include "place.h"

struct layout {
	size_t mm_at;
	size_t iov_at;
	size_t name_at;
	size_t control_at;
	size_t size;
};

static bool lay_out(const struct segoff_udp_rx_opts *o, struct layout *l)
{
	size_t end = 0;

	if (!o || o->flags & ~127u || !o->nbuf || o->nbuf > 1024 || !o->buf ||
	    !o->size)
		return false;
	segoff__udp_place(&end, 1, sizeof(struct segoff_udp_rx));
	l->mm_at = segoff__udp_place(&end, o->nbuf, sizeof(struct mmsghdr));
	l->iov_at = segoff__udp_place(&end, o->nbuf, sizeof(struct iovec));
	l->name_at =
		segoff__udp_place(&end, o->nbuf, sizeof(struct sockaddr_in6));
	l->control_at =
		segoff__udp_place(&end, o->nbuf, SEGOFF__UDP_RX_CONTROL);
	l->size = end;
	return true;
}

/* Could the kernel have more for one message than goes into a buffer? */
static bool too_short(const struct segoff_udp_rx_opts *o)
{
	const uint32_t both = SEGOFF_UDP_RX_PLAIN | SEGOFF_UDP_RX_SHORT;

	return o->size < SEGOFF_UDP_BUFFER && (o->flags & both) != both;
}

size_t segoff_udp_rx_size(const struct segoff_udp_rx_opts *given)
{
	struct segoff_udp_rx_opts own;
	struct layout l;

	return lay_out(segoff__opts(given, &own, sizeof(own)), &l) ? l.size : 0;
}

static void set_up(struct segoff_udp_rx *r, uint8_t *mem,
		   const struct layout *l, const struct segoff_udp_rx_opts *o)
{
	memset(mem, 0, l->size);
	r->sys = o->sys ? o->sys : segoff_udp_sys_libc();
	r->flags = o->flags;
	r->nbuf = o->nbuf;
	r->size = o->size;
	r->buf = o->buf;
	r->mm = (void *)(mem + l->mm_at);
	r->iov = (void *)(mem + l->iov_at);
	r->name = (void *)(mem + l->name_at);
	r->control = mem + l->control_at;
	r->mmsg = true;
}

static int set_int(const struct segoff_udp_rx *r, int level, int name,
		   int value)
{
	return r->sys->setsockopt(r->sys->ctx, r->fd, level, name, &value,
				  sizeof(value));
}

static int ask_family(struct segoff_udp_rx *r)
{
	socklen_t len = sizeof(r->family);
	int err = r->sys->getsockopt(r->sys->ctx, r->fd, SOL_SOCKET, SO_DOMAIN,
				     &r->family, &len);

	if (err)
		return err;
	return r->family == AF_INET || r->family == AF_INET6 ? 0 :
							       -EAFNOSUPPORT;
}

/* An IPv6 socket gets IPv4, too, and wants both asked for. */
static int switch_all(struct segoff_udp_rx *r)
{
	const struct {
		uint32_t flag;
		int family;
		int level;
		int name;
	} all[] = {
		{ SEGOFF_UDP_RX_DST, AF_INET, IPPROTO_IP, IP_PKTINFO },
		{ SEGOFF_UDP_RX_DST, AF_INET6, IPPROTO_IPV6, IPV6_RECVPKTINFO },
		{ SEGOFF_UDP_RX_TOS, 0, IPPROTO_IP, IP_RECVTOS },
		{ SEGOFF_UDP_RX_TOS, AF_INET6, IPPROTO_IPV6, IPV6_RECVTCLASS },
		{ SEGOFF_UDP_RX_TIME, 0, SOL_SOCKET, SO_TIMESTAMPNS },
		{ SEGOFF_UDP_RX_DROPS, 0, SOL_SOCKET, SO_RXQ_OVFL },
	};
	int err = 0;

	for (size_t i = 0; i < SEGOFF__LENGTH(all) && !err; i++)
		if (r->flags & all[i].flag &&
		    (!all[i].family || all[i].family == r->family))
			err = set_int(r, all[i].level, all[i].name, 1);
	return err;
}

/*
 * PLAIN switches it off: somebody else may have switched it on, and a short
 * buffer would not hold a train. A kernel without it says no to either.
 */
static void switch_gro(struct segoff_udp_rx *r)
{
	bool on = !(r->flags & SEGOFF_UDP_RX_PLAIN);

	r->info.gro = !set_int(r, SOL_UDP, UDP_GRO, on) && on;
}

struct segoff_udp_rx *segoff_udp_rx_init(void *mem, size_t size, int fd,
					 const struct segoff_udp_rx_opts *given,
					 int *err)
{
	struct segoff_udp_rx_opts own;
	const struct segoff_udp_rx_opts *o =
		segoff__opts(given, &own, sizeof(own));
	struct segoff_udp_rx *r = mem;
	struct layout l;
	int ignored;

	if (!err)
		err = &ignored;
	*err = -EINVAL;
	if (!lay_out(o, &l) || (uintptr_t)mem % alignof(uint64_t))
		return NULL;
	*err = too_short(o) ? -EMSGSIZE : size < l.size ? -ENOSPC : 0;
	if (*err)
		return NULL;
	set_up(r, mem, &l, o);
	r->fd = fd;
	*err = ask_family(r);
	if (!*err)
		*err = switch_all(r);
	if (*err)
		return NULL;
	switch_gro(r);
	return r;
}

void segoff_udp_rx_info(const struct segoff_udp_rx *r,
			struct segoff_udp_rx_info *i)
{
	*i = r->info;
}

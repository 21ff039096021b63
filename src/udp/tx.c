/* SPDX-License-Identifier: MIT */
/* tx.c - making a sender in the caller's memory */
#include "tx.h"

#include <errno.h>
#include <linux/net_tstamp.h>
#include <stdalign.h>

#include "../core/opts.h"
#include "place.h"

#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif
#ifndef SO_TXTIME
#define SO_TXTIME 61
#endif

#define MS 1000000ull

struct layout {
	size_t paths;
	size_t path_at;
	size_t msg_at;
	size_t mm_at;
	size_t control_at;
	size_t iov_at;
	size_t size;
};

static size_t power_of_two(uint32_t n)
{
	size_t p = SEGOFF__UDP_WAYS;

	while (p < n)
		p *= 2;
	return p;
}

static bool sane(const struct segoff_udp_tx_opts *o)
{
	return !(o->flags & ~63u) && o->paths <= 1u << 20 && o->batch <= 1024 &&
	       o->segs <= SEGOFF_UDP_SEGS && o->bytes <= SEGOFF_UDP_BYTES_V6;
}

static uint32_t batch_of(const struct segoff_udp_tx_opts *o)
{
	return o->batch ? o->batch : 64;
}

static bool lay_out(const struct segoff_udp_tx_opts *o, struct layout *l)
{
	size_t end = 0, batch;

	if (!o || !sane(o))
		return false;
	batch = batch_of(o);
	l->paths = power_of_two(o->paths ? o->paths : 64);
	segoff__udp_place(&end, 1, sizeof(struct segoff_udp_tx));
	l->path_at = segoff__udp_place(&end, l->paths,
				       sizeof(struct segoff__udp_path));
	l->msg_at =
		segoff__udp_place(&end, batch, sizeof(struct segoff__udp_msg));
	l->mm_at = segoff__udp_place(&end, batch, sizeof(struct mmsghdr));
	l->control_at = segoff__udp_place(&end, batch, SEGOFF__UDP_CONTROL);
	l->iov_at =
		segoff__udp_place(&end, SEGOFF__UDP_IOVS, sizeof(struct iovec));
	l->size = end;
	return true;
}

size_t segoff_udp_tx_size(const struct segoff_udp_tx_opts *given)
{
	struct segoff_udp_tx_opts own;
	struct layout l;

	return lay_out(segoff__opts(given, &own, sizeof(own)), &l) ? l.size : 0;
}

static void set_up(struct segoff_udp_tx *t, uint8_t *mem,
		   const struct layout *l, const struct segoff_udp_tx_opts *o)
{
	memset(mem, 0, l->size);
	t->sys = o->sys ? o->sys : segoff_udp_sys_libc();
	t->flags = o->flags;
	t->batch = batch_of(o);
	t->segs_wanted = o->segs ? o->segs : SEGOFF_UDP_SEGS;
	t->bytes_wanted = o->bytes ? o->bytes : SEGOFF_UDP_BYTES_V6;
	t->retry = (o->retry ? o->retry : 1000) * MS;
	if (o->retry == SEGOFF_UDP_NEVER)
		t->retry = 0;
	t->off = o->flags & SEGOFF_UDP_TX_PLAIN;
	t->mmsg = true;
	t->mask = l->paths - 1;
	t->paths = (void *)(mem + l->path_at);
	t->last = t->paths;
	t->msg = (void *)(mem + l->msg_at);
	t->mm = (void *)(mem + l->mm_at);
	t->control = mem + l->control_at;
	t->iov = (void *)(mem + l->iov_at);
}

static int set_int(const struct segoff_udp_tx *t, int level, int name,
		   int value)
{
	return t->sys->setsockopt(t->sys->ctx, t->fd, level, name, &value,
				  sizeof(value));
}

static int get_int(const struct segoff_udp_tx *t, int level, int name,
		   int *value)
{
	socklen_t len = sizeof(*value);

	return t->sys->getsockopt(t->sys->ctx, t->fd, level, name, value, &len);
}

static int set_txtime(const struct segoff_udp_tx *t, uint32_t clock)
{
	struct sock_txtime v = { .clockid = (int)clock };

	if (!(t->flags & SEGOFF_UDP_TX_TXTIME))
		return 0;
	return t->sys->setsockopt(t->sys->ctx, t->fd, SOL_SOCKET, SO_TXTIME, &v,
				  sizeof(v));
}

/* What is the socket, and what does its kernel know? */
static int ask_socket(struct segoff_udp_tx *t, uint32_t clock)
{
	int err, size = 0;

	err = get_int(t, SOL_SOCKET, SO_DOMAIN, &t->family);
	if (err)
		return err;
	if (t->family != AF_INET && t->family != AF_INET6)
		return -EAFNOSUPPORT;
	t->kernel = !get_int(t, SOL_UDP, UDP_SEGMENT, &size);
	t->option = t->kernel ? (uint32_t)size : 0;
	if (t->flags & SEGOFF_UDP_TX_ZEROCOPY)
		t->zc.on = !set_int(t, SOL_SOCKET, SO_ZEROCOPY, 1);
	return set_txtime(t, clock);
}

struct segoff_udp_tx *segoff_udp_tx_init(void *mem, size_t size, int fd,
					 const struct segoff_udp_tx_opts *given,
					 int *err)
{
	struct segoff_udp_tx_opts own;
	const struct segoff_udp_tx_opts *o =
		segoff__opts(given, &own, sizeof(own));
	struct segoff_udp_tx *t = mem;
	struct layout l;
	int ignored;

	if (!err)
		err = &ignored;
	*err = -EINVAL;
	if (!lay_out(o, &l) || (uintptr_t)mem % alignof(uint64_t))
		return NULL;
	*err = -ENOSPC;
	if (size < l.size)
		return NULL;
	set_up(t, mem, &l, o);
	t->fd = fd;
	*err = ask_socket(t, o->clock);
	return *err ? NULL : t;
}

void segoff__udp_option(struct segoff_udp_tx *t, uint32_t size)
{
	if (!set_int(t, SOL_UDP, UDP_SEGMENT, (int)size))
		t->option = size;
}

void segoff_udp_tx_end(struct segoff_udp_tx *t)
{
	if (t->option)
		segoff__udp_option(t, 0);
}

uint64_t segoff__udp_time(struct segoff_udp_tx *t)
{
	if (!t->now)
		t->now = t->sys->now(t->sys->ctx);
	return t->now;
}

/* SPDX-License-Identifier: MIT */
/* sys.c - the system's own calls, with negative errnos */
#include <segoff/udp_sys.h>

#include <errno.h>
#include <sys/socket.h>
#include <time.h>

#include "../core/bytes.h"

#define UNUSED __attribute__((unused))

static int answer(int r)
{
	return r < 0 ? -errno : r;
}

static ssize_t answer_size(ssize_t r)
{
	return r < 0 ? -errno : r;
}

static int sys_sendmmsg(UNUSED void *ctx, int fd, struct mmsghdr *m,
			unsigned int n, int flags)
{
	return answer(sendmmsg(fd, m, n, flags));
}

static ssize_t sys_sendmsg(UNUSED void *ctx, int fd, const struct msghdr *m,
			   int flags)
{
	return answer_size(sendmsg(fd, m, flags));
}

static ssize_t sys_sendto(UNUSED void *ctx, int fd, const void *buf, size_t len,
			  int flags, const struct sockaddr *to, socklen_t tolen)
{
	return answer_size(sendto(fd, buf, len, flags, to, tolen));
}

static int sys_recvmmsg(UNUSED void *ctx, int fd, struct mmsghdr *m,
			unsigned int n, int flags)
{
	return answer(recvmmsg(fd, m, n, flags, NULL));
}

static ssize_t sys_recvmsg(UNUSED void *ctx, int fd, struct msghdr *m,
			   int flags)
{
	return answer_size(recvmsg(fd, m, flags));
}

static int sys_setsockopt(UNUSED void *ctx, int fd, int level, int name,
			  const void *value, socklen_t len)
{
	return answer(setsockopt(fd, level, name, value, len));
}

static int sys_getsockopt(UNUSED void *ctx, int fd, int level, int name,
			  void *value, socklen_t *len)
{
	return answer(getsockopt(fd, level, name, value, len));
}

static int sys_getpeername(UNUSED void *ctx, int fd, struct sockaddr *addr,
			   socklen_t *len)
{
	return answer(getpeername(fd, addr, len));
}

static uint64_t sys_now(UNUSED void *ctx)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static const struct segoff_udp_sys libc = {
	.sendmmsg = sys_sendmmsg,
	.sendmsg = sys_sendmsg,
	.sendto = sys_sendto,
	.recvmmsg = sys_recvmmsg,
	.recvmsg = sys_recvmsg,
	.setsockopt = sys_setsockopt,
	.getsockopt = sys_getsockopt,
	.getpeername = sys_getpeername,
	.now = sys_now,
};

const struct segoff_udp_sys *segoff_udp_sys_libc(void)
{
	return &libc;
}

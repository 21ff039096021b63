/* SPDX-License-Identifier: MIT */
/*
 * refuse.c - a kernel that gives EIO to UDP_SEGMENT, for LD_PRELOAD
 *
 * As Linux before 6.11 does on a device without checksum offload, and later
 * kernels where IPsec is on the route.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

static bool has_segment(const struct msghdr *m)
{
	struct msghdr h = *m;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
		if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_SEGMENT)
			return true;
	return false;
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int);
	void *symbol = dlsym(RTLD_NEXT, "sendmsg");

	memcpy(&real, &symbol, sizeof(real));
	if (!has_segment(m))
		return real(fd, m, flags);
	errno = EIO;
	return -1;
}

int sendmmsg(int fd, struct mmsghdr *m, unsigned int n, int flags)
{
	int (*real)(int, struct mmsghdr *, unsigned int, int);
	void *symbol = dlsym(RTLD_NEXT, "sendmmsg");
	unsigned int good = 0;

	memcpy(&real, &symbol, sizeof(real));
	while (good < n && !has_segment(&m[good].msg_hdr))
		good++;
	if (good)
		return real(fd, m, good, flags);
	errno = EIO;
	return -1;
}

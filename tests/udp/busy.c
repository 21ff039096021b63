/* SPDX-License-Identifier: MIT */
/*
 * busy.c - a socket that has room for one message every other time, for
 * LD_PRELOAD
 *
 * As one whose send buffer is full most of the time.
 */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static unsigned int calls;

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int);
	void *symbol = dlsym(RTLD_NEXT, "sendmsg");

	memcpy(&real, &symbol, sizeof(real));
	if (calls++ % 2)
		return real(fd, m, flags);
	errno = EAGAIN;
	return -1;
}

int sendmmsg(int fd, struct mmsghdr *m, unsigned int n, int flags)
{
	int (*real)(int, struct mmsghdr *, unsigned int, int);
	void *symbol = dlsym(RTLD_NEXT, "sendmmsg");

	memcpy(&real, &symbol, sizeof(real));
	if (calls++ % 2)
		return real(fd, m, n ? 1 : 0, flags);
	errno = EAGAIN;
	return -1;
}

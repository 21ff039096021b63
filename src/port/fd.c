/* SPDX-License-Identifier: MIT */
/*
 * fd.c - file descriptors, with interrupted calls taken up again
 *
 * Standard input and output are shared with other programs, any of which may
 * have made them non-blocking, so EAGAIN means "wait" here.
 */
#define _POSIX_C_SOURCE 200809L

#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "stream.h"

static volatile sig_atomic_t stopped;

void port_stop(void)
{
	stopped = 1;
}

bool port_stopped(void)
{
	return stopped;
}

/* Is the call that just failed to be made again? Else errno says why not. */
static bool again(int fd, short event)
{
	struct pollfd p = { .fd = fd, .events = event };

	if (errno == EAGAIN && poll(&p, 1, -1) > 0)
		return true;
	return errno == EINTR && !stopped;
}

int fd_share(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	return copy < 0 ? -errno : copy;
}

/* Give the number of a standard file back. */
static int move_up(int fd)
{
	int copy = fd_share(fd);

	close(fd);
	return copy;
}

int fd_open(const char *path, int flags, mode_t mode)
{
	int fd;

	do {
		fd = open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
	} while (fd < 0 && errno == EINTR && !stopped);
	if (fd < 0)
		return -errno;
	return fd > STDERR_FILENO ? fd : move_up(fd);
}

ssize_t fd_read(int fd, void *buf, size_t size)
{
	ssize_t n;

	do {
		if (stopped)
			return -EINTR;
		n = read(fd, buf, size);
	} while (n < 0 && again(fd, POLLIN));
	return n < 0 ? -errno : n;
}

bool fd_wait(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) != 0;
}

int fd_write(int fd, const void *buf, size_t size)
{
	const uint8_t *p = buf;
	ssize_t n;

	while (size) {
		n = write(fd, p, size);
		if (n < 0 && !again(fd, POLLOUT))
			return -errno;
		if (n > 0) {
			p += n;
			size -= (size_t)n;
		}
		if (stopped && size)
			return -EINTR; /* after a part of it */
	}
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * intrain.c - lets a program's datagrams leave in trains, for LD_PRELOAD
 *
 * What the program writes to a connected UDP socket is corked by the library,
 * and pushed when a train is full, and before anything else is written, read or
 * closed. The program knows nothing of it; its receiver
 * judges what arrives. SEGOFF_TRAINS names a file for the counters.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <segoff/udp.h>

#define SMALL 64 /* datagrams that are answered, and must not wait */

static _Alignas(uint64_t) uint8_t mem[1 << 17];
static uint8_t bytes[SEGOFF_UDP_SEGS][SEGOFF_UDP_BUFFER];
static struct iovec piece[SEGOFF_UDP_SEGS];
static struct segoff_udp_tx *tx;
static size_t held;
static int of = -1; /* the socket that is served */

static bool is_udp(int fd)
{
	int type = 0, domain = 0;
	socklen_t len = sizeof(type);

	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) &&
	       type == SOCK_DGRAM &&
	       !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) &&
	       (domain == AF_INET || domain == AF_INET6);
}

static void die(const char *what)
{
	perror(what);
	abort();
}

/* Everything leaves, whatever it takes: the program was told so. */
static void push(void)
{
	while (held) {
		ssize_t n = segoff_udp_push(tx, NULL);

		if (n >= 0)
			held -= (size_t)n;
		else if (n == -EAGAIN || n == -EINTR || n == -ENOBUFS)
			usleep(100);
		else
			die("push");
	}
}

static void serve(int fd)
{
	if (of == fd)
		return;
	tx = segoff_udp_tx_init(mem, sizeof(mem), fd, NULL, NULL);
	if (!tx)
		die("segoff_udp_tx_init");
	of = fd;
}

static void add(const void *buf, size_t n)
{
	struct segoff_udp_dgram d = { .niov = 1 };

	for (int tries = 0; tries < 2; tries++) {
		piece[held] = (struct iovec){ bytes[held], n };
		memcpy(bytes[held], buf, n);
		d.iov = &piece[held];
		if (!segoff_udp_cork(tx, &d)) {
			held++;
			return;
		}
		push();
	}
	die("segoff_udp_cork");
}

ssize_t write(int fd, const void *buf, size_t n)
{
	ssize_t (*real)(int, const void *, size_t);
	void *symbol = dlsym(RTLD_NEXT, "write");

	memcpy(&real, &symbol, sizeof(real));
	if (n <= SMALL || n > SEGOFF_UDP_BUFFER || !is_udp(fd)) {
		push();
		return real(fd, buf, n);
	}
	serve(fd);
	add(buf, n);
	if (held == SEGOFF_UDP_SEGS)
		push();
	return (ssize_t)n;
}

ssize_t read(int fd, void *buf, size_t n)
{
	ssize_t (*real)(int, void *, size_t);
	void *symbol = dlsym(RTLD_NEXT, "read");

	memcpy(&real, &symbol, sizeof(real));
	push(); /* an answer may be waited for, on whatever socket */
	return real(fd, buf, n);
}

static void tell(void)
{
	const char *name = getenv("SEGOFF_TRAINS");
	struct segoff_udp_tx_info i;
	FILE *f = name ? fopen(name, "w") : NULL;

	if (!f)
		return;
	segoff_udp_tx_info(tx, &i);
	fprintf(f, "%llu %llu\n", (unsigned long long)i.trains,
		(unsigned long long)i.in_trains);
	fclose(f);
}

int close(int fd)
{
	int (*real)(int);
	void *symbol = dlsym(RTLD_NEXT, "close");

	memcpy(&real, &symbol, sizeof(real));
	if (fd == of) {
		push();
		tell();
		of = -1;
	}
	return real(fd);
}

/* SPDX-License-Identifier: MIT */
/*
 * measure.c - all ways of sending in turn, by processes of their own
 *
 * Theory of operation
 *
 * What disturbs a machine must disturb all ways alike. So one process has a
 * socket for each, and gives each a few milliseconds in turn, forwards in one
 * round and backwards in the next. The receiver tells them apart by port. The
 * first part of a turn does not count: what was in the caches is gone by then,
 * and the receiver's queue is as this way keeps it. (A datagram that finds it
 * full is a cheap one.)
 *
 * The receiver is started first and says its port in memory that all share;
 * it goes on until the sender has ended and nothing more comes. Each is bound
 * to a core and dies with its parent.
 */
#include "measure.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/port/fd.h"
#include "../clock.h"
#include "room.h"

#define LOOKS	   2 /* sends between two looks at the clock */
#define READY_MS   2000
#define SHORT_SIZE 2048

/**
 * struct shared - what the processes share besides the outcome
 * @port: the receiver's, network order; 0: not yet; below: negative errno
 * @round: that is under way
 * @sent: the sender has ended
 * @from: ports of the sender, by way
 */
struct shared {
	_Atomic int port;
	_Atomic unsigned int round;
	_Atomic bool sent;
	_Atomic unsigned int from[WAYS];
};

static void pin(int core)
{
	cpu_set_t s;

	CPU_ZERO(&s);
	CPU_SET((size_t)core, &s);
	sched_setaffinity(0, sizeof(s), &s); /* or else where it likes */
}

/* ------------------------------------------------------------- receiver */

static struct segoff_udp_rx *receiver(int fd, bool gro)
{
	struct segoff_udp_rx_opts o = {
		.sz = sizeof(o),
		.flags = gro ? 0 : SEGOFF_UDP_RX_PLAIN | SEGOFF_UDP_RX_SHORT,
		.size = gro ? SEGOFF_UDP_BUFFER + 1 : SHORT_SIZE,
		.nbuf = gro ? 8 : 64,
	};
	size_t size;

	o.flags |= SEGOFF_UDP_RX_DONTWAIT;
	o.buf = calloc(o.nbuf, o.size);
	size = segoff_udp_rx_size(&o);
	return segoff_udp_rx_init(malloc(size), size, fd, &o, NULL);
}

static int bound(const struct bench *b, int *port)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	int fd;

	memcpy(&a, &b->to.addr, sizeof(a));
	a.sin_port = 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) ||
	    getsockname(fd, (struct sockaddr *)&a, &len))
		return -errno;
	*port = a.sin_port;
	make_room(fd, SO_RCVBUFFORCE, SO_RCVBUF);
	return fd;
}

static void take(const struct segoff_udp_train *t, const struct shared *s,
		 struct outcome *o)
{
	struct sockaddr_in a;

	memcpy(&a, t->from, sizeof(a));
	for (enum way w = 0; w < WAYS; w++)
		if (s->from[w] == a.sin_port)
			o->received[w] += t->count;
}

/* Until nothing comes any more after the sender has ended. */
static void receive_all(struct segoff_udp_rx *rx, int fd,
			const struct shared *s, struct outcome *o)
{
	struct segoff_udp_train train[64];
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t n = segoff_udp_recv(rx, train, 64);
		bool sent = s->sent;

		for (ssize_t i = 0; i < n; i++)
			take(&train[i], s, o);
		if (n <= 0 && poll(&p, 1, 10) <= 0 && sent)
			break;
	}
}

static void receive(const struct bench *b, enum sink sink, struct shared *s,
		    struct outcome *o)
{
	struct segoff_udp_rx *rx;
	int fd, port = 0;

	pin(b->far);
	fd = lab_enter(b->lab.far);
	if (!fd)
		fd = bound(b, &port);
	rx = fd < 0 ? NULL : receiver(fd, sink == SINK_GRO);
	if (fd >= 0 && !rx)
		fd = -ENOMEM;
	s->port = fd < 0 ? fd : port;
	if (rx)
		receive_all(rx, fd, s, o);
}

/* --------------------------------------------------------------- sender */

/* A counter of cycles, of kernel and user; -1 where there is none for us. */
static int counter(void)
{
	struct perf_event_attr a = { .size = sizeof(a),
				     .type = PERF_TYPE_HARDWARE,
				     .config = PERF_COUNT_HW_CPU_CYCLES };

	return (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static uint64_t cycles_of(int fd)
{
	uint64_t n;

	return fd >= 0 && read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static unsigned int port_of(int fd)
{
	struct sockaddr_in a; /* the port is at the same place for IPv6 */
	struct sockaddr_storage all;
	socklen_t len = sizeof(all);

	if (getsockname(fd, (struct sockaddr *)&all, &len))
		return 0;
	memcpy(&a, &all, sizeof(a));
	return a.sin_port;
}

/* Once is for what is only found by sending: neighbours, ports, faults. */
static int open_load(const struct bench *b, enum way w, uint8_t *buf,
		     struct load *l)
{
	int n;

	*l = (struct load){
		.to = &b->to, .size = b->size, .train = b->train, .buf = buf
	};
	l->fd = socket(b->to.addr.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return -errno;
	make_room(l->fd, SO_SNDBUFFORCE, SO_SNDBUF);
	errno = EIO;
	if (!ways[w].prepare(l))
		return -errno;
	n = ways[w].send(l);
	return n < 0 ? n : 0;
}

/* Send until a time, or a little longer; how many datagrams were taken. */
static uint64_t send_until(enum way w, struct load *l, uint64_t end)
{
	uint64_t taken = 0;

	do {
		for (int i = 0; i < LOOKS; i++) {
			int n = ways[w].send(l);

			if (n > 0)
				taken += (uint64_t)n;
		}
	} while (clock_ns() < end);
	return taken;
}

static void turn(const struct bench *b, enum way w, struct load *l, int fd,
		 struct turn *t)
{
	uint64_t start = clock_ns(), cpu, cycles;

	t->warm = send_until(w, l, start + b->warm_ns);
	l->bytes = l->calls = 0;
	start = clock_ns();
	cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
	cycles = cycles_of(fd);
	t->datagrams = send_until(w, l, start + b->ns);
	t->ns = clock_ns() - start;
	t->cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	t->cycles = cycles_of(fd) - cycles;
	t->bytes = l->bytes;
	t->calls = l->calls;
}

static void send_all(const struct bench *b, struct shared *s, struct outcome *o)
{
	size_t bytes = (size_t)LOAD_BLOCKS * b->train * b->size;
	uint8_t *buf = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct load load[WAYS];
	int fd;

	pin(b->here);
	o->error = buf == MAP_FAILED ? -ENOMEM : lab_enter(b->lab.here);
	if (o->error)
		return;
	memset(buf, 0x5a, bytes);
	for (enum way w = 0; w < WAYS; w++) {
		o->way_error[w] = open_load(b, w, buf, &load[w]);
		s->from[w] = port_of(load[w].fd);
	}
	fd = counter();
	for (s->round = 0; s->round < b->rounds; s->round++)
		for (unsigned int i = 0; i < WAYS && !port_stopped(); i++) {
			enum way w = s->round % 2 ? WAYS - 1 - i : i;

			if (o->way_error[w])
				continue;
			turn(b, w, &load[w], fd, &o->turn[s->round][w]);
		}
}

/* ------------------------------------------------------------- processes */

static pid_t start(void)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

/* How a process ended: 0, or a negative errno. */
static int finish(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status ? -ECHILD : 0;
}

/* The receiver's port, network order; or a negative errno. */
static int await(const struct shared *s)
{
	for (int i = 0; i < READY_MS && !s->port; i++)
		usleep(1000);
	return s->port ? s->port : -ETIMEDOUT;
}

static int aim(struct bench *b, int port)
{
	struct sockaddr_in a;

	if (port < 0)
		return port;
	memcpy(&a, &b->to.addr, sizeof(a));
	a.sin_port = (in_port_t)port;
	memcpy(&b->to.addr, &a, sizeof(a));
	return 0;
}

static int send_to_end(const struct bench *b, struct shared *s,
		       struct outcome *o, struct progress *p)
{
	pid_t pid = start();

	if (!pid) {
		send_all(b, s, o);
		s->sent = true;
		_exit(0);
	}
	while (pid > 0 && !s->sent && !waitpid(pid, NULL, WNOHANG | WNOWAIT)) {
		if (progress_live(p))
			progress_line(p, "round %u of %u", s->round + 1,
				      b->rounds);
		usleep(20000);
	}
	return pid < 0 ? -errno : finish(pid);
}

static int both(struct bench *b, enum sink sink, struct shared *s,
		struct outcome *o, struct progress *p)
{
	pid_t far = sink == SINK_NONE ? -1 : start();
	int err = 0;

	if (!far) {
		receive(b, sink, s, o);
		_exit(0);
	}
	if (far > 0)
		err = aim(b, await(s));
	if (!err)
		err = send_to_end(b, s, o, p);
	s->sent = true;
	if (far > 0 && s->port <= 0)
		kill(far, SIGKILL);
	if (far > 0)
		finish(far);
	return err;
}

void measure(struct bench *b, enum sink sink, struct outcome *o,
	     struct progress *p)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err;

	if (s == MAP_FAILED) {
		o->error = -ENOMEM;
		return;
	}
	err = both(b, sink, s, o, p);
	if (err)
		o->error = err;
	munmap(s, sizeof(*s));
}

/* SPDX-License-Identifier: MIT */
/*
 * udp_quic.c - bytes go through a QUIC connection (ngtcp2, GnuTLS), in trains
 *
 *	cc -D_GNU_SOURCE *.c $(pkg-config --cflags --libs libsegoff libngtcp2 \
 *		libngtcp2_crypto_gnutls gnutls)
 *	udp_quic [--plain] server ADDR PORT CERT KEY
 *	udp_quic [--plain] client ADDR PORT CERT BYTES
 *
 * The server serves the first client that calls, and ends with it. The client
 * trusts CERT and no other. With --plain the packets of this end go one by one
 * and without the library; the other end does not see a difference.
 *
 * trains.c is the library's part, outbox.c keeps what could not leave at once,
 * and conn.c is QUIC.
 */
#include "conn.h"
#include "pattern.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct conn conn;
static struct outbox outbox;

void die(const char *what, const char *why)
{
	fprintf(stderr, "udp_quic: %s: %s\n", what, why);
	exit(1);
}

/*
 * Wait for the first packet, and from then on hear nobody else. It is looked
 * at and left where it is.
 */
static void answer(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (poll(&p, 1, -1) < 0)
		die("poll", strerror(errno));
	if (recvfrom(fd, NULL, 0, MSG_PEEK, (struct sockaddr *)&peer, &len) < 0)
		die("recvfrom", strerror(errno));
	if (connect(fd, (struct sockaddr *)&peer, len))
		die("connect", strerror(errno));
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("setsockopt", strerror(errno));
}

/* A connected socket: QUIC's packets must not become fragments. */
static int open_socket(const char *addr, const char *port, bool server)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				  .ai_socktype = SOCK_DGRAM };
	struct addrinfo *a;
	int fd, err = getaddrinfo(addr, port, &hints, &a);

	if (err)
		die(addr, gai_strerror(err));
	fd = socket(a->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket", strerror(errno));
	set(fd, SOL_SOCKET, SO_SNDBUF, 1 << 20);
	set(fd, SOL_SOCKET, SO_RCVBUF, 4 << 20);
	if (a->ai_family == AF_INET)
		set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO);
	else
		set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO);
	if ((server ? bind : connect)(fd, a->ai_addr, a->ai_addrlen))
		die(addr, strerror(errno));
	freeaddrinfo(a);
	if (server)
		answer(fd);
	return fd;
}

/* Until something arrives, there is room again, or time is up. */
static void wait_for(int fd, int left)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ngtcp2_tstamp now = conn_now(), expiry = conn_expiry(&conn);
	uint64_t wait = NGTCP2_MILLISECONDS;
	struct timespec t;

	if (left == -EAGAIN)
		p.events |= POLLOUT;
	else if (left == 0)
		wait = expiry > now ? expiry - now : 0;
	t.tv_sec = (time_t)(wait / NGTCP2_SECONDS);
	t.tv_nsec = (long)(wait % NGTCP2_SECONDS);
	if (ppoll(&p, 1, &t, NULL) < 0 && errno != EINTR)
		die("poll", strerror(errno));
}

/* What ICMP says (nobody listens) proves nothing to QUIC. */
static void receive(void)
{
	int err = outbox.wire->receive(conn_read, &conn);

	if (err < 0 && err != -EAGAIN && err != -EINTR && err != -ECONNREFUSED)
		die("receive", strerror(-err));
}

/* The client has done when the server says so, the server when it is told. */
static void transfer(int fd)
{
	int left;

	while (!conn.error && (conn.server || !conn.fin_received)) {
		left = outbox_flush(&outbox);
		if (!left) {
			conn_write(&conn, &outbox);
			left = outbox_flush(&outbox);
		}
		wait_for(fd, left);
		receive();
		conn_expire(&conn);
	}
	conn_end(&conn, &outbox);
	while ((left = outbox_flush(&outbox)))
		wait_for(fd, left);
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void say(const char *what, unsigned long long number)
{
	printf("%-17s%llu\n", what, number);
}

static void report(ngtcp2_tstamp start)
{
	double seconds = (double)(conn_now() - start) / 1e9;
	struct wire_count c;

	outbox.wire->count(&c);
	say("bytes", conn.server ? conn.received : conn.sent);
	printf("%-17s%.3f\n", "seconds", seconds);
	printf("%-17s%.3f\n", "cpu_seconds", cpu_seconds());
	say("written", outbox.written);
	say("packets", c.packets);
	say("refused", outbox.refused);
	say("full", outbox.full);
	say("calls", c.calls);
	say("trains", c.trains);
	say("in_trains", c.in_trains);
	say("received", c.received);
	say("received_trains", c.received_trains);
	say("receive_calls", c.receive_calls);
	say("marked", conn.marked);
}

static uint64_t number(const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (end == text || *end)
		die(text, "not a number");
	return n;
}

int main(int argc, char **argv)
{
	bool plain = argc > 1 && !strcmp(argv[1], "--plain"), server;
	ngtcp2_tstamp start;
	int fd;

	argv += plain;
	argc -= plain;
	server = argc == 6 && !strcmp(argv[1], "server");
	if (argc != 6 || (!server && strcmp(argv[1], "client") != 0))
		die("usage", "[--plain] server ADDR PORT CERT KEY | "
			     "client ADDR PORT CERT BYTES");
	pattern_make();
	outbox.wire = plain ? &wire_plain : &wire_trains;
	fd = open_socket(argv[2], argv[3], server);
	outbox.wire->open(fd);
	start = conn_now();
	if (!server)
		conn.total = number(argv[5]);
	conn_open(&conn, fd, argv[4], server ? argv[5] : NULL);
	transfer(fd);
	report(start);
	if (!conn.fin_received)
		die("the transfer is not complete",
		    ngtcp2_strerror(conn.error));
	conn_close(&conn);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * sctp_ends.c - an association between two hosts, and talk on it
 *
 * Each end is a process in a network namespace of its own, into which its
 * device is moved. The client sends messages of all sizes and shuts down, the
 * server reads them. Small messages are bundled, large ones are divided into
 * chunks that fill a packet; both by the kernel.
 */
#include "sctp_ends.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <linux/sctp.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "net.h"
#include "net_ip.h"
#include "random.h"
#include "sctp_tunnel_dev.h"

#define PORT	    5000
#define MESSAGE_MAX 60000u
#define CHUNK_DATA  0
#define TRIES	    1000

/* 10.9.0.@n, or fd09::@n. */
static void set_address(const char *device, int version, uint8_t n)
{
	const uint8_t four[4] = { 10, 9, 0, n };
	const uint8_t six[16] = { 0xfd, 9, [15] = n };

	if (version == 4)
		net_address(device, 4, four, 24);
	else
		net_address(device, 6, six, 64);
}

/* What is lost need not be waited for as long as on the Internet; in ms. */
static void hurry(void)
{
	if (!net_sysctl("sctp/sack_timeout", "20") ||
	    !net_sysctl("sctp/rto_min", "100") ||
	    !net_sysctl("sctp/rto_initial", "100"))
		net_die("sysctl of SCTP");
}

static void set_up(const struct sctp_talk *t, const char *device, uint8_t n)
{
	/* as there may be no hash to make cookies of */
	if (!net_sysctl("sctp/cookie_hmac_alg", "none") ||
	    !net_sysctl("sctp/auth_enable", t->auth ? "1" : "0") ||
	    !net_sysctl("ipv6/conf/all/disable_ipv6", "0") ||
	    !net_sysctl("ipv6/conf/default/disable_ipv6", "0") ||
	    !net_sysctl("ipv6/conf/all/accept_dad", "0") ||
	    !net_sysctl("ipv6/conf/default/accept_dad", "0"))
		net_die("sysctl of SCTP");
	hurry();
	net_sysctl("ipv6/conf/" CLIENT_DEVICE "/disable_ipv6", "0");
	net_sysctl("ipv6/conf/" SERVER_DEVICE "/disable_ipv6", "0");
	net_sysctl("ipv6/conf/" CLIENT_DEVICE "/accept_dad", "0");
	net_sysctl("ipv6/conf/" SERVER_DEVICE "/accept_dad", "0");
	net_up("lo");
	net_mtu(device, t->mtu);
	net_up(device);
	if (t->tunnel)
		sctp_tunnel_make(t, device, n == 1);
	set_address(t->tunnel ? TUNNEL_DEVICE : device, t->version, n);
}

static struct sockaddr_storage address(const struct sctp_talk *t, uint8_t n)
{
	struct sockaddr_storage s = { 0 };
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&s;
	struct sockaddr_in *four = (struct sockaddr_in *)&s;

	if (t->version == 4) {
		four->sin_family = AF_INET;
		four->sin_port = htons(PORT);
		four->sin_addr.s_addr = htonl(0x0a090000u + n);
		return s;
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(PORT);
	six->sin6_addr.s6_addr[0] = 0xfd;
	six->sin6_addr.s6_addr[1] = 9;
	six->sin6_addr.s6_addr[15] = n;
	return s;
}

static int open_socket(const struct sctp_talk *t)
{
	struct sctp_authchunk data = { CHUNK_DATA };
	int fd = socket(t->version == 4 ? AF_INET : AF_INET6, SOCK_STREAM,
			IPPROTO_SCTP);

	if (fd < 0)
		net_die("SCTP socket");
	if (t->auth &&
	    setsockopt(fd, IPPROTO_SCTP, SCTP_AUTH_CHUNK, &data, sizeof(data)))
		net_die("SCTP_AUTH_CHUNK");
	return fd;
}

static socklen_t address_size(const struct sctp_talk *t)
{
	return t->version == 4 ? sizeof(struct sockaddr_in) :
				 sizeof(struct sockaddr_in6);
}

/* IPv6 takes a while to see that there is a link. */
static void bind_to(int fd, const struct sctp_talk *t, uint8_t n)
{
	struct sockaddr_storage at = address(t, n);

	for (int i = 0; i < TRIES; i++) {
		if (!bind(fd, (struct sockaddr *)&at, address_size(t)))
			return;
		if (errno != EADDRNOTAVAIL)
			break;
		usleep(10000);
	}
	net_die("bind");
}

static size_t message_size(struct rnd *r)
{
	uint32_t kind = rnd_below(r, 100);

	if (kind < 50)
		return rnd_between(r, 1, 200);
	if (kind < 85)
		return rnd_between(r, 200, 3000);
	return rnd_between(r, 3000, MESSAGE_MAX);
}

static void client(const struct sctp_talk *t)
{
	static uint8_t message[MESSAGE_MAX];
	struct sockaddr_storage to = address(t, 2);
	int fd = open_socket(t);
	struct rnd r;

	rnd_seed(&r, t->seed, 0);
	rnd_bytes(&r, message, sizeof(message));
	bind_to(fd, t, 1);
	if (connect(fd, (struct sockaddr *)&to, address_size(t)))
		net_die("connect");
	for (unsigned int i = 0; i < t->messages; i++) {
		size_t n = message_size(&r);

		rnd_bytes(&r, message, 4);
		if (send(fd, message, n, 0) != (ssize_t)n)
			net_die("send");
	}
	if (shutdown(fd, SHUT_WR))
		net_die("shutdown");
	/* the end, or there is no association any more */
	if (recv(fd, message, 1, 0) && errno != ENOTCONN)
		net_die("recv");
}

static int server_socket(const struct sctp_talk *t)
{
	int fd = open_socket(t);

	bind_to(fd, t, 2);
	if (listen(fd, 1))
		net_die("listen");
	return fd;
}

static void server(int listening)
{
	static uint8_t message[MESSAGE_MAX];
	int fd = accept(listening, NULL, NULL);
	ssize_t n;

	if (fd < 0)
		net_die("accept");
	while ((n = recv(fd, message, sizeof(message), 0)) > 0)
		;
	if (n < 0)
		net_die("recv");
}

/* Wait for a byte from the other side. */
static void await(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		_exit(1);
}

static void tell(int fd)
{
	if (write(fd, "", 1) != 1)
		net_die("pipe");
}

/* The life of an end: a network, its device, an address, talk. */
static void live(const struct sctp_talk *t, bool is_client, int fd)
{
	int listening = -1;

	if (unshare(CLONE_NEWNET))
		net_die("unshare");
	tell(fd);
	await(fd);
	set_up(t, is_client ? CLIENT_DEVICE : SERVER_DEVICE, is_client ? 1 : 2);
	if (!is_client)
		listening = server_socket(t);
	tell(fd);
	await(fd);
	if (is_client)
		client(t);
	else
		server(listening);
	fflush(stdout);
	_exit(0);
}

static int start(const struct sctp_talk *t, bool is_client, int *fd)
{
	int both[2], pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, both))
		net_die("socketpair");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		net_die("fork");
	if (!pid) {
		close(both[0]);
		live(t, is_client, both[1]);
	}
	close(both[1]);
	*fd = both[0];
	await(*fd);
	return pid;
}

void sctp_begin(struct sctp_ends *e, const struct sctp_talk *t)
{
	e->client = start(t, true, &e->tell_client);
	e->server = start(t, false, &e->tell_server);
	net_link(CLIENT_DEVICE, IFLA_NET_NS_PID, (uint32_t)e->client);
	net_link(SERVER_DEVICE, IFLA_NET_NS_PID, (uint32_t)e->server);
	tell(e->tell_client);
	tell(e->tell_server);
	await(e->tell_client);
	await(e->tell_server);
}

void sctp_go(const struct sctp_ends *e)
{
	tell(e->tell_server);
	tell(e->tell_client);
}

static void reap(int *pid, int fd)
{
	int status;

	if (!*pid || waitpid(*pid, &status, WNOHANG) != *pid)
		return;
	*pid = 0;
	close(fd);
	errno = ECONNABORTED;
	if (status)
		net_die("an end of the association");
}

bool sctp_over(struct sctp_ends *e)
{
	reap(&e->client, e->tell_client);
	reap(&e->server, e->tell_server);
	return !e->client && !e->server;
}

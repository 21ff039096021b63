/* SPDX-License-Identifier: MIT */
/* net.c - two network namespaces of our own, joined by a veth pair */
#include "net.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Known, so that no datagram waits for an answer. */
#define NEAR "lladdr 02:00:00:00:00:02 nud permanent;"

static int ns_here, ns_far;

static bool run(const char *command)
{
	char text[600];
	int status;

	snprintf(text, sizeof(text),
		 "PATH=$PATH:/usr/sbin:/sbin; { %s; } > /dev/null 2>&1",
		 command);
	status = system(text); /* NOLINT(cert-env33-c): commands of ours */
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool net_here(const char *command)
{
	return run(command);
}

bool net_far(const char *command)
{
	bool ok;

	if (setns(ns_far, CLONE_NEWNET))
		return false;
	ok = run(command);
	return !setns(ns_here, CLONE_NEWNET) && ok;
}

int net_far_socket(int family)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(4433) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(4433) };
	bool v4 = family == AF_INET;
	int fd, one = 1;

	if (setns(ns_far, CLONE_NEWNET))
		return -1;
	fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (setns(ns_here, CLONE_NEWNET))
		return -1;
	if (!v4)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (bind(fd, v4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6,
		 v4 ? sizeof(in) : sizeof(in6)))
		return -1;
	return fd;
}

/* Keep the namespace that this process is in at present. */
static int keep(void)
{
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

/* Addresses without waiting for others that might have them. */
static bool address_all(void)
{
	return net_far("ip link set lo up;"
		       "ip link set v1 address 02:00:00:00:00:02 up;"
		       "ip addr add 10.0.0.2/24 dev v1;"
		       "ip addr add fd00::2/64 dev v1 nodad") &&
	       net_here("ip link set lo up; ip link set v0 up;"
			"ip addr add 10.0.0.1/24 dev v0;"
			"ip addr add fd00::1/64 dev v0 nodad");
}

const char *net_open(void)
{
	char text[100];

	if (unshare(CLONE_NEWNET))
		return "no right to make a network namespace";
	ns_far = keep();
	if (unshare(CLONE_NEWNET))
		return "no right to make a second network namespace";
	ns_here = keep();
	if (!run("command -v ip"))
		return "ip is not installed";
	/* the far end is named by its open descriptor */
	snprintf(text, sizeof(text),
		 "ip link add v0 type veth peer name v1 netns /proc/%d/fd/%d",
		 (int)getpid(), ns_far);
	if (!run(text))
		return "no veth pairs here";
	return address_all() ? NULL : "no addresses for a veth pair";
}

void net_reset(void)
{
	net_here("nft delete table inet segoff; tc qdisc del dev v0 root;"
		 "ip link set v0 mtu 1500; ip link set v0 up;"
		 "ip route del 10.0.0.2; ip route del fd00::2; "
		 "ip addr replace 10.0.0.1/24 dev v0;"
		 "ip addr replace fd00::1/64 dev v0 nodad;"
		 "ip neigh replace 10.0.0.2 dev v0 " NEAR "ip neigh replace "
		 "fd00::2 dev v0 " NEAR " true");
}

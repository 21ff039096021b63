/* SPDX-License-Identifier: MIT */
/* recv.c - segoff recv: what arrives, and what does not */
#include "recv.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cli.h"
#include "../options.h"
#include "room.h"

#define UNKNOWN (-4096) /* no such address, and it was said */

static const char help_text[] =
	"usage: segoff recv [OPTIONS] PORT [-]\n"
	"\n"
	"Receive what 'segoff send' sends, and say what got lost, out of order\n"
	"or twice, and how long the trains were. Datagrams of other programs\n"
	"are counted. With '-' the bytes go to standard output.\n"
	"\n"
	"  --bind ADDRESS  receive for this address only\n"
	"  --seconds N     how long\n"
	"  --count N       how many datagrams\n"
	"  --keep          go on after a stream has ended\n"
	"  --no-gro        one datagram after the other\n"
	"  --json          report for scripts\n"
	"  --quiet         no report, no progress\n"
	"\n"
	"Exit status: 0 all arrived; 1 it cannot receive, or nothing came;\n"
	"2 usage; 3 datagrams are missing; 4 output failed.\n";

static int take_bind(const char *command, const char *text, void *to)
{
	(void)command;
	*(const char **)to = text;
	return 0;
}

static int take_options(struct receiver *r, int argc, char **argv, int *first)
{
	const struct option_row rows[] = {
		{ .name = "bind", .call = take_bind, .to = &r->bind },
		{ .name = "seconds",
		  .number = &r->seconds,
		  .min = 1,
		  .max = 1000000 },
		{ .name = "count",
		  .number = &r->count,
		  .min = 1,
		  .max = 1000000000000 },
		{ .name = "keep", .flag = &r->keep },
		{ .name = "no-gro", .flag = &r->plain },
		{ .name = "json", .flag = &r->json },
		{ .name = "quiet", .flag = &r->quiet },
		{ .name = NULL },
	};

	return options_parse("recv", help_text, rows, argc, argv, first);
}

static int take_arguments(struct receiver *r, int argc, char **argv)
{
	int first, status = take_options(r, argc, argv, &first);

	if (status)
		return status;
	if (first == argc)
		return usage_error("recv", "a port is needed");
	if (argc - first > 2 ||
	    (argc - first == 2 && strcmp(argv[first + 1], "-") != 0))
		return usage_error("recv", "'%s' is one argument too many",
				   argv[argc - 1]);
	r->to_stdout = argc - first == 2;
	if (!parse_number(argv[first], 1, 65535, &r->port))
		return usage_error("recv",
				   "a port is a number from 1 to 65535, not "
				   "'%s'",
				   argv[first]);
	return 0;
}

/* Addresses to receive for; on failure it says why. */
static int find_addresses(const struct receiver *r, int family,
			  struct addrinfo **found)
{
	const struct addrinfo hints = { .ai_family = family,
					.ai_socktype = SOCK_DGRAM,
					.ai_flags = AI_NUMERICSERV |
						    AI_PASSIVE };
	char port[8];
	int err;

	snprintf(port, sizeof(port), "%lu", r->port);
	err = getaddrinfo(r->bind, port, &hints, found);
	if (err)
		complain("%s: %s", r->bind ? r->bind : port,
			 err == EAI_SYSTEM ? strerror(errno) :
					     gai_strerror(err));
	return err;
}

/* A socket for one address; the one for all of IPv6 takes IPv4, too. */
static int open_one(const struct addrinfo *a)
{
	int zero = 0, err;
	int fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (a->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (!bind(fd, a->ai_addr, a->ai_addrlen))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static int open_family(const struct receiver *r, int family)
{
	struct addrinfo *found, *a;
	int fd = -1;

	if (find_addresses(r, family, &found))
		return UNKNOWN;
	for (a = found; a && fd < 0; a = a->ai_next)
		fd = open_one(a);
	freeaddrinfo(found);
	return fd;
}

/* IPv6 and IPv4 together where the kernel has both. */
static int open_socket(const struct receiver *r)
{
	int fd = open_family(r, r->bind ? AF_UNSPEC : AF_INET6);

	if (!r->bind && (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL))
		fd = open_family(r, AF_INET);
	return fd;
}

static int open_all(struct receiver *r)
{
	struct segoff_udp_rx_opts o = {
		.sz = sizeof(o),
		.flags = SEGOFF_UDP_RX_DONTWAIT | SEGOFF_UDP_RX_DROPS |
			 (r->plain ? SEGOFF_UDP_RX_PLAIN : 0),
		.size = SEGOFF_UDP_BUFFER,
		.nbuf = RECV_BUFFERS,
	};
	size_t size;
	int err = 0;

	r->fd = open_socket(r);
	if (r->fd < 0) {
		err = r->fd;
	} else {
		make_room(r->fd, SO_RCVBUFFORCE, SO_RCVBUF);
		o.buf = r->buf = malloc(o.nbuf * o.size);
		size = segoff_udp_rx_size(&o);
		r->rx = segoff_udp_rx_init(malloc(size), size, r->fd, &o, &err);
	}
	if (err && err != UNKNOWN)
		complain("port %lu: %s", r->port, strerror(-err));
	return err ? STATUS_INPUT : 0;
}

static int status_of(const struct receiver *r)
{
	struct recv_sums s;

	receiver_sums(r, &s);
	if (r->output_error) {
		complain("standard output: %s", strerror(r->output_error));
		return STATUS_OUTPUT;
	}
	if (!r->datagrams && !s.lost)
		return STATUS_INPUT;
	return s.lost || r->broken ? STATUS_LEFT : STATUS_DONE;
}

static int run(struct receiver *r)
{
	FILE *f = r->to_stdout ? stderr : stdout;
	int status = open_all(r);

	if (status)
		return status;
	progress_begin(&r->progress, !r->quiet && !r->json);
	status = receiver_run(r);
	progress_end(&r->progress);
	if (r->json)
		receiver_json(r, f);
	else if (!r->quiet)
		receiver_text(r, f);
	return status ? status : status_of(r);
}

int cmd_recv(int argc, char **argv)
{
	static struct receiver r;
	int status = take_arguments(&r, argc, argv);

	if (status)
		return status == HELPED ? STATUS_DONE : status;
	status = run(&r);
	free(r.rx);
	free(r.buf);
	return status;
}

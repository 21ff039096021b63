/* SPDX-License-Identifier: MIT */
/* send.c - segoff send: a stream of datagrams, in trains */
#include "send.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "../cli.h"
#include "../options.h"
#include "room.h"
#include "route.h"
#include "stream.h"

#define MTU	    1500
#define BATCH_BYTES (512 << 10)

static const char help_text[] =
	"usage: segoff send [OPTIONS] HOST:PORT [-]\n"
	"\n"
	"Send a stream of datagrams, in trains where the path takes them.\n"
	"'segoff recv PORT' on HOST says what arrives. With '-' they carry\n"
	"what is read from standard input; else it goes on until Ctrl-C.\n"
	"\n"
	"  --size N     bytes of a datagram (default: what fits the\n"
	"               MTU, 1472 at most, IPv6 1452)\n"
	"  --rate N     bits in a second, with k, M or G behind the number\n"
	"  --seconds N  how long\n"
	"  --count N    how many datagrams\n"
	"  --train N    datagrams of a train at most\n"
	"  --no-gso     no trains: one message for each\n"
	"  --raw        no header: for a receiver that is not segoff recv\n"
	"  --json       report for scripts\n"
	"  --quiet      no report, no progress\n"
	"\n"
	"Exit status: 0 done, by Ctrl-C too; 1 no such host; 2 usage; 3 done,\n"
	"but datagrams were refused; 4 it could not go on.\n";

/* "800M": bits in a second, kept as bytes. */
static int take_rate(const char *command, const char *text, void *to)
{
	static const char units[] = "kMG";
	char *end;
	double bits = strtod(text, &end);
	const char *unit = *end ? strchr(units, *end) : NULL;

	for (long i = unit ? unit - units : -1; i >= 0; i--)
		bits *= 1000;
	if (!isdigit((unsigned char)*text) || (*end && (!unit || end[1])) ||
	    bits < 8 || bits > 1e13)
		return usage_error(command,
				   "--rate is bits in a second, as in 800M, "
				   "not '%s'",
				   text);
	*(uint64_t *)to = (uint64_t)(bits / 8);
	return 0;
}

static int take_options(struct sender *s, int argc, char **argv, int *first)
{
	unsigned long train = 0;
	bool plain = false;
	const struct option_row rows[] = {
		{ .name = "size",
		  .number = &s->size,
		  .min = 1,
		  .max = SEGOFF_UDP_BYTES_V6 },
		{ .name = "rate", .call = take_rate, .to = &s->rate },
		{ .name = "seconds",
		  .number = &s->seconds,
		  .min = 1,
		  .max = 1000000 },
		{ .name = "count",
		  .number = &s->count,
		  .min = 1,
		  .max = 1000000000000 },
		{ .name = "train",
		  .number = &train,
		  .min = 1,
		  .max = SEGOFF_UDP_SEGS },
		{ .name = "no-gso", .flag = &plain },
		{ .name = "raw", .flag = &s->raw },
		{ .name = "json", .flag = &s->json },
		{ .name = "quiet", .flag = &s->quiet },
		{ .name = NULL },
	};
	int status = options_parse("send", help_text, rows, argc, argv, first);

	s->opts.sz = sizeof(s->opts);
	s->opts.segs = (uint32_t)train;
	s->opts.flags = plain ? SEGOFF_UDP_TX_PLAIN : 0;
	return status;
}

static int take_arguments(struct sender *s, int argc, char **argv)
{
	int first, status = take_options(s, argc, argv, &first);
	unsigned long least;

	if (status)
		return status;
	if (first == argc)
		return usage_error("send", "HOST:PORT is needed");
	if (argc - first > 2 ||
	    (argc - first == 2 && strcmp(argv[first + 1], "-") != 0))
		return usage_error("send", "'%s' is one argument too many",
				   argv[argc - 1]);
	s->from_stdin = argc - first == 2;
	/* behind the header there must be room for what is read */
	least = STREAM_HEADER + s->from_stdin;
	if (s->size && !s->raw && s->size < least)
		return usage_error(
			"send", "--size is %lu at least, without --raw", least);
	return peer_resolve("send", argv[first], &s->to);
}

/* What fits the MTU of the path, and of most paths. */
static unsigned long usual_size(const struct sender *s)
{
	const struct sockaddr *to = (const struct sockaddr *)&s->to.addr;
	unsigned long mtu = route_mtu(s->fd, to->sa_family);

	/* the least that IPv6 has; narrower than that needs --size */
	if (mtu < 1280 || mtu > MTU)
		mtu = MTU;
	return mtu - (peer_v4(to) ? HEADERS_V4 : HEADERS_V6);
}

static void lay_out(struct sender *s)
{
	if (!s->size)
		s->size = usual_size(s);
	s->batch = BATCH_BYTES / s->size;
	if (s->batch > SEND_BATCH)
		s->batch = SEND_BATCH;
	s->buf = calloc(s->batch, s->size);
	for (size_t i = 0; i < s->batch && s->buf; i++) {
		s->iov[i].iov_base = s->buf + i * s->size;
		s->iov[i].iov_len = s->size;
		s->dgram[i].iov = &s->iov[i];
		s->dgram[i].niov = 1;
	}
	if (getrandom(&s->id, sizeof(s->id), GRND_NONBLOCK) < 0)
		s->id = (uint64_t)getpid();
}

static int open_all(struct sender *s)
{
	const struct sockaddr *to = (const struct sockaddr *)&s->to.addr;
	size_t size = segoff_udp_tx_size(&s->opts);
	int err = 0;

	s->fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || connect(s->fd, to, s->to.len))
		err = -errno;
	if (!err) {
		lay_out(s);
		make_room(s->fd, SO_SNDBUFFORCE, SO_SNDBUF);
		s->tx = segoff_udp_tx_init(malloc(size), size, s->fd, &s->opts,
					   &err);
	}
	if (!err && !s->buf)
		err = -ENOMEM;
	if (!err)
		return 0;
	complain("%s: %s", s->to.text, strerror(-err));
	return STATUS_OUTPUT;
}

static int run(struct sender *s)
{
	int status = open_all(s);

	if (status)
		return status;
	progress_begin(&s->progress, !s->quiet && !s->json);
	status = sender_run(s);
	progress_end(&s->progress);
	if (s->json)
		sender_json(s, stdout);
	else if (!s->quiet)
		sender_text(s, stdout);
	if (!status && s->refused)
		return STATUS_LEFT;
	return status;
}

int cmd_send(int argc, char **argv)
{
	static struct sender s;
	int status = take_arguments(&s, argc, argv);

	if (status)
		return status == HELPED ? STATUS_DONE : status;
	status = run(&s);
	if (s.tx)
		segoff_udp_tx_end(s.tx);
	free(s.tx);
	free(s.buf);
	return status;
}

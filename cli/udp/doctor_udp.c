/* SPDX-License-Identifier: MIT */
/* doctor_udp.c - segoff doctor udp: does offload work to this address? */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../cli.h"
#include "../options.h"
#include "doctor.h"
#include "topics.h"

static const char help_text[] =
	"usage: segoff doctor udp [OPTIONS] HOST:PORT\n"
	"\n"
	"Say how UDP leaves for HOST: route, MTU, what the kernel takes, what\n"
	"it says to real datagrams, and what the library makes of that. Up to\n"
	"nine datagrams of zeros are sent there.\n"
	"\n"
	"  --no-send  send none; the kernel is tried over loopback only\n"
	"  --json     for scripts\n"
	"\n"
	"Exit status: 0 trains leave; 1 no such host, or no route; 2 usage;\n"
	"3 trains do not leave: datagrams go one by one, or not at all.\n";

static int take_arguments(struct doctor *d, int argc, char **argv, bool *json)
{
	bool no_send = false;
	const struct option_row rows[] = {
		{ .name = "no-send", .flag = &no_send },
		{ .name = "json", .flag = json },
		{ .name = NULL },
	};
	int first, status = options_parse("doctor udp", help_text, rows, argc,
					  argv, &first);

	if (status)
		return status;
	if (argc - first != 1)
		return usage_error("doctor udp", argc > first ?
							 "one HOST:PORT only" :
							 "HOST:PORT is needed");
	d->send = !no_send;
	return peer_resolve("doctor udp", argv[first], &d->to);
}

enum verdict doctor_verdict(const struct doctor *d)
{
	const struct trial_step *s = d->trial.step;

	if (!d->send)
		return d->tried.segment || d->tried.loopback ?
			       VERDICT_NO_KERNEL :
			       VERDICT_KERNEL;
	if (!s[0].sent.taken && !s[1].sent.taken)
		return VERDICT_NOTHING;
	return d->trial.path.state == SEGOFF_UDP_ACTIVE ? VERDICT_TRAINS :
							  VERDICT_SINGLE;
}

/* A route that is missing shows when the socket is connected. */
static int examine(struct doctor *d)
{
	const struct sockaddr *to = (const struct sockaddr *)&d->to.addr;
	int fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = fd < 0 || connect(fd, to, d->to.len) ? -errno : 0;

	if (!err) {
		route_find(&d->to, fd, &d->route);
		try_kernel(peer_v4(to), &d->tried);
		if (d->send)
			err = trial_run(fd, peer_v4(to), d->route.mtu,
					&d->trial);
	}
	if (fd >= 0)
		close(fd);
	if (!err)
		return STATUS_DONE;
	complain("%s: %s", d->to.text,
		 err == -EACCES ?
			 "a broadcast address, or the route prohibits it" :
			 strerror(-err));
	return STATUS_INPUT;
}

int doctor_udp(int argc, char **argv)
{
	static struct doctor d;
	bool json = false;
	int status = take_arguments(&d, argc, argv, &json);

	if (status)
		return status == HELPED ? STATUS_DONE : status;
	status = examine(&d);
	if (status)
		return status;
	if (json)
		doctor_json(&d, stdout);
	else
		doctor_text(&d, stdout);
	switch (doctor_verdict(&d)) {
	case VERDICT_TRAINS:
	case VERDICT_KERNEL:
		return STATUS_DONE;
	default:
		return STATUS_LEFT;
	}
}

/* SPDX-License-Identifier: MIT */
/* doctor_text.c - what segoff doctor udp says to people */
#include <errno.h>
#include <string.h>

#include "../cli.h"
#include "doctor.h"
#include "kernel.h"

static const char *on_off(int v)
{
	return v < 0 ? "not told" : v ? "on" : "off";
}

static void say_route(const struct doctor *d, FILE *f)
{
	const struct route *r = &d->route;

	fprintf(f, "target   %s", d->to.text);
	if (strncmp(d->to.text, d->to.name, strlen(d->to.name)) != 0 &&
	    !strchr(d->to.name, ':'))
		fprintf(f, " (%s)", d->to.name);
	fprintf(f, "\nroute    %s, from %s, ", *r->ifname ? r->ifname : "?",
		r->source);
	if (*r->gateway)
		fprintf(f, "by %s", r->gateway);
	else
		fputs("on the same link", f);
	fprintf(f, "\nMTU      %s", grouped(r->mtu));
	if (r->device_mtu != r->mtu)
		fprintf(f, " for this route; the device has %s",
			grouped(r->device_mtu));
	if (r->mtu >= 65535)
		fputs("; one that large hides what real devices refuse", f);
	fprintf(f,
		"\ndevice   checksum offload %s, tx-udp-segmentation %s; "
		"queue %s\n",
		on_off(r->checksum), on_off(r->segmentation),
		*r->qdisc ? r->qdisc : "not told");
}

static void say_option(FILE *f, const char *name, int error, const char *more)
{
	fprintf(f, "  %-13s  ", name);
	if (error)
		fprintf(f, "refused: %s\n", errno_name(error));
	else
		fprintf(f, "accepted%s\n", more);
}

static void say_kernel(const struct doctor *d, FILE *f)
{
	const struct tried *t = &d->tried;
	const char *release = kernel_release();
	const char *fault = kernel_fault(release);
	char text[100];

	fprintf(f, "kernel   Linux %s; each tried over loopback\n", release);
	if (fault)
		fprintf(f, "  known fault    %s\n", fault);
	if (t->loopback) {
		fprintf(f, "  nothing could be tried, loopback: %s\n",
			errno_name(t->loopback));
		return;
	}
	snprintf(text, sizeof(text), "; trains of %u datagrams, %s bytes",
		 t->segs, grouped(t->bytes));
	say_option(f, "UDP_SEGMENT", t->segment, text);
	say_option(f, "UDP_GRO", t->gro,
		   t->whole ? "; a train came in one piece" :
			      ", but a train came in pieces");
	say_option(f, "MSG_ZEROCOPY", t->zerocopy,
		   "; pays only where nothing copies after all");
	say_option(f, "SO_TXTIME", t->txtime,
		   "; only a queue fq or etf keeps the times");
}

/*
 * The errno of the last call with, or without, UDP_SEGMENT that failed: before
 * it may be the error of a datagram sent earlier.
 */
static int failed_call(const struct trial_step *s, bool segment)
{
	uint32_t n = s->ncalls < TRIAL_CALLS ? s->ncalls : TRIAL_CALLS;
	int error = 0;

	for (uint32_t i = 0; i < n; i++)
		if (!!s->call[i].size == segment && s->call[i].error)
			error = s->call[i].error;
	return error;
}

static void say_taken(const struct trial_step *s, FILE *f)
{
	int train = failed_call(s, true);

	if (s->n == 1)
		fputs("taken", f);
	else if (s->sent.trains)
		fputs("taken, as one train", f);
	else if (train)
		fprintf(f, "%s with UDP_SEGMENT; taken, one by one",
			errno_name(train));
	else
		fputs("taken, one by one", f);
}

static void say_refused(const struct trial_step *s, FILE *f)
{
	int train = failed_call(s, true);

	fprintf(f, "refused: %s", errno_name(s->sent.error));
	if (train)
		fprintf(f, ", with UDP_SEGMENT %s%s",
			train == s->sent.error ? "and without" : "",
			train == s->sent.error ? "" : errno_name(train));
	if (s->kind == TRIAL_ABOVE && s->sent.error == -EMSGSIZE)
		fputs("; that is as it should be", f);
}

static void say_step(const struct trial_step *s, FILE *f)
{
	static const char *const what[] = {
		[TRIAL_SINGLE] = "alone",
		[TRIAL_PAIR] = "a train",
		[TRIAL_MTU] = "fill the MTU",
		[TRIAL_ABOVE] = "one byte above",
	};

	fprintf(f, "  %u x %-6s %-15s ", s->n, grouped(s->size), what[s->kind]);
	if (s->sent.error)
		say_refused(s, f);
	else
		say_taken(s, f);
	fputc('\n', f);
}

static void say_answer(const struct trial_answer *a, FILE *f)
{
	fprintf(f, "  %s: ", *a->from ? a->from : "this host");
	if (a->mtu)
		fprintf(f, "too large, %s bytes fit\n", grouped(a->mtu));
	else if (a->error == -ECONNREFUSED)
		fputs("nobody listens on that port\n", f);
	else
		fprintf(f, "%s (%s)\n", strerror(-a->error),
			errno_name(a->error));
}

/* This host's own word on one byte above the MTU is no news. */
static bool worth_saying(const struct trial_answer *a)
{
	return *a->from || a->error != -EMSGSIZE;
}

static void say_trial(const struct doctor *d, FILE *f)
{
	const struct trial *t = &d->trial;
	unsigned int said = 0;

	fputs("send     real datagrams, bytes of payload each\n", f);
	for (uint32_t i = 0; i < t->steps; i++)
		say_step(&t->step[i], f);
	fputs("answers", f);
	for (uint32_t i = 0; i < t->answers; i++)
		said += worth_saying(&t->answer[i]);
	fputs(said ? "\n" : "  none; UDP need not give any\n", f);
	for (uint32_t i = 0; i < t->answers; i++)
		if (worth_saying(&t->answer[i]))
			say_answer(&t->answer[i], f);
	if (t->mtu && t->mtu != d->route.mtu)
		fprintf(f, "  the MTU of this path is %s now\n",
			grouped(t->mtu));
}

/* What is true of this path alone, and until when. */
static void say_fallback(const struct segoff_udp_path_info *p, FILE *f)
{
	if (p->reason == SEGOFF_UDP_R_KERNEL)
		return;
	fputs("         one by one, to this destination only; trains are tried "
	      "again after 1 s,\n"
	      "         then 2, 4 ... 1,024 s, and when the program tells of a "
	      "new route\n",
	      f);
}

static void say_limits(const struct doctor *d, FILE *f)
{
	const struct segoff_udp_path_info *p = &d->trial.path;

	fprintf(f, "         of up to %u datagrams, %s bytes\n",
		d->tried.segs ? d->tried.segs : SEGOFF_UDP_SEGS_OLD,
		grouped(p->max_bytes));
	if (p->max_size)
		fprintf(f,
			"         learnt: a datagram above %s bytes does "
			"not fit one\n",
			grouped(p->max_size));
}

static void say_library(const struct doctor *d, FILE *f)
{
	const struct segoff_udp_path_info *p = &d->trial.path;

	fprintf(f, "library  %s: ", segoff_udp_state_name(p->state));
	if (p->state == SEGOFF_UDP_ACTIVE) {
		fputs("equal datagrams leave in trains, by UDP_SEGMENT\n", f);
		say_limits(d, f);
	} else {
		fprintf(f, "%s\n", segoff_udp_reason_str(p->reason));
	}
	if (p->state == SEGOFF_UDP_DISABLED)
		say_fallback(p, f);
}

static void say_recv(const struct doctor *d, FILE *f)
{
	if (d->tried.gro || d->tried.loopback)
		fputs("recv     no trains: datagrams are received one by one\n",
		      f);
	else
		fputs("recv     trains; a buffer must hold 65,535 bytes, the "
		      "library refuses a smaller one\n",
		      f);
}

/* Why nothing at all leaves. */
static const char *advice(int error)
{
	switch (-error) {
	case EPERM:
		return "this host's firewall refuses what leaves, or its "
		       "connection table is full";
	case EACCES:
		return "a broadcast address wants SO_BROADCAST";
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
		return "there is no way there at present";
	case EINVAL:
		return "the source address is no longer ours, or an option of "
		       "the socket does not fit";
	default:
		return strerror(-error);
	}
}

static void say_verdict(const struct doctor *d, FILE *f)
{
	fputs("verdict  ", f);
	switch (doctor_verdict(d)) {
	case VERDICT_TRAINS:
		fputs("trains leave. Captures taken on this host show each as "
		      "one packet: normal.\n",
		      f);
		break;
	case VERDICT_SINGLE:
		fputs("datagrams leave, but one by one: slower, nothing is "
		      "lost by it.\n",
		      f);
		break;
	case VERDICT_NOTHING:
		fprintf(f, "nothing leaves: %s.\n",
			advice(d->trial.step[0].sent.error));
		break;
	case VERDICT_KERNEL:
		fputs("this kernel takes trains; whether they leave on this "
		      "path was not tried.\n",
		      f);
		break;
	case VERDICT_NO_KERNEL:
		fputs("no trains from this kernel, as far as was tried.\n", f);
		break;
	}
}

void doctor_text(const struct doctor *d, FILE *f)
{
	say_route(d, f);
	say_kernel(d, f);
	if (d->send) {
		say_trial(d, f);
		say_library(d, f);
	}
	say_recv(d, f);
	say_verdict(d, f);
}

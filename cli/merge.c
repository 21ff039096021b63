/* SPDX-License-Identifier: MIT */
/*
 * merge.c - segoff merge: packets of the wire into superpackets
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "cli.h"
#include "format.h"
#include "job.h"
#include "merge_out.h"
#include "merge_report.h"
#include "options.h"
#include "tunnels.h"

#define SIZE_MIN     576
#define SIZE_MAX_TCP 524280
#define SECONDS_MAX  1000000
#define NANO	     1000000000u

struct merge {
	struct job job;
	struct join_opts opts;
	struct merge_report report;
	struct merge_out out;
	struct batch *batch;
	struct join *join;
	struct check check;
	struct tunnels tunnels;
	bool checks;
};

static const char help_text[] =
	"usage: segoff merge [OPTIONS] IN OUT\n"
	"\n"
	"Merge the packets of a capture into superpackets, as a host with GRO\n"
	"sees them; 'segoff split' gives them back. Files are as for split.\n"
	"\n"
	"  --max-size N       no IP packet above N bytes (default 65535; above\n"
	"                     that, up to 524280, only TCP)\n"
	"  --udp              datagrams, too\n"
	"  --timeout T        at most T seconds between the first and the last\n"
	"                     packet of a superpacket, by their time stamps\n"
	"  --batch N          all is finished after N packets (default 1024)\n"
	"  --profile=WHOSE    default: segmentation gives all packets back, in\n"
	"                     the order within each flow\n"
	"                     linux: by the rules, and with the quirks, of Linux\n"
	"  --tunnel KIND=PORT this UDP port is a tunnel's: vxlan, vxlan-gpe,\n"
	"                     geneve, gue, mpls, fou-ip4, fou-ip6, fou-gre;\n"
	"                     may be repeated, and adds to the well-known ones\n"
	"  --vnet-hdr[=SIZE]  put a virtio_net_hdr of SIZE bytes in front of\n"
	"                     every record: 10 (default), 12, 20, 24\n"
	"  --check            write nothing; split all in memory and compare\n"
	"  --dry-run          write nothing; OUT may be left out\n"
	"  --json             report for scripts\n"
	"  --quiet            no report, no progress\n"
	"\n"
	"Exit status: 0 done; 1 input unreadable or broken off; 2 usage;\n"
	"3 done, but --check found a difference; 4 output failed;\n"
	"130 interrupted.\n";

static int profile_option(const char *command, const char *text, void *to)
{
	struct join_opts *o = to;

	o->gro.profile = SEGOFF_GRO_LOSSLESS;
	if (!strcmp(text, "default"))
		return 0;
	o->gro.profile = SEGOFF_GRO_LINUX;
	if (!strcmp(text, "linux"))
		return 0;
	return usage_error(command, "--profile is default or linux, not '%s'",
			   text);
}

/* Digits behind the point, down to nanoseconds. */
static bool parse_fraction(const char *text, uint64_t *ns)
{
	uint64_t unit = NANO;

	*ns = 0;
	if (!*text)
		return false;
	for (; isdigit((unsigned char)*text); text++) {
		unit /= 10;
		*ns += unit * (uint64_t)(*text - '0');
	}
	return !*text;
}

static int timeout_option(const char *command, const char *text, void *to)
{
	size_t n = strcspn(text, ".");
	uint64_t *timeout = to, fraction = 0;
	char whole[16] = "";
	unsigned long seconds;

	if (n < sizeof(whole))
		memcpy(whole, text, n);
	if (!parse_number(whole, 0, SECONDS_MAX, &seconds) ||
	    (text[n] && !parse_fraction(text + n + 1, &fraction)))
		return usage_error(command,
				   "--timeout is a number of seconds from 0 "
				   "to %d, not '%s'",
				   SECONDS_MAX, text);
	*timeout = seconds * NANO + fraction;
	return 0;
}

static int take_options(struct merge *m, int argc, char **argv, int *first,
			unsigned long *batch)
{
	struct join_opts *o = &m->opts;
	unsigned long max_size = JOIN_SIZE;
	bool udp = false;
	const struct option_row rows[] = {
		{ .name = "max-size",
		  .number = &max_size,
		  .min = SIZE_MIN,
		  .max = SIZE_MAX_TCP },
		{ .name = "udp", .flag = &udp },
		{ .name = "timeout", .call = timeout_option, .to = &o->timeout },
		{ .name = "batch", .number = batch, .min = 2, .max = BATCH_MAX },
		{ .name = "profile", .call = profile_option, .to = o },
		{ .name = "tunnel", .call = tunnel_option, .to = &m->tunnels },
		{ .name = "vnet-hdr",
		  .call = vnet_option,
		  .to = &o->vnet,
		  .optional = true },
		{ .name = "check", .flag = &m->checks },
		{ .name = "dry-run", .flag = &m->job.dry_run },
		{ .name = "json", .flag = &m->job.json },
		{ .name = "quiet", .flag = &m->job.quiet },
		{ .name = NULL },
	};
	int status = options_parse("merge", help_text, rows, argc, argv, first);

	o->gro.ports = tunnels_ports(&m->tunnels);
	o->gro.max_size = (uint32_t)max_size + 1; /* it stays below */
	if (udp)
		o->gro.flags |= SEGOFF_GRO_UDP;
	return status;
}

static int take_arguments(struct merge *m, int argc, char **argv)
{
	unsigned long batch = BATCH_DEFAULT;
	int first, status = take_options(m, argc, argv, &first, &batch);

	if (status)
		return status;
	m->batch->most = batch;
	m->job.dry_run |= m->checks;
	return job_operands(&m->job, "merge",
			    m->checks ? "--check" : "--dry-run", argc, argv,
			    first);
}

static int open_all(struct merge *m)
{
	struct job *j = &m->job;
	int status = job_open(j, m->opts.vnet ? LINKTYPE_ETHERNET : -1,
			      LINKTYPE_USER0);

	if (status)
		return status;
	join_settle(&m->opts, j->reader);
	m->batch->reader = j->reader;
	m->out = (struct merge_out){ .writer = j->writer,
				     .totals = &j->totals,
				     .vnet = m->opts.vnet,
				     .comment = m->opts.commented };
	if (join_open(&m->join, &m->opts, m->batch->most) < 0 ||
	    (m->checks &&
	     check_open(&m->check, m->opts.vnet, m->opts.gro.ports) < 0)) {
		complain("not enough memory");
		return STATUS_OUTPUT;
	}
	return 0;
}

/* A batch, from its packets to the output. */
static int work_on(struct merge *m, struct port_error *e)
{
	const struct batch *b = m->batch;
	struct job *j = &m->job;
	int err;

	if (b->n && !*j->totals.format)
		job_describe(j, 0, b->rec[0].linktype);
	for (size_t i = 0; i < b->n; i++)
		totals_read(&j->totals, b->rec[i].caplen);
	join_batch(m->join, b);
	merge_count(&m->report, b, m->join);
	if (m->checks)
		check_batch(&m->check, b, m->join);
	err = merge_write(&m->out, b, m->join, e);
	if (!err && b->idle)
		err = capture_flush(j->writer, e);
	return err;
}

/* The whole capture: 0 or a negative errno of writing. */
static int work(struct merge *m, struct port_error *e)
{
	struct job *j = &m->job;
	int err = 0;

	while (!err && batch_next(m->batch)) {
		err = work_on(m, e);
		job_progress(j);
	}
	if (!*j->totals.format)
		job_describe(j, 0, -1);
	return err;
}

static void tell_json(const struct merge *m, FILE *f)
{
	const struct port_error *e = batch_error(m->batch);
	struct json j = { f, false };

	json_open(&j, NULL, '{');
	totals_json_read(&m->job.totals, &j);
	merge_json(&m->report, &j);
	if (m->checks) {
		json_open(&j, "check", '{');
		json_number(&j, "packets", m->check.packets);
		json_number(&j, "differences", m->check.differences);
		json_number(&j, "first", m->check.first);
		json_close(&j, '}');
	}
	totals_json_wrote(&m->job.totals, &j, e ? e->text : NULL);
	json_close(&j, '}');
	fputc('\n', f);
}

static void tell_check(const struct check *c, FILE *f)
{
	fprintf(f, "check: %s packet%s merged and split again, %s difference%s",
		grouped(c->packets), plural(c->packets),
		grouped(c->differences), plural(c->differences));
	if (c->differences)
		fprintf(f, ", the first in packet %llu",
			(unsigned long long)c->first);
	fputc('\n', f);
}

static void tell(const struct merge *m)
{
	FILE *f = job_report_to(&m->job);

	if (m->job.json) {
		tell_json(m, f);
	} else if (m->job.quiet) {
		return;
	} else if (m->checks) {
		tell_check(&m->check, f);
	} else {
		totals_text_read(&m->job.totals, f);
		merge_text(&m->report, f);
		totals_text_wrote(&m->job.totals, f);
	}
}

static int run(struct merge *m)
{
	int status = open_all(m);
	struct port_error e;
	int err;

	if (status)
		return status;
	err = work(m, &e);
	status = job_worked(&m->job, err ? &e : NULL, batch_error(m->batch));
	status = job_finish(&m->job, status);
	if (job_lost(status))
		return status;
	tell(m);
	if (status == STATUS_DONE && m->check.differences)
		return STATUS_LEFT;
	return status;
}

int cmd_merge(int argc, char **argv)
{
	static struct batch batch;
	struct merge m = { .batch = &batch, .opts = JOIN_DEFAULT };
	int status = take_arguments(&m, argc, argv);

	if (status)
		return status == HELPED ? STATUS_DONE : status;
	status = run(&m);
	check_close(&m.check);
	join_close(m.join);
	job_close(&m.job);
	return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * split.c - segoff split: superpackets of a capture into packets of the wire
 */
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli.h"
#include "cut.h"
#include "format.h"
#include "job.h"
#include "options.h"
#include "tunnels.h"

struct split {
	struct job job;
	struct cutter cutter;
	struct tunnels tunnels;
};

static const char help_text[] =
	"usage: segoff split [OPTIONS] IN OUT\n"
	"\n"
	"Cut the superpackets of a capture (pcap or pcapng; gzip and zstd are\n"
	"read, and written by the name's ending; '-' is a pipe) into the\n"
	"packets that were on the wire, and finish checksums that were left\n"
	"for a device.\n"
	"\n"
	"  --mtu N            no IP packet above N bytes; without it 1500 is\n"
	"                     assumed where a flow does not show its own size\n"
	"  --mss N            MSS of all TCP flows, as in a SYN\n"
	"  --udp-size N       payload of every UDP datagram\n"
	"  --tunnel KIND=PORT this UDP port is a tunnel's: vxlan, vxlan-gpe,\n"
	"                     geneve, gue, mpls, fou-ip4, fou-ip6, fou-gre;\n"
	"                     may be repeated, and adds to the well-known ones\n"
	"  --vnet-hdr[=SIZE]  every record begins with a virtio_net_hdr of\n"
	"                     SIZE bytes: 10 (default), 12, 20, 24\n"
	"  --partial          cut no further than for a device that repeats\n"
	"                     headers (GSO_PARTIAL); --vnet-hdr is then about\n"
	"                     the output\n"
	"  --checksum=HOW     complete: finish what was left unfinished (default)\n"
	"                     keep: leave it so\n"
	"                     rewrite: from the bytes, even if damaged\n"
	"  --spread           divide the time to the flow's next packet over the\n"
	"                     segments\n"
	"  --dry-run          write nothing; OUT may be left out\n"
	"  --json             report for scripts\n"
	"  --quiet            no report, no progress\n"
	"\n"
	"Exit status: 0 done; 1 input unreadable or broken off; 2 usage;\n"
	"3 done, but packets were left alone or refused; 4 output failed;\n"
	"130 interrupted.\n";

static int checksum_option(const char *command, const char *how, void *to)
{
	struct cutter *c = to;

	c->keep = !strcmp(how, "keep");
	c->examine.rewrite = !strcmp(how, "rewrite");
	if (c->keep || c->examine.rewrite || !strcmp(how, "complete"))
		return 0;
	return usage_error(command,
			   "--checksum is complete, keep or rewrite, not '%s'",
			   how);
}

static int take_options(struct split *sp, int argc, char **argv, int *first)
{
	struct segoff_hints *h = &sp->cutter.examine.hints;
	unsigned long mtu = 0, mss = 0, udp_size = 0;
	uint32_t vnet = 0;
	const struct option_row rows[] = {
		{ .name = "mtu", .number = &mtu, .min = 68, .max = 1u << 20 },
		{ .name = "mss", .number = &mss, .min = 1, .max = 65535 },
		{ .name = "udp-size",
		  .number = &udp_size,
		  .min = 1,
		  .max = 65507 },
		{ .name = "tunnel", .call = tunnel_option, .to = &sp->tunnels },
		{ .name = "vnet-hdr",
		  .call = vnet_option,
		  .to = &vnet,
		  .optional = true },
		{ .name = "partial", .flag = &sp->cutter.partial },
		{ .name = "checksum",
		  .call = checksum_option,
		  .to = &sp->cutter },
		{ .name = "spread", .flag = &sp->cutter.spread },
		{ .name = "dry-run", .flag = &sp->job.dry_run },
		{ .name = "json", .flag = &sp->job.json },
		{ .name = "quiet", .flag = &sp->job.quiet },
		{ .name = NULL },
	};
	int status = options_parse("split", help_text, rows, argc, argv, first);

	if (sp->cutter.partial)
		sp->cutter.vnet.size = vnet;
	else
		sp->cutter.examine.vnet = vnet;
	sp->cutter.examine.ports = tunnels_ports(&sp->tunnels);
	sp->cutter.vnet.ports = sp->cutter.examine.ports;
	h->sz = sizeof(*h);
	h->mtu = (uint32_t)mtu;
	h->mtu_is_limit = mtu != 0;
	h->mss = (uint16_t)mss;
	h->udp_size = (uint16_t)udp_size;
	return status;
}

static int take_arguments(struct split *sp, int argc, char **argv)
{
	int first, status = take_options(sp, argc, argv, &first);

	if (status)
		return status;
	return job_operands(&sp->job, "split", "--dry-run", argc, argv, first);
}

static int open_all(struct split *sp)
{
	struct cutter *c = &sp->cutter;
	struct job *j = &sp->job;
	int status;

	if (c->vnet.size)
		status = job_open(j, LINKTYPE_ETHERNET, LINKTYPE_USER0);
	else
		status = job_open(j, c->examine.vnet ? LINKTYPE_USER0 : -1,
				  LINKTYPE_ETHERNET);

	if (status)
		return status;
	c->writer = j->writer;
	c->totals = &j->totals;
	if (window_open(&c->window, j->reader, c->examine.hints.mtu,
			c->examine.vnet, c->examine.ports) < 0) {
		complain("not enough memory");
		return STATUS_OUTPUT;
	}
	return 0;
}

/* All records: 0 or a negative errno of writing. */
static int work(struct split *sp, struct port_error *e)
{
	struct cutter *c = &sp->cutter;
	struct job *j = &sp->job;
	const struct seen *s;
	int err = 0;

	while (!err && (s = window_next(c->window))) {
		if (s->rec.packet && !*j->totals.format)
			job_describe(j, c->examine.vnet, s->rec.linktype);
		err = cut_record(c, s, e);
		if (!err && window_dry(c->window))
			err = capture_flush(c->writer, e);
		job_progress(j);
	}
	if (!*j->totals.format)
		job_describe(j, c->examine.vnet, -1);
	return err;
}

static void tell(const struct split *sp)
{
	const struct report *r = sp->cutter.report;
	const struct port_error *e = window_error(sp->cutter.window);
	FILE *f = job_report_to(&sp->job);

	if (sp->job.json)
		report_json(r, &sp->job.totals, f, e ? e->text : NULL);
	else if (!sp->job.quiet)
		report_text(r, &sp->job.totals, f);
}

static int run(struct split *sp)
{
	const struct report *r = sp->cutter.report;
	int status = open_all(sp);
	struct port_error e;
	int err;

	if (status)
		return status;
	err = work(sp, &e);
	status = job_worked(&sp->job, err ? &e : NULL,
			    window_error(sp->cutter.window));
	status = job_finish(&sp->job, status);
	if (job_lost(status))
		return status;
	tell(sp);
	if (status == STATUS_DONE && (r->alone || r->refused))
		return STATUS_LEFT;
	return status;
}

int cmd_split(int argc, char **argv)
{
	static struct report report;
	struct split sp = { .cutter = { .report = &report } };
	int status;

	if (getrandom(&sp.cutter.frag_id, sizeof(sp.cutter.frag_id),
		      GRND_NONBLOCK) < 0)
		sp.cutter.frag_id = (uint32_t)getpid();
	status = take_arguments(&sp, argc, argv);
	if (status)
		return status == HELPED ? STATUS_DONE : status;
	status = run(&sp);
	window_close(sp.cutter.window);
	job_close(&sp.job);
	return status;
}

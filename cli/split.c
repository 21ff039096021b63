/* SPDX-License-Identifier: MIT */
/*
 * split.c - segoff split: superpackets of a capture into packets of the wire
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli.h"
#include "cut.h"
#include "format.h"
#include "options.h"
#include "progress.h"

struct split {
	struct cutter cutter;
	struct capture_reader *reader;
	struct progress progress;
	const char *in;
	const char *out;
	bool json;
	bool quiet;
	bool dry_run;
	bool direct; /* others see what was written, even if it breaks off */
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
	"  --vnet-hdr[=SIZE]  every record begins with a virtio_net_hdr of\n"
	"                     SIZE bytes: 10 (default), 12, 20, 24\n"
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
	const struct option_row rows[] = {
		{ .name = "mtu", .number = &mtu, .min = 68, .max = 1u << 20 },
		{ .name = "mss", .number = &mss, .min = 1, .max = 65535 },
		{ .name = "udp-size",
		  .number = &udp_size,
		  .min = 1,
		  .max = 65507 },
		{ .name = "vnet-hdr",
		  .call = vnet_option,
		  .to = &sp->cutter.examine.vnet,
		  .optional = true },
		{ .name = "checksum",
		  .call = checksum_option,
		  .to = &sp->cutter },
		{ .name = "spread", .flag = &sp->cutter.spread },
		{ .name = "dry-run", .flag = &sp->dry_run },
		{ .name = "json", .flag = &sp->json },
		{ .name = "quiet", .flag = &sp->quiet },
		{ .name = NULL },
	};
	int status = options_parse("split", help_text, rows, argc, argv, first);

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
	if (argc - first > 2)
		return usage_error("split", "'%s' is one file too many",
				   argv[first + 2]);
	if (argc - first < (sp->dry_run ? 1 : 2))
		return usage_error("split",
				   "an input and an output are "
				   "needed%s",
				   sp->dry_run ? " (the output not with "
						 "--dry-run)" :
						 "");
	sp->in = argv[first];
	sp->out = sp->dry_run ? "/dev/null" : argv[first + 1];
	return 0;
}

static int open_files(struct split *sp)
{
	struct cutter *c = &sp->cutter;
	bool vnet = c->examine.vnet;
	struct port_error e;

	if (capture_open(&sp->reader, sp->in, &e) < 0)
		return failed(&e, STATUS_INPUT);
	if (capture_same_file(sp->reader, sp->out)) {
		complain("%s: is input and output at once; write to another "
			 "file",
			 sp->out);
		return STATUS_USAGE;
	}
	if (capture_create(&c->writer, sp->out, sp->reader,
			   vnet ? LINKTYPE_USER0 : -1, LINKTYPE_ETHERNET,
			   &e) < 0)
		return failed(&e, STATUS_OUTPUT);
	sp->direct = !sp->dry_run && capture_direct(c->writer);
	if (window_open(&c->window, sp->reader, c->examine.hints.mtu,
			c->examine.vnet) < 0) {
		complain("not enough memory");
		return STATUS_OUTPUT;
	}
	return 0;
}

/* Reading or writing ended early. */
static int ended(const struct split *sp, const struct port_error *e, int status)
{
	if (e->code != -EINTR)
		return failed(e, status);
	if (sp->direct)
		complain("interrupted: %s is incomplete",
			 strcmp(sp->out, "-") ? sp->out : "standard output");
	else
		complain("interrupted: nothing was written");
	return STATUS_INTERRUPTED;
}

/* What the report calls the file, by its first packet or interface. */
static void describe(struct split *sp, int linktype)
{
	struct report *r = sp->cutter.report;

	if (linktype >= 0)
		linktype = frame_linktype((uint16_t)linktype,
					  sp->cutter.examine.vnet);
	describe_format(sp->reader, linktype, r->format, sizeof(r->format));
}

/* All records: 0 or a negative errno of writing. */
static int work(struct split *sp, struct port_error *e)
{
	struct cutter *c = &sp->cutter;
	const struct seen *s;
	uint64_t done, total;
	int err = 0;

	while (!err && (s = window_next(c->window))) {
		if (s->rec.packet && !*c->report->format)
			describe(sp, s->rec.linktype);
		err = cut_record(c, s, e);
		if (!err && window_dry(c->window))
			err = capture_flush(c->writer, e);
		if (progress_due(&sp->progress)) {
			done = capture_progress(sp->reader, &total);
			progress_show(&sp->progress, done, total);
		}
	}
	if (!*c->report->format)
		describe(sp, capture_linktype(sp->reader));
	return err;
}

static void tell(const struct split *sp)
{
	const struct report *r = sp->cutter.report;
	const struct port_error *e = window_error(sp->cutter.window);
	bool data_on_stdout = !sp->dry_run && !strcmp(sp->out, "-");
	FILE *f = data_on_stdout ? stderr : stdout;

	if (sp->json)
		report_json(r, f, e ? e->text : NULL);
	else if (!sp->quiet)
		report_text(r, f);
}

/* Name the file if what was read deserves it. */
static int finish(struct split *sp, int status)
{
	struct cutter *c = &sp->cutter;
	struct port_error e;
	int err;

	if (status == STATUS_OUTPUT || status == STATUS_INTERRUPTED) {
		capture_abandon(c->writer);
		c->writer = NULL;
		return status;
	}
	err = capture_finish(c->writer, &e);
	c->writer = NULL;
	if (err < 0)
		return ended(sp, &e, STATUS_OUTPUT);
	tell(sp);
	if (status == STATUS_DONE && (c->report->alone || c->report->refused))
		return STATUS_LEFT;
	return status;
}

static int run(struct split *sp)
{
	const struct port_error *broken;
	int status = open_files(sp);
	struct port_error e;
	int err;

	if (status)
		return status;
	progress_begin(&sp->progress, !sp->quiet);
	err = work(sp, &e);
	progress_end(&sp->progress);
	broken = window_error(sp->cutter.window);
	if (err)
		status = ended(sp, &e, STATUS_OUTPUT);
	else if (broken)
		status = ended(sp, broken, STATUS_INPUT);
	return finish(sp, status);
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
	report.in = sp.in;
	report.out = sp.dry_run ? NULL : sp.out;
	status = run(&sp);
	capture_abandon(sp.cutter.writer);
	window_close(sp.cutter.window);
	if (sp.reader)
		capture_close(sp.reader);
	return status;
}

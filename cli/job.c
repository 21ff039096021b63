/* SPDX-License-Identifier: MIT */
/* job.c - from one capture to another */
#include "job.h"

#include <errno.h>
#include <string.h>

#include "cli.h"
#include "format.h"

int job_operands(struct job *j, const char *command, const char *no_output,
		 int argc, char **argv, int first)
{
	if (argc - first > 2)
		return usage_error(command, "'%s' is one file too many",
				   argv[first + 2]);
	if (argc - first < (j->dry_run ? 1 : 2))
		return usage_error(command,
				   "an input and an output are needed%s%s%s",
				   j->dry_run ? " (the output not with " : "",
				   j->dry_run ? no_output : "",
				   j->dry_run ? ")" : "");
	j->in = argv[first];
	j->out = j->dry_run ? "/dev/null" : argv[first + 1];
	j->totals.in = j->in;
	j->totals.out = j->dry_run ? NULL : j->out;
	return 0;
}

int job_open(struct job *j, int from, int to)
{
	struct port_error e;

	if (capture_open(&j->reader, j->in, &e) < 0)
		return failed(&e, STATUS_INPUT);
	if (capture_same_file(j->reader, j->out)) {
		complain("%s: is input and output at once; write to another "
			 "file",
			 j->out);
		return STATUS_USAGE;
	}
	if (capture_create(&j->writer, j->out, j->reader, from, to, &e) < 0)
		return failed(&e, STATUS_OUTPUT);
	j->direct = !j->dry_run && capture_direct(j->writer);
	progress_begin(&j->progress, !j->quiet);
	return 0;
}

void job_describe(struct job *j, uint32_t vnet, int linktype)
{
	struct totals *t = &j->totals;

	if (linktype < 0)
		linktype = capture_linktype(j->reader);
	if (linktype >= 0)
		linktype = frame_linktype((uint16_t)linktype, vnet);
	describe_format(j->reader, linktype, t->format, sizeof(t->format));
}

void job_progress(struct job *j)
{
	uint64_t done, total;

	if (!progress_due(&j->progress))
		return;
	done = capture_progress(j->reader, &total);
	progress_show(&j->progress, done, total);
}

/* Reading or writing ended early. */
static int ended(const struct job *j, const struct port_error *e, int status)
{
	if (e->code != -EINTR)
		return failed(e, status);
	if (j->direct)
		complain("interrupted: %s is incomplete",
			 strcmp(j->out, "-") ? j->out : "standard output");
	else
		complain("interrupted: nothing was written");
	return STATUS_INTERRUPTED;
}

int job_worked(struct job *j, const struct port_error *unwritten,
	       const struct port_error *unread)
{
	progress_end(&j->progress);
	if (unwritten)
		return ended(j, unwritten, STATUS_OUTPUT);
	return unread ? ended(j, unread, STATUS_INPUT) : STATUS_DONE;
}

int job_finish(struct job *j, int status)
{
	struct capture_writer *w = j->writer;
	struct port_error e;

	j->writer = NULL;
	if (job_lost(status)) {
		capture_abandon(w);
		return status;
	}
	return capture_finish(w, &e) < 0 ? ended(j, &e, STATUS_OUTPUT) : status;
}

bool job_lost(int status)
{
	return status == STATUS_OUTPUT || status == STATUS_INTERRUPTED;
}

FILE *job_report_to(const struct job *j)
{
	return !j->dry_run && !strcmp(j->out, "-") ? stderr : stdout;
}

void job_close(struct job *j)
{
	capture_abandon(j->writer);
	if (j->reader)
		capture_close(j->reader);
}

/* SPDX-License-Identifier: MIT */
/*
 * job.h - from one capture to another: files, progress, how it ends
 *
 *	job_operands()	which files
 *	job_open()	both of them
 *	job_progress()	often, while records are worked on
 *	job_worked()	reading or writing came to an end: which status?
 *	job_finish()	the output gets its name, or is left out
 *	job_close()
 */
#ifndef SEGOFF_CLI_JOB_H
#define SEGOFF_CLI_JOB_H

#include <stdio.h>

#include "../src/port/capture.h"
#include "progress.h"
#include "totals.h"

/**
 * struct job - from one capture to another
 * @in: name of the input
 * @out: name of the output
 * @json: report for scripts
 * @quiet: no report, no progress
 * @dry_run: nothing is written
 * @direct: others see what was written, even if it breaks off
 */
struct job {
	struct capture_reader *reader;
	struct capture_writer *writer;
	struct progress progress;
	struct totals totals;
	const char *in;
	const char *out;
	bool json;
	bool quiet;
	bool dry_run;
	bool direct;
};

/**
 * job_operands() - the names of the files
 * @j: job; @dry_run is known
 * @command: subcommand
 * @no_output: the option that makes the output superfluous, for a complaint
 * @argc: arguments
 * @argv: arguments
 * @first: index of the first operand
 *
 * Return: 0, or STATUS_USAGE after a complaint.
 */
int job_operands(struct job *j, const char *command, const char *no_output,
		 int argc, char **argv, int first);

/**
 * job_open() - open both files
 * @j: job
 * @from: link type to be replaced, or -1
 * @to: what with
 *
 * Return: 0, or a status after a complaint.
 */
int job_open(struct job *j, int from, int to);

/**
 * job_describe() - say in the report what the input is
 * @j: job
 * @vnet: bytes of virtio_net_hdr in front of its frames
 * @linktype: of the first packet, or -1
 */
void job_describe(struct job *j, uint32_t vnet, int linktype);

/* Show progress if it is time to. Cheap. */
void job_progress(struct job *j);

/**
 * job_worked() - the work came to an end
 * @j: job
 * @unwritten: why writing failed; NULL if it did not
 * @unread: why reading ended early; NULL if the file was over
 *
 * Return: status, after a complaint if it is not STATUS_DONE.
 */
int job_worked(struct job *j, const struct port_error *unwritten,
	       const struct port_error *unread);

/**
 * job_finish() - name the output if what was read deserves it
 * @j: job
 * @status: from job_worked()
 *
 * Return: @status, or another after a complaint; see job_lost().
 */
int job_finish(struct job *j, int status);

/* Is nothing there that could be reported? */
bool job_lost(int status);

/* Where the report goes: not among the packets. */
FILE *job_report_to(const struct job *j);

void job_close(struct job *j);

#endif

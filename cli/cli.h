/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what all subcommands share
 */
#ifndef SEGOFF_CLI_CLI_H
#define SEGOFF_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses, as segoff(1) documents them. */
enum {
	STATUS_DONE = 0,
	STATUS_INPUT = 1, /* input unreadable, or it breaks off */
	STATUS_USAGE = 2,
	STATUS_LEFT = 3,	  /* done, but packets were left alone */
	STATUS_OUTPUT = 4,	  /* output failed */
	STATUS_INTERRUPTED = 130, /* Ctrl-C */
};

/* From an option parser: help was asked for and given. */
#define HELPED (-1)

/* Subcommands: argv[0] is the subcommand's name. They return a status. */
int cmd_split(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_send(int argc, char **argv);
int cmd_recv(int argc, char **argv);

/**
 * complain() - one line on standard error, after "segoff: "
 * @format: as printf(), without a newline
 */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * usage_error() - complain, and say where help is
 * @command: subcommand
 * @format: as printf(), without a newline
 *
 * Return: STATUS_USAGE.
 */
int usage_error(const char *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct port_error;

/**
 * failed() - complain about a file
 * @e: what went wrong
 * @status: what that means
 *
 * Return: @status; STATUS_INTERRUPTED if a signal was the cause.
 */
int failed(const struct port_error *e, int status);

/**
 * told() - was everything written that went to standard output?
 * @status: the status until now
 *
 * A script must not take a report that got lost for an empty one.
 *
 * Return: @status; STATUS_OUTPUT if not, after a complaint.
 */
int told(int status);

/**
 * parse_number() - a decimal number from the command line
 * @text: text
 * @min: smallest
 * @max: largest
 * @value: receives it
 *
 * Return: false if it is not a number from @min to @max.
 */
bool parse_number(const char *text, unsigned long min, unsigned long max,
		  unsigned long *value);

/* What makes a word mean this many: "s", or nothing for one. */
const char *plural(uint64_t n);

/* A number as people read it, "18,204", in one of a few static buffers. */
const char *grouped(uint64_t n);

/* Bytes as people read them, "31.9 MB", in one of a few static buffers. */
const char *sized(uint64_t bytes);

#endif

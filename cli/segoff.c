/* SPDX-License-Identifier: MIT */
/*
 * segoff.c - one table of subcommands
 */
#include <segoff.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/port/stream.h"
#include "cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "split", cmd_split,
	  "cut the superpackets of a capture into the packets of the wire" },
	{ "explain", cmd_explain,
	  "say what looks odd in a capture, and whether it is normal" },
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static void help(FILE *f)
{
	fprintf(f, "usage: segoff COMMAND [OPTIONS] ...\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].what);
	fprintf(f, "\n'segoff COMMAND --help' says more; "
		   "'man segoff' says all.\n");
}

static void on_signal(int number)
{
	(void)number;
	port_stop();
}

/* The input became shorter under our hands: say so, leave nothing behind. */
static void on_shrunk(const char *name)
{
	static const char before[] = "segoff: ";
	static const char after[] = ": became shorter while it was read; "
				    "nothing was written\n";
	ssize_t n = write(STDERR_FILENO, before, sizeof(before) - 1);

	if (n > 0)
		n = write(STDERR_FILENO, name, strlen(name));
	if (n > 0)
		n = write(STDERR_FILENO, after, sizeof(after) - 1);
	(void)n;
	output_litter();
	_exit(STATUS_INPUT);
}

/* Ctrl-C ends the work cleanly; a closed pipe is an error like others. */
static void set_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal,
			       .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
	port_on_shrunk(on_shrunk);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "--help";

	if (!strcmp(name, "--help") || !strcmp(name, "-h") ||
	    !strcmp(name, "help")) {
		help(argc > 1 ? stdout : stderr);
		return argc > 1 ? STATUS_DONE : STATUS_USAGE;
	}
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		printf("segoff %s\n", segoff_version());
		return STATUS_DONE;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name)) {
			set_signals();
			return commands[i].run(argc - 1, argv + 1);
		}
	complain("'%s' is no command; try 'segoff --help'", name);
	return STATUS_USAGE;
}

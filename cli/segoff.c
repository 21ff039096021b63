/* SPDX-License-Identifier: MIT */
/*
 * segoff.c - one table of subcommands
 */
#include <segoff.h>

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "../src/port/stream.h"
#include "cli.h"
#include "plain.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "split", cmd_split,
	  "cut the superpackets of a capture into the packets of the wire" },
	{ "merge", cmd_merge,
	  "merge the packets of a capture into superpackets, the inverse" },
	{ "explain", cmd_explain,
	  "say what looks odd in a capture, and whether it is normal" },
	{ "doctor", cmd_doctor,
	  "say whether offload works here, with which limits, and if not why" },
	{ "bench", cmd_bench, "measure what offload is worth here" },
	{ "send", cmd_send, "send a stream of datagrams, in trains" },
	{ "recv", cmd_recv, "receive it, and say what got lost on the way" },
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

/*
 * The first one ends the work in good order; if that takes long, another one
 * ends it at once. Those in between are the same one: timeout(1) sends two.
 */
static void on_signal(int number)
{
	static volatile sig_atomic_t first;
	struct timespec now;

	(void)number;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (first && now.tv_sec > first + 1) {
		output_litter();
		_exit(STATUS_INTERRUPTED);
	}
	if (!first)
		first = (sig_atomic_t)now.tv_sec;
	port_stop();
}

static struct iovec piece(const char *text)
{
	return (struct iovec){ (void *)(uintptr_t)text, strlen(text) };
}

/* The input became shorter under our hands: say so, leave nothing behind. */
static void on_shrunk(const char *name)
{
	static const char after[] = ": became shorter while it was read";
	const char *rest = output_litter() ? "; nothing was written\n" : "\n";
	char shown[PATH_MAX];
	struct iovec line[4];

	plain_text(shown, sizeof(shown), name);
	line[0] = piece("segoff: ");
	line[1] = piece(shown);
	line[2] = piece(after);
	line[3] = piece(rest);
	if (writev(STDERR_FILENO, line, 4) < 0)
		_exit(STATUS_INPUT); /* and nobody hears of it */
	_exit(STATUS_INPUT);
}

/* Those that were ignored when we were started (nohup) stay so. */
static void catch_end(int number)
{
	struct sigaction a = { .sa_handler = on_signal }, old;

	sigemptyset(&a.sa_mask);
	if (!sigaction(number, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(number, &a, NULL);
}

/* A closed pipe and a limit on file sizes are errors like others. */
static void set_signals(void)
{
	catch_end(SIGINT);
	catch_end(SIGTERM);
	catch_end(SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	port_on_shrunk(on_shrunk);
}

static int run(int argc, char **argv)
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
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	complain("'%s' is no command; try 'segoff --help'", name);
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	set_signals();
	return told(run(argc, argv));
}

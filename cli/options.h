/* SPDX-License-Identifier: MIT */
/*
 * options.h - the options of a subcommand, as a table
 */
#ifndef SEGOFF_CLI_OPTIONS_H
#define SEGOFF_CLI_OPTIONS_H

#include <stdbool.h>

/**
 * struct option_row - one long option
 * @name: without dashes
 * @flag: set to true; NULL if the option is none
 * @number: receives a number from @min to @max; NULL if it takes none
 * @call: is given the argument, NULL if there is none; returns 0 or a status
 *	after a complaint; NULL if not needed
 * @to: for @call
 * @optional: @call's argument may be left out
 */
struct option_row {
	const char *name;
	bool *flag;
	unsigned long *number;
	unsigned long min;
	unsigned long max;
	int (*call)(const char *command, const char *text, void *to);
	void *to;
	bool optional;
};

/**
 * options_parse() - read the options of a subcommand
 * @command: its name
 * @help: printed for --help
 * @rows: its options; the last has no name. --help and -h come by themselves,
 *	and -q is --quiet
 * @argc: arguments
 * @argv: arguments, operands last afterwards
 * @first: receives the index of the first operand
 *
 * Return: 0; HELPED after help; STATUS_USAGE after a complaint.
 */
int options_parse(const char *command, const char *help,
		  const struct option_row *rows, int argc, char **argv,
		  int *first);

#endif

/* SPDX-License-Identifier: MIT */
/* options.c - the options of a subcommand, as a table */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "cli.h"

#define ROWS_MAX 16

/* What getopt_long() returns for the first row: no letter. */
#define FIRST_ROW 256
#define HELP	  (FIRST_ROW + ROWS_MAX)

/* getopt_long() wants a table of its own. */
static void make_table(const struct option_row *rows,
		       struct option table[ROWS_MAX + 2])
{
	size_t n = 0;

	for (; rows[n].name && n < ROWS_MAX; n++) {
		table[n] = (struct option){ rows[n].name, no_argument, NULL,
					    (int)(FIRST_ROW + n) };
		if (rows[n].number || rows[n].call)
			table[n].has_arg = rows[n].optional ?
						   optional_argument :
						   required_argument;
	}
	table[n++] = (struct option){ "help", no_argument, NULL, HELP };
	table[n] = (struct option){ NULL, 0, NULL, 0 };
}

static int take(const char *command, const struct option_row *row)
{
	if (row->flag)
		*row->flag = true;
	if (row->number &&
	    !parse_number(optarg, row->min, row->max, row->number))
		return usage_error(command,
				   "--%s is a number from %lu to %lu, not '%s'",
				   row->name, row->min, row->max, optarg);
	return row->call ? row->call(command, optarg, row->to) : 0;
}

/* A long one, or one of the letters behind a dash: name no more than that. */
static int no_option(const char *command, char **argv)
{
	const char letter[] = { '-', (char)optopt, 0 };
	bool is_letter = optopt && optopt < FIRST_ROW;

	return usage_error(command, "'%s' is no option",
			   is_letter ? letter : argv[optind - 1]);
}

static const struct option_row *quiet_row(const struct option_row *rows)
{
	while (rows->name && strcmp(rows->name, "quiet") != 0)
		rows++;
	return rows;
}

int options_parse(const char *command, const char *help,
		  const struct option_row *rows, int argc, char **argv,
		  int *first)
{
	struct option table[ROWS_MAX + 2];
	int c, status;

	make_table(rows, table);
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":qh", table, NULL)) != -1) {
		if (c == 'h' || c == HELP) {
			fputs(help, stdout);
			return HELPED;
		}
		if (c == ':')
			return usage_error(command, "'%s' needs a value",
					   argv[optind - 1]);
		if (c == '?')
			return no_option(command, argv);
		status = take(command, c == 'q' ? quiet_row(rows) :
						  &rows[c - FIRST_ROW]);
		if (status)
			return status;
	}
	*first = optind;
	return 0;
}

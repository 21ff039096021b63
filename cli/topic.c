/* SPDX-License-Identifier: MIT */
/* topic.c - subcommands that are about one thing or another */
#include <string.h>

#include "cli.h"
#include "udp/topics.h"

struct topic {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is @name */
};

static int about(const char *command, const char *help,
		 const struct topic *topics, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return usage_error(command, "about what?");
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		fputs(help, stdout);
		return STATUS_DONE;
	}
	for (; topics->name; topics++)
		if (!strcmp(name, topics->name))
			return topics->run(argc - 1, argv + 1);
	return usage_error(command, "it knows nothing about '%s'", name);
}

int cmd_doctor(int argc, char **argv)
{
	static const struct topic topics[] = { { "udp", doctor_udp },
					       { NULL, NULL } };

	return about("doctor",
		     "usage: segoff doctor udp [OPTIONS] HOST:PORT\n"
		     "\n"
		     "Say whether offload works here: each tried, none "
		     "assumed.\n"
		     "'segoff doctor udp --help' says more.\n",
		     topics, argc, argv);
}

int cmd_bench(int argc, char **argv)
{
	static const struct topic topics[] = { { "udp", bench_udp },
					       { NULL, NULL } };

	return about("bench",
		     "usage: segoff bench udp [OPTIONS]\n"
		     "\n"
		     "Measure what offloads are worth here.\n"
		     "'segoff bench udp --help' says more.\n",
		     topics, argc, argv);
}

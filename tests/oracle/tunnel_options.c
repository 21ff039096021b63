/* SPDX-License-Identifier: MIT */
/* tunnel_options.c - what judges of tunnel devices are told */
#include "tunnel_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/if_tunnel.h>

#include "guest.h"
#include "net.h"

#define SKIP	      77
#define COUNT	      1000
#define FAILURES_MOST 10

static void take_options(struct tunnel_options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:s:k:o:f:ev")) != -1) {
		if (c == 'n')
			o->count = strtoull(optarg, NULL, 0);
		else if (c == 's')
			o->seed = strtoull(optarg, NULL, 0);
		else if (c == 'o')
			o->only = strtoull(optarg, NULL, 0);
		else if (c == 'f')
			o->most = strtoull(optarg, NULL, 0);
		else if (c == 'k')
			o->kind = optarg;
		else if (c == 'e')
			o->encap = true;
		else if (c == 'v')
			o->verbose = true;
		else
			exit(2);
	}
}

void tunnel_begin(struct tunnel_options *o, int argc, char **argv)
{
	const char *why;

	*o = (struct tunnel_options){ .seed = (uint64_t)time(NULL),
				      .count = COUNT,
				      .most = FAILURES_MOST };
	guest_begin();
	take_options(o, argc, argv);
	why = net_enter();
	if (why) {
		printf("oracle: skipped: %s\n", why);
		exit(SKIP);
	}
	printf("oracle: seed %llu\n", (unsigned long long)o->seed);
	fflush(stdout);
}

bool tunnel_wanted(const struct tunnel_options *o, const struct tunnel_dev *t)
{
	if (o->kind)
		return !strcmp(o->kind, t->name);
	return o->encap == (t->encap != TUNNEL_ENCAP_NONE);
}

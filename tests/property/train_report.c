/* SPDX-License-Identifier: MIT */
/* train_report.c - a train that failed, in full */
#include <inttypes.h>
#include <stdio.h>

#include "drive.h"

static void packet(const struct train *t, size_t i)
{
	const struct train_pkt *p = &t->pkt[i];
	const struct segoff_meta *m = &p->meta;
	size_t most = p->len < 140 ? p->len : 140;

	printf("# %zu: time %" PRIu64 " hash %u first piece %zu of %zu then "
	       "%u\n",
	       i, p->time, p->hash, train_first(t, p), p->len, p->then);
	if (p->has_meta)
		printf("#    gso_type %x gso_size %u gso_segs %u ip_summed %u "
		       "csum_start %u csum_offset %u\n",
		       m->gso_type, m->gso_size, m->gso_segs, m->ip_summed,
		       m->csum_start, m->csum_offset);
	printf("#    ");
	for (size_t k = 0; k < most; k++)
		printf("%02x", p->at[k]);
	printf("%s\n", most < p->len ? "..." : "");
}

void train_report(const struct train *t, const char *check, uint64_t seed,
		  uint64_t number, const struct complaint *why)
{
	const struct segoff_gro_opts *o = &t->opts;

	printf("# %s: %s\n", check, why->text);
	printf("# again: prop_gro %s 1 %" PRIu64 " %" PRIu64 "\n", check, seed,
	       number);
	printf("# flags %u profile %u max_size %u flows %u packets %u link %u, "
	       "%zu packets\n",
	       o->flags, o->profile, o->max_size, o->flows, o->packets, t->link,
	       t->n);
	for (size_t i = 0; i < t->n; i++)
		packet(t, i);
}

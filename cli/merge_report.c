/* SPDX-License-Identifier: MIT */
/* merge_report.c - what merge did, for people and for scripts */
#include "merge_report.h"

#include "cli.h"

/* People get so many reasons for packets that stayed alone. */
#define REASONS 3

static void count(struct merge_report *r, unsigned int why, bool alone,
		  uint64_t number)
{
	if (!r->why[why]++)
		r->first[why] = number;
	r->alone += alone;
	r->why_alone[why] += alone;
}

void merge_count(struct merge_report *r, const struct batch *b,
		 const struct join *j)
{
	const struct joined *s;

	r->packets += b->n;
	for (size_t i = 0; i < b->n; i++) {
		s = join_super(j, i);
		if (s) {
			r->superpackets++;
			r->merged += s->npkt;
		}
		count(r, join_why(j, i), !s && !join_merged(j, i),
		      b->rec[i].number);
	}
}

static const char *why_text(unsigned int why)
{
	return why == WHY_OPTIONS ?
		       "options of their own, or flags of an offload" :
		       segoff_verdict_str((enum segoff_verdict)why);
}

/* The most frequent reason behind this one; WHYS: there is none. */
static unsigned int next_why(const uint64_t counts[WHYS], unsigned int before)
{
	uint64_t most = before == WHYS ? UINT64_MAX : counts[before];
	unsigned int best = WHYS;

	for (unsigned int k = SEGOFF_V_OK + 1; k < WHYS; k++) {
		bool later = counts[k] < most ||
			     (counts[k] == most && k > before);

		if (counts[k] && later &&
		    (best == WHYS || counts[k] > counts[best]))
			best = k;
	}
	return best;
}

static void text_alone(const struct merge_report *r, FILE *f)
{
	unsigned int why = WHYS;
	uint64_t left = r->alone;
	const char *between = "";

	fprintf(f, "alone   %9s packet%s:", grouped(r->alone),
		plural(r->alone));
	for (int k = 0; k < REASONS && left; k++) {
		why = next_why(r->why_alone, why);
		fprintf(f, "%s %s %s", between, grouped(r->why_alone[why]),
			why_text(why));
		left -= r->why_alone[why];
		between = ",";
	}
	if (left)
		fprintf(f, ", and %s more", grouped(left));
	fputc('\n', f);
	if (r->why_alone[SEGOFF_V_GRO_UDP_OFF])
		fputs("        --udp merges datagrams, too\n", f);
}

void merge_text(const struct merge_report *r, FILE *f)
{
	fprintf(f, "merged  %9s packet%s into %s superpacket%s\n",
		grouped(r->merged), plural(r->merged), grouped(r->superpackets),
		plural(r->superpackets));
	if (r->alone)
		text_alone(r, f);
}

void merge_text_whys(const struct merge_report *r, FILE *f)
{
	unsigned int why = WHYS;

	while ((why = next_why(r->why, why)) < WHYS)
		fprintf(f, "%9s  %s (first: #%llu)\n", grouped(r->why[why]),
			why_text(why), (unsigned long long)r->first[why]);
}

void merge_json(const struct merge_report *r, struct json *j)
{
	json_number(j, "merged", r->merged);
	json_number(j, "superpackets", r->superpackets);
	json_number(j, "left_alone", r->alone);
	json_number(j, "with_options", r->why[WHY_OPTIONS]);
	json_verdicts(j, "reasons", r->why_alone);
	json_verdicts(j, "verdicts", r->why);
}

/* SPDX-License-Identifier: MIT */
/* report.c - what split did, for people and for scripts */
#include "report.h"

#include "cli.h"
#include "json.h"

/* People get so many packets named. */
#define NAMED 4

void report_note(struct report *r, uint64_t number, enum segoff_verdict why,
		 bool refused)
{
	if (refused)
		r->refused++;
	else
		r->alone++;
	r->why[why]++;
	if (r->nnotes < NOTES_MAX)
		r->notes[r->nnotes++] = (struct note){ number, why, refused };
}

static void print_how(const struct report *r, FILE *f)
{
	static const struct {
		enum segoff_verdict how;
		const char *text;
	} words[] = {
		{ SEGOFF_V_FROM_META, "from the metadata" },
		{ SEGOFF_V_FROM_LENGTHS, "from their own lengths" },
		{ SEGOFF_V_FROM_CALLER, "given" },
		{ SEGOFF_V_FROM_SYN, "from the SYN's MSS" },
		{ SEGOFF_V_FROM_FLOW, "from neighbours" },
		{ SEGOFF_V_FROM_MTU, "guessed from the MTU" },
	};
	const char *before = "      gso_size: ";

	if (r->partial)
		fprintf(f, ", %s of them %spartial frame%s",
			grouped(r->partial), r->partial == 1 ? "a " : "",
			plural(r->partial));

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!r->how[words[i].how])
			continue;
		fprintf(f, "%s%s %s", before, grouped(r->how[words[i].how]),
			words[i].text);
		before = ", ";
	}
	fputc('\n', f);
}

/* Superpackets whose partial frames no header could describe. */
static void print_unsaid(const struct report *r, FILE *f)
{
	if (r->unsaid)
		fprintf(f,
			"whole   %9s superpacket%s cut to the end: no "
			"virtio_net_hdr of this size can say how to cut %s\n",
			grouped(r->unsaid), plural(r->unsaid),
			r->unsaid == 1 ? "it" : "them");
}

static void print_fixed(const struct report *r, FILE *f)
{
	if (!r->sums && !r->lengths)
		return;
	fprintf(f, "fixed   %9s checksum%s that %s never filled in",
		grouped(r->sums), plural(r->sums),
		r->sums == 1 ? "was" : "were");
	if (r->lengths)
		fprintf(f, ";  %s IP length%s", grouped(r->lengths),
			plural(r->lengths));
	fputc('\n', f);
}

/* The packets of one sort, the first few by number and reason. */
static void print_notes(const struct report *r, FILE *f, bool refused,
			uint64_t total)
{
	unsigned int named = 0;

	for (unsigned int i = 0; i < r->nnotes && named < NAMED; i++) {
		if (r->notes[i].refused != refused)
			continue;
		fprintf(f, "%s#%llu %s", named ? ", " : " ",
			(unsigned long long)r->notes[i].number,
			segoff_verdict_str(r->notes[i].why));
		named++;
	}
	if (total > named)
		fprintf(f, " and %s more", grouped(total - named));
	fputc('\n', f);
}

/* What would help those that were left alone. */
static void print_hints(const struct report *r, FILE *f)
{
	if (r->why[SEGOFF_V_UDP_UNSURE])
		fputs("        --udp-size N cuts large UDP packets into "
		      "datagrams of N bytes\n",
		      f);
	if (r->why[SEGOFF_V_CSUM_WRONG])
		fputs("        --checksum=rewrite goes on in spite of wrong "
		      "checksums\n",
		      f);
}

void report_text(const struct report *r, const struct totals *t, FILE *f)
{
	totals_text_read(t, f);
	fprintf(f, "split   %9s superpacket%s into %s segment%s",
		grouped(r->superpackets), plural(r->superpackets),
		grouped(r->segments), plural(r->segments));
	print_how(r, f);
	print_unsaid(r, f);
	print_fixed(r, f);
	if (r->alone) {
		fprintf(f, "left    %9s packet%s alone:", grouped(r->alone),
			plural(r->alone));
		print_notes(r, f, false, r->alone);
		print_hints(r, f);
	}
	if (r->refused) {
		fprintf(f, "refused %9s packet%s, not written:",
			grouped(r->refused), plural(r->refused));
		print_notes(r, f, true, r->refused);
	}
	totals_text_wrote(t, f);
}

static void json_notes(const struct report *r, struct json *j)
{
	json_open(j, "notes", '[');
	for (unsigned int i = 0; i < r->nnotes; i++) {
		const struct note *n = &r->notes[i];

		json_open(j, NULL, '{');
		json_number(j, "packet", n->number);
		json_bool(j, "written", !n->refused);
		json_string(j, "reason", segoff_verdict_name(n->why));
		json_string(j, "text", segoff_verdict_str(n->why));
		json_close(j, '}');
	}
	json_close(j, ']');
}

void report_json(const struct report *r, const struct totals *t, FILE *f,
		 const char *error)
{
	struct json j = { f, false };

	json_open(&j, NULL, '{');
	totals_json_read(t, &j);
	json_number(&j, "superpackets", r->superpackets);
	json_number(&j, "segments", r->segments);
	json_number(&j, "partial_frames", r->partial);
	json_number(&j, "not_expressible", r->unsaid);
	json_verdicts(&j, "gso_size", r->how);
	json_number(&j, "checksums_completed", r->sums);
	json_number(&j, "lengths_repaired", r->lengths);
	json_number(&j, "left_alone", r->alone);
	json_number(&j, "refused", r->refused);
	json_verdicts(&j, "reasons", r->why);
	json_notes(r, &j);
	totals_json_wrote(t, &j, error);
	json_close(&j, '}');
	fputc('\n', f);
}

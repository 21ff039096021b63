/* SPDX-License-Identifier: MIT */
/* totals.c - what was read and written */
#include "totals.h"

#include "cli.h"

void totals_read(struct totals *t, size_t len)
{
	t->packets_in++;
	t->bytes_in += len;
}

void totals_wrote(struct totals *t, size_t len)
{
	t->packets_out++;
	t->bytes_out += len;
	if (len > t->largest)
		t->largest = len;
}

void totals_text_read(const struct totals *t, FILE *f)
{
	fprintf(f, "read    %9s packet%s %9s   (%s)\n", grouped(t->packets_in),
		t->packets_in == 1 ? " " : "s", sized(t->bytes_in), t->format);
}

void totals_text_wrote(const struct totals *t, FILE *f)
{
	fprintf(f, "%s %9s packet%s %9s   largest frame %s byte%s\n",
		t->out ? "wrote  " : "would write", grouped(t->packets_out),
		t->packets_out == 1 ? " " : "s", sized(t->bytes_out),
		grouped(t->largest), plural(t->largest));
}

void totals_json_read(const struct totals *t, struct json *j)
{
	json_string(j, "input", t->in);
	if (t->out)
		json_string(j, "output", t->out);
	json_bool(j, "dry_run", !t->out);
	json_string(j, "format", t->format);
	json_number(j, "packets_read", t->packets_in);
	json_number(j, "bytes_read", t->bytes_in);
}

void totals_json_wrote(const struct totals *t, struct json *j,
		       const char *error)
{
	json_number(j, "packets_written", t->packets_out);
	json_number(j, "bytes_written", t->bytes_out);
	json_number(j, "largest_frame", t->largest);
	if (error)
		json_string(j, "error", error);
}

/* SPDX-License-Identifier: MIT */
/* bench_report.c - what segoff bench udp prints, for people and scripts */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../cli.h"
#include "../json.h"
#include "bench_result.h"
#include "kernel.h"

static void head(const struct bench_result *r, FILE *f)
{
	const struct bench *b = r->bench;

	fprintf(f, "path     %s", b->lab.what);
	if (b->lab.why)
		fprintf(f, " (%s)", b->lab.why);
	fprintf(f, "\nhost     Linux %s, %ld cores; sender on core %d",
		kernel_release(), sysconf(_SC_NPROCESSORS_ONLN), b->here);
	if (b->here != b->far)
		fprintf(f, ", receiver on core %d", b->far);
	fprintf(f,
		"\nload     datagrams of %s bytes, %u in a train; %u times %.1f ms "
		"each, in turn; medians\n",
		grouped(b->size), b->train, b->rounds, (double)b->ns / 1e6);
}

static void line(const struct bench_result *r, enum sink s, enum way w, FILE *f)
{
	struct row row;

	bench_row(r, s, w, &row);
	fprintf(f, "  %-30s", ways[w].text);
	if (row.error) {
		fprintf(f, "  not measured: %s\n", strerror(-row.error));
		return;
	}
	fprintf(f, "%8.0f %8.0f %8.1f %9.0f", row.mb, row.messages, row.calls,
		row.ns);
	if (row.lost < 0)
		fprintf(f, "      -");
	else
		fprintf(f, " %6.1f", row.lost);
	fprintf(f, " %8.1f", row.times);
	if (row.bare > 0)
		fprintf(f, " %7.2f", row.bare);
	fputc('\n', f);
}

static bool measured(const struct bench_result *r, enum sink s)
{
	return r->of[s].error != -ENODATA;
}

static void table(const struct bench_result *r, enum sink s, FILE *f)
{
	fprintf(f, "\n%-32s%8s %8s %8s %9s %6s %8s %7s\n", sink_text(s), "MB/s",
		"kmsg/s", "kcalls/s", "CPU ns/msg", "lost %", "x sendto",
		"x bare");
	for (enum way w = 0; w < WAYS; w++)
		line(r, s, w, f);
}

static bool counted(const struct bench_result *r)
{
	for (enum sink s = 0; s < SINKS; s++)
		if (r->of[s].turn[0][WAY_SENDTO].cycles)
			return true;
	return false;
}

static void ratios(const struct bench_result *r, FILE *f)
{
	struct ratio ratio[RATIOS];

	bench_ratios(r, ratio);
	fprintf(f, "\nratios: bytes for the same %s of the sender\n",
		counted(r) ? "CPU cycles" : "CPU time");
	for (unsigned int i = 0; i < RATIOS; i++) {
		const struct ratio *x = &ratio[i];

		if (x->value <= 0)
			continue;
		fprintf(f, "  %-40s %6.2f   (at least %g)", x->text, x->value,
			x->least);
		if (x->where)
			fprintf(f, "   %s; %s", x->where, sink_text(x->sink));
		fputc('\n', f);
	}
}

void bench_text(const struct bench_result *r, FILE *f)
{
	head(r, f);
	for (enum sink s = 0; s < SINKS; s++)
		if (measured(r, s))
			table(r, s, f);
	ratios(r, f);
}

static void json_row(struct json *j, const struct bench_result *r, enum sink s,
		     enum way w)
{
	static const char *const sinks[SINKS] = { "plain", "gro", "elsewhere" };
	struct row row;

	bench_row(r, s, w, &row);
	json_open(j, NULL, '{');
	json_string(j, "receiver", sinks[s]);
	json_string(j, "way", ways[w].name);
	if (row.error) {
		json_string(j, "error", strerror(-row.error));
	} else {
		json_real(j, "mb_per_second", row.mb);
		json_real(j, "mb_per_cpu_second", row.mb_cpu);
		json_real(j, "kmessages_per_second", row.messages);
		json_real(j, "kcalls_per_second", row.calls);
		json_real(j, "cpu_ns_per_message", row.ns);
		json_real(j, "cycles_per_message", row.cycles);
		if (row.lost >= 0)
			json_real(j, "lost_percent", row.lost);
		json_real(j, "times_sendto", row.times);
		if (row.bare > 0)
			json_real(j, "times_bare", row.bare);
	}
	json_close(j, '}');
}

static void json_ratios(struct json *j, const struct bench_result *r)
{
	struct ratio ratio[RATIOS];

	bench_ratios(r, ratio);
	json_open(j, "ratios", '{');
	for (unsigned int i = 0; i < RATIOS; i++)
		if (ratio[i].value > 0)
			json_real(j, ratio[i].name, ratio[i].value);
	json_close(j, '}');
}

void bench_json(const struct bench_result *r, FILE *f)
{
	struct json j = { .f = f };

	json_open(&j, NULL, '{');
	json_string(&j, "path", r->bench->lab.what);
	if (r->bench->lab.why)
		json_string(&j, "why", r->bench->lab.why);
	json_string(&j, "kernel", kernel_release());
	json_number(&j, "size", r->bench->size);
	json_number(&j, "train", r->bench->train);
	json_number(&j, "rounds", r->bench->rounds);
	json_real(&j, "seconds_per_turn", (double)r->bench->ns / 1e9);
	json_open(&j, "rows", '[');
	for (enum sink s = 0; s < SINKS; s++)
		for (enum way w = 0; w < WAYS && measured(r, s); w++)
			json_row(&j, r, s, w);
	json_close(&j, ']');
	json_ratios(&j, r);
	json_close(&j, '}');
	fputc('\n', f);
}

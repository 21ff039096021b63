/* SPDX-License-Identifier: MIT */
/*
 * bench_result.c - medians, and ratios that hold on a busy machine
 *
 * Two ways are compared within a round, where one ran soon after the other,
 * by what a byte costs the sender: cycles where they can be counted, CPU time
 * elsewhere. The median of these is the ratio.
 */
#include "bench_result.h"

#include <stdlib.h>

typedef double (*figure)(const struct turn *t);

static int by_value(const void *a, const void *b)
{
	double x, y;

	x = *(const double *)a;
	y = *(const double *)b;
	return (x > y) - (x < y);
}

static double middle(double *v, unsigned int n)
{
	if (!n)
		return 0;
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static double median(const struct bench_result *r, enum sink s, enum way w,
		     figure of)
{
	double v[ROUNDS_MAX];
	unsigned int n = 0;

	for (unsigned int i = 0; i < r->bench->rounds; i++)
		v[n++] = of(&r->of[s].turn[i][w]);
	return middle(v, n);
}

static double per(uint64_t a, uint64_t b)
{
	return b ? (double)a / (double)b : 0;
}

static double cost(const struct turn *t)
{
	return per(t->cycles ? t->cycles : t->cpu, t->bytes);
}

/* How many times more bytes than @than a way moves with the same CPU. */
static double against(const struct bench_result *r, enum sink s, enum way w,
		      enum way than)
{
	double v[ROUNDS_MAX], ours;
	unsigned int n = 0;

	for (unsigned int i = 0; i < r->bench->rounds; i++) {
		const struct turn *a = &r->of[s].turn[i][w];
		const struct turn *b = &r->of[s].turn[i][than];

		ours = cost(a);
		if (ours > 0 && b->bytes)
			v[n++] = cost(b) / ours;
	}
	return middle(v, n);
}

static double mb(const struct turn *t)
{
	return per(t->bytes * 1000, t->ns);
}

static double mb_cpu(const struct turn *t)
{
	return per(t->bytes * 1000, t->cpu);
}

static double messages(const struct turn *t)
{
	return per(t->datagrams * 1000000, t->ns);
}

static double calls(const struct turn *t)
{
	return per(t->calls * 1000000, t->ns);
}

static double ns(const struct turn *t)
{
	return per(t->cpu, t->datagrams);
}

static double cycles(const struct turn *t)
{
	return per(t->cycles, t->datagrams);
}

/* What came before the first round (or from an earlier time) is no loss. */
static double lost(const struct outcome *o, enum way w, unsigned int rounds)
{
	uint64_t sent = 0;

	for (unsigned int i = 0; i < rounds; i++)
		sent += o->turn[i][w].datagrams + o->turn[i][w].warm;
	return o->received[w] < sent ? 100 * per(sent - o->received[w], sent) :
				       0;
}

int bench_error(const struct bench_result *r, enum sink s, enum way w)
{
	const struct outcome *o = &r->of[s];

	return o->error ? o->error : o->way_error[w];
}

void bench_row(const struct bench_result *r, enum sink s, enum way w,
	       struct row *row)
{
	const struct way_of *way = &ways[w];

	*row = (struct row){ .error = bench_error(r, s, w) };
	if (row->error)
		return;
	row->mb = median(r, s, w, mb);
	row->mb_cpu = median(r, s, w, mb_cpu);
	row->messages = median(r, s, w, messages);
	row->calls = median(r, s, w, calls);
	row->ns = median(r, s, w, ns);
	row->cycles = median(r, s, w, cycles);
	row->lost = -1;
	if (s != SINK_NONE)
		row->lost = lost(&r->of[s], w, r->bench->rounds);
	row->times = against(r, s, w, WAY_SENDTO);
	if (way->against < WAYS)
		row->bare = against(r, s, w, way->against);
}

const char *sink_text(enum sink s)
{
	static const char *const text[SINKS] = {
		[SINK_PLAIN] = "plain receiver",
		[SINK_GRO] = "UDP_GRO receiver",
		[SINK_NONE] = "receiver elsewhere",
	};

	return text[s];
}

/* The lowest of several, with whatever receiver. */
static void lowest(const struct bench_result *r, enum way w, struct ratio *to)
{
	for (enum sink s = 0; s < SINKS; s++) {
		double v = against(r, s, w, ways[w].against);

		if (v > 0 && (to->value <= 0 || v < to->value)) {
			to->value = v;
			to->where = ways[w].text;
			to->sink = s;
		}
	}
}

void bench_ratios(const struct bench_result *r, struct ratio ratio[RATIOS])
{
	struct ratio *same = &ratio[2];

	ratio[0] = (struct ratio){ "gso_plain",
				   "UDP_SEGMENT : sendto, plain receiver",
				   .least = 5 };
	ratio[0].value = against(r, SINK_PLAIN, WAY_GSO, WAY_SENDTO);
	ratio[1] = (struct ratio){ "gso_gro",
				   "UDP_SEGMENT : sendto, UDP_GRO receiver",
				   .least = 15 };
	ratio[1].value = against(r, SINK_GRO, WAY_GSO, WAY_SENDTO);
	*same = (struct ratio){ "same_mode",
				"segoff : bare calls, same mode, lowest",
				.least = 0.95 };
	lowest(r, WAY_OURS, same);
	lowest(r, WAY_OURS_OPTION, same);
	lowest(r, WAY_OURS_TRAINS, same);
	lowest(r, WAY_OURS_ZEROCOPY, same);
	ratio[3] = (struct ratio){ "gso_off",
				   "segoff, GSO off : sendmmsg, lowest",
				   .least = 0.95 };
	lowest(r, WAY_OURS_PLAIN, &ratio[3]);
	ratio[4] = (struct ratio){ "mixed",
				   "mixed sizes, segoff : sendmmsg, lowest",
				   .least = 1.5 };
	lowest(r, WAY_OURS_MIXED, &ratio[4]);
}

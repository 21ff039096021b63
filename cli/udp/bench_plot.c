/* SPDX-License-Identifier: MIT */
/* bench_plot.c - what segoff bench udp has measured, as a picture */
#include "../cli.h"
#include "../svg.h"
#include "bench_result.h"

#define WIDTH  780
#define LEFT   235 /* words of the rows */
#define RIGHT  130 /* words of the bars */
#define TOP    64
#define BAR    15
#define STEP   21
#define HEAD   34 /* of a receiver */
#define BOTTOM 34

#define OURS "#1f5fbf"
#define BARE "#b4c3d8"
#define RULE "#d8dee6"

#define SMALL "font-size=\"11\" fill-opacity=\"0.75\""

static bool measured(const struct bench_result *r, enum sink s)
{
	return !r->of[s].error;
}

static double most(const struct bench_result *r)
{
	struct row row;
	double top = 1;

	for (enum sink s = 0; s < SINKS; s++)
		for (enum way w = 0; w < WAYS; w++) {
			bench_row(r, s, w, &row);
			if (row.mb_cpu > top)
				top = row.mb_cpu;
		}
	return top;
}

static void bar(FILE *f, const struct bench_result *r, enum sink s, enum way w,
		double y, double scale)
{
	bool ours = ways[w].against < WAYS;
	struct row row;
	double width;

	bench_row(r, s, w, &row);
	svg_text(f, LEFT - 10, y + 12, SVG_RIGHT,
		 ours ? "font-weight=\"bold\"" : "", "%s", ways[w].text);
	if (row.error)
		return;
	width = row.mb_cpu * scale;
	svg_bar(f, LEFT, y, width < 1 ? 1 : width, BAR, ours ? OURS : BARE);
	svg_text(f, LEFT + width + 6, y + 12, SVG_LEFT, SMALL, "%s  (%.1f x)",
		 grouped((uint64_t)row.mb_cpu), row.times);
}

static double panel(FILE *f, const struct bench_result *r, enum sink s,
		    double y, double scale)
{
	double top = y + HEAD - 8;

	svg_text(f, LEFT, y + 16, SVG_LEFT,
		 "font-size=\"13\" font-weight=\"bold\"", "%s", sink_text(s));
	y += HEAD;
	for (enum way w = 0; w < WAYS; w++)
		bar(f, r, s, w, y + STEP * (int)w - 6, scale);
	y += STEP * (int)WAYS;
	svg_line(f, LEFT - 0.5, top - 4, LEFT - 0.5, y - 6, RULE);
	return y;
}

static void legend(FILE *f, double x, double y, const char *color,
		   const char *text)
{
	svg_bar(f, x, y - 10, 12, 12, color);
	svg_text(f, x + 18, y, SVG_LEFT, SMALL, "%s", text);
}

int bench_plot(const struct bench_result *r, const char *path)
{
	double scale = (WIDTH - LEFT - RIGHT) / most(r), y = TOP;
	int panels = 0;
	FILE *f;

	for (enum sink s = 0; s < SINKS; s++)
		panels += measured(r, s);
	f = svg_open(path, WIDTH,
		     TOP + panels * (HEAD + STEP * (int)WAYS) + BOTTOM);
	if (!f)
		return -1;
	svg_text(f, 20, 28, SVG_LEFT, "font-size=\"16\" font-weight=\"bold\"",
		 "UDP: MB sent in a second of sender CPU, and times sendto");
	svg_text(f, 20, 48, SVG_LEFT, SMALL,
		 "%s; datagrams of %s bytes, %u in a train; medians of %u "
		 "turns",
		 r->bench->lab.what, grouped(r->bench->size), r->bench->train,
		 r->bench->rounds);
	for (enum sink s = 0; s < SINKS; s++)
		if (measured(r, s))
			y = panel(f, r, s, y, scale);
	legend(f, LEFT, y + 16, OURS, "segoff");
	legend(f, LEFT + 80, y + 16, BARE, "bare system calls");
	return svg_close(f);
}

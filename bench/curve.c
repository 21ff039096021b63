/* SPDX-License-Identifier: MIT */
/* curve.c - a curve over a logarithmic axis, in text and as SVG */
#include "curve.h"

#include <stdlib.h>

#include "../cli/svg.h"

#define WIDTH  640
#define HEIGHT 280
#define LEFT   50
#define BOTTOM 40
#define BAR    50

static double most(const double *y, unsigned int n)
{
	double m = 0;

	for (unsigned int i = 0; i < n; i++)
		if (y[i] > m)
			m = y[i];
	return m;
}

void curve_print(FILE *f, const uint32_t *x, const double *y, unsigned int n)
{
	double top = most(y, n);

	for (unsigned int i = 0; i < n; i++) {
		fprintf(f, "  %6u %7.1f  ", x[i], y[i]);
		for (int k = 0; k < (int)(y[i] / top * BAR + 0.5); k++)
			fputc('#', f);
		fputc('\n', f);
	}
}

static double at_x(unsigned int i, unsigned int n)
{
	return LEFT + (WIDTH - LEFT - 20.0) * i / (n - 1);
}

static double at_y(double v, double top)
{
	return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 30.0) * v / top;
}

void curve_draw(const char *path, const uint32_t *x, const double *y,
		unsigned int n)
{
	double top = most(y, n) * 1.1;
	FILE *f = svg_open(path, WIDTH, HEIGHT);

	if (!f) {
		perror(path);
		exit(1);
	}
	svg_text(f, LEFT, 18, SVG_LEFT, "",
		 "coalescing: ns per packet by number of flows in turn");
	svg_polyline(f, "#1f5fbf");
	for (unsigned int i = 0; i < n; i++)
		svg_point(f, at_x(i, n), at_y(y[i], top));
	svg_polyline_end(f);
	for (unsigned int i = 0; i < n; i++) {
		svg_text(f, at_x(i, n), HEIGHT - 18, SVG_CENTER, "", "%u",
			 x[i]);
		svg_text(f, at_x(i, n), at_y(y[i], top) - 8, SVG_CENTER, "",
			 "%.1f", y[i]);
	}
	if (svg_close(f)) {
		perror(path);
		exit(1);
	}
}

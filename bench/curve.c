/* SPDX-License-Identifier: MIT */
/* curve.c - a curve over a logarithmic axis, in text and as SVG */
#include "curve.h"

#include <stdlib.h>

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
	FILE *f = fopen(path, "w");

	if (!f) {
		perror(path);
		exit(1);
	}
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<text x=\"%d\" y=\"18\">coalescing: ns per packet by number "
		"of flows in turn</text>\n<polyline fill=\"none\" "
		"stroke=\"#1f5fbf\" stroke-width=\"2\" points=\"",
		WIDTH, HEIGHT, LEFT);
	for (unsigned int i = 0; i < n; i++)
		fprintf(f, "%.1f,%.1f ", at_x(i, n), at_y(y[i], top));
	fprintf(f, "\"/>\n");
	for (unsigned int i = 0; i < n; i++)
		fprintf(f,
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%u"
			"</text>\n<text x=\"%.1f\" y=\"%.1f\" "
			"text-anchor=\"middle\">%.1f</text>\n",
			at_x(i, n), HEIGHT - 18, x[i], at_x(i, n),
			at_y(y[i], top) - 8, y[i]);
	fprintf(f, "</svg>\n");
	fclose(f);
}

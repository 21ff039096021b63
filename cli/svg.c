/* SPDX-License-Identifier: MIT */
/* svg.c - a picture of lines, bars and words */
#include "svg.h"

#include <stdarg.h>

FILE *svg_open(const char *path, int width, int height)
{
	FILE *f = fopen(path, "we");

	if (f)
		fprintf(f,
			"<svg xmlns=\"http://www.w3.org/2000/svg\" "
			"width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
			"font-family=\"sans-serif\" font-size=\"12\">\n"
			"<rect width=\"100%%\" height=\"100%%\" "
			"fill=\"white\"/>\n",
			width, height, width, height);
	return f;
}

int svg_close(FILE *f)
{
	fputs("</svg>\n", f);
	return fclose(f);
}

static void escape(FILE *f, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '&':
			fputs("&amp;", f);
			break;
		default:
			fputc(*text, f);
		}
}

void svg_text(FILE *f, double x, double y, const char *anchor,
	      const char *style, const char *format, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is not */
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(f,
		"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
		"fill=\"" SVG_INK "\" %s>",
		x, y, anchor, style);
	escape(f, text);
	fputs("</text>\n", f);
}

void svg_bar(FILE *f, double x, double y, double width, double height,
	     const char *color)
{
	fprintf(f,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"rx=\"1.5\" fill=\"%s\"/>\n",
		x, y, width, height, color);
}

void svg_line(FILE *f, double x1, double y1, double x2, double y2,
	      const char *color)
{
	fprintf(f,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"stroke=\"%s\"/>\n",
		x1, y1, x2, y2, color);
}

void svg_polyline(FILE *f, const char *color)
{
	fprintf(f,
		"<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" "
		"points=\"",
		color);
}

void svg_point(FILE *f, double x, double y)
{
	fprintf(f, "%.1f,%.1f ", x, y);
}

void svg_polyline_end(FILE *f)
{
	fputs("\"/>\n", f);
}

/* SPDX-License-Identifier: MIT */
/* svg.h - a picture of lines, bars and words */
#ifndef SEGOFF_CLI_SVG_H
#define SEGOFF_CLI_SVG_H

#include <stdio.h>

/* Where a word stands at its point: "start", "middle", "end". */
#define SVG_LEFT   "start"
#define SVG_CENTER "middle"
#define SVG_RIGHT  "end"

#define SVG_INK "#202830"

/**
 * svg_open() - begin a picture on white
 * @path: file
 * @width: pixels
 * @height: pixels
 *
 * Return: the file, for svg_close(); NULL and errno if it cannot be written.
 */
FILE *svg_open(const char *path, int width, int height);

/* 0, or -1 and errno if it could not be written. */
int svg_close(FILE *f);

/**
 * svg_text() - words
 * @f: picture
 * @x: where they are anchored
 * @y: their base line
 * @anchor: SVG_LEFT, SVG_CENTER or SVG_RIGHT
 * @style: more attributes, or ""
 * @format: as printf(); '<', '>' and '&' are seen to
 */
void svg_text(FILE *f, double x, double y, const char *anchor,
	      const char *style, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

void svg_bar(FILE *f, double x, double y, double width, double height,
	     const char *color);
void svg_line(FILE *f, double x1, double y1, double x2, double y2,
	      const char *color);

/* A line through points: begin, one point after the other, end. */
void svg_polyline(FILE *f, const char *color);
void svg_point(FILE *f, double x, double y);
void svg_polyline_end(FILE *f);

#endif

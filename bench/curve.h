/* SPDX-License-Identifier: MIT */
/* curve.h - a curve over a logarithmic axis, in text and as SVG */
#ifndef SEGOFF_BENCH_CURVE_H
#define SEGOFF_BENCH_CURVE_H

#include <stdint.h>
#include <stdio.h>

/* One line per point, with a bar. */
void curve_print(FILE *f, const uint32_t *x, const double *y, unsigned int n);

/* A picture. */
void curve_draw(const char *path, const uint32_t *x, const double *y,
		unsigned int n);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * error.c - what went wrong, for a person
 */
#include <stdarg.h>
#include <stdio.h>

#include "stream.h"

int port_fail(struct port_error *e, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	e->code = code;
	return code;
}

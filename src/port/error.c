/* SPDX-License-Identifier: MIT */
/*
 * error.c - what went wrong, for a person
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codec.h"

int port_fail(struct port_error *e, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	e->code = code;
	return code;
}

const char *port_name(const char *path, const char *standard)
{
	if (!strcmp(path, "-"))
		return standard;
	return *path ? path : "''";
}

int port_fail_file(struct port_error *e, int code, const char *name,
		   const char *what)
{
	if (code == -EINTR)
		return port_fail(e, code, PORT_NAME ": interrupted", name);
	return port_fail(e, code, PORT_NAME ": %s: %s", name, what,
			 strerror(-code));
}

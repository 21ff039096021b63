/* SPDX-License-Identifier: MIT */
/* message.c - numbers and lines for people */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../src/port/stream.h"
#include "cli.h"
#include "plain.h"

/* A file's name and some words. */
#define MESSAGE_MAX (PATH_MAX + 512)

static void complain_va(const char *format, va_list ap)
{
	char text[MESSAGE_MAX], shown[MESSAGE_MAX];

	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): callers did */
	vsnprintf(text, sizeof(text), format, ap);
	plain_text(shown, sizeof(shown), text);
	fflush(stdout);
	fprintf(stderr, "segoff: %s\n", shown);
}

void complain(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	complain_va(format, ap);
	va_end(ap);
}

int usage_error(const char *command, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	complain_va(format, ap);
	va_end(ap);
	fprintf(stderr, "Try 'segoff %s --help'.\n", command);
	return STATUS_USAGE;
}

int failed(const struct port_error *e, int status)
{
	complain("%s", e->text);
	return e->code == -EINTR ? STATUS_INTERRUPTED : status;
}

int told(int status)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	complain("standard output: %s", strerror(errno ? errno : EIO));
	return STATUS_OUTPUT;
}

const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

bool parse_number(const char *text, unsigned long min, unsigned long max,
		  unsigned long *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoul(text, &end, 10);
	return !errno && !*end && *value >= min && *value <= max;
}

/* Several results may be used in one printf(). */
static char *next_buffer(size_t *size)
{
	static char buffers[8][32];
	static unsigned int next;

	*size = sizeof(buffers[0]);
	return buffers[next++ % 8];
}

const char *grouped(uint64_t n)
{
	char digits[24];
	size_t size, len, at = 0;
	char *out = next_buffer(&size);

	len = (size_t)snprintf(digits, sizeof(digits), "%llu",
			       (unsigned long long)n);
	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

const char *sized(uint64_t bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double v = (double)bytes;
	unsigned int u = 0;
	size_t size;
	char *out = next_buffer(&size);

	while (v >= 999.95 && u < 4) {
		v /= 1000;
		u++;
	}
	snprintf(out, size, u ? "%.1f %s" : "%.0f %s", v,
		 bytes == 1 ? "byte" : units[u]);
	return out;
}

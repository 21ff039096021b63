/* SPDX-License-Identifier: MIT */
/* json.c - one JSON object on a stream */
#include "json.h"

#include <segoff/verdict.h>

#include "plain.h"

/* What stands for a byte that is no character. */
#define NO_CHARACTER 0xfffdu

static void escape(struct json *j, unsigned int c)
{
	fprintf(j->f, "\\u%04x", c);
}

static void text(struct json *j, const char *s)
{
	size_t n;

	fputc('"', j->f);
	for (; *s; s += n ? n : 1) {
		n = utf8_len(s);
		if (!n)
			escape(j, NO_CHARACTER);
		else if (*s == '"' || *s == '\\')
			fprintf(j->f, "\\%c", *s);
		else if (n == 1 && *s < 0x20)
			escape(j, (unsigned char)*s);
		else
			fwrite(s, 1, n, j->f);
	}
	fputc('"', j->f);
}

static void begin(struct json *j, const char *key)
{
	if (j->comma)
		fputc(',', j->f);
	j->comma = true;
	if (key) {
		text(j, key);
		fputc(':', j->f);
	}
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	fputc(bracket, j->f);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	fputc(bracket, j->f);
	j->comma = true;
}

void json_number(struct json *j, const char *key, uint64_t v)
{
	begin(j, key);
	fprintf(j->f, "%llu", (unsigned long long)v);
}

void json_real(struct json *j, const char *key, double v)
{
	begin(j, key);
	fprintf(j->f, "%.3f", v);
}

void json_string(struct json *j, const char *key, const char *v)
{
	begin(j, key);
	text(j, v);
}

void json_bool(struct json *j, const char *key, bool v)
{
	begin(j, key);
	fputs(v ? "true" : "false", j->f);
}

void json_verdicts(struct json *j, const char *key, const uint64_t *counts)
{
	json_open(j, key, '{');
	for (enum segoff_verdict v = 0; v < SEGOFF_V_COUNT; v++)
		if (counts[v])
			json_number(j, segoff_verdict_name(v), counts[v]);
	json_close(j, '}');
}

/* SPDX-License-Identifier: MIT */
/*
 * json.h - one JSON object on a stream, for scripts
 *
 * Keys are literals; commas and escapes are seen to here.
 */
#ifndef SEGOFF_CLI_JSON_H
#define SEGOFF_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *f;
	bool comma;
};

/* A container; @key is NULL inside arrays and at the top. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

void json_number(struct json *j, const char *key, uint64_t v);
void json_real(struct json *j, const char *key, double v);
void json_string(struct json *j, const char *key, const char *v);
void json_bool(struct json *j, const char *key, bool v);

/* An object with those of SEGOFF_V_COUNT counts that are not 0, by name. */
void json_verdicts(struct json *j, const char *key, const uint64_t *counts);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * totals.h - what was read and written, as every report begins and ends
 */
#ifndef SEGOFF_CLI_TOTALS_H
#define SEGOFF_CLI_TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "json.h"

/**
 * struct totals - what was read and written
 * @bytes_in: of frames, without a virtio_net_hdr
 * @bytes_out: likewise
 * @largest: bytes of the largest frame that was written
 * @in: name of the input
 * @out: name of the output; NULL: nothing is written
 * @format: what the input is, in words
 */
struct totals {
	uint64_t packets_in;
	uint64_t bytes_in;
	uint64_t packets_out;
	uint64_t bytes_out;
	uint64_t largest;
	const char *in;
	const char *out;
	char format[64];
};

/* A frame of so many bytes was read, or written. */
void totals_read(struct totals *t, size_t len);
void totals_wrote(struct totals *t, size_t len);

/* The first and the last line of a report. */
void totals_text_read(const struct totals *t, FILE *f);
void totals_text_wrote(const struct totals *t, FILE *f);

/* The first and the last members; @error: why reading ended early, or NULL. */
void totals_json_read(const struct totals *t, struct json *j);
void totals_json_wrote(const struct totals *t, struct json *j,
		       const char *error);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * writer.h - what the writers of all formats have in common
 */
#ifndef SEGOFF_PORT_WRITER_H
#define SEGOFF_PORT_WRITER_H

#include "reader.h"

/**
 * struct capture_writer - a file that is written
 * @format: its format
 * @out: where the bytes go
 * @buf: bytes that are still to be written
 * @size: of @buf
 * @fill: bytes in @buf
 * @passed: bytes that were given to @out
 * @packets: packets in both
 * @ticks: of time per second (pcap)
 * @from: link type to be replaced, or -1
 * @to: what with
 * @big: numbers (of this section) are big-endian
 */
struct capture_writer {
	const struct format *format;
	struct output *out;
	uint8_t *buf;
	size_t size;
	size_t fill;
	uint64_t passed;
	uint64_t packets;
	uint64_t ticks;
	int from;
	int to;
	bool big;
};

#endif

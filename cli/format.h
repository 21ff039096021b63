/* SPDX-License-Identifier: MIT */
/* format.h - capture formats in words, and the option about their headers */
#ifndef SEGOFF_CLI_FORMAT_H
#define SEGOFF_CLI_FORMAT_H

#include "../src/port/capture.h"

/**
 * describe_format() - "pcapng, Ethernet, gzip"
 * @r: reader
 * @rec: its first packet
 * @text: receives the words
 * @size: room there
 */
void describe_format(const struct capture_reader *r,
		     const struct capture_record *rec, char *text, size_t size);

/**
 * vnet_option() - the argument of --vnet-hdr
 * @command: subcommand
 * @text: argument or NULL
 * @size: uint32_t, receives the header's size
 *
 * Return: 0 or STATUS_USAGE, after a complaint.
 */
int vnet_option(const char *command, const char *text, void *size);

#endif

/* SPDX-License-Identifier: MIT */
/* format.h - capture formats in words, and the option about their headers */
#ifndef SEGOFF_CLI_FORMAT_H
#define SEGOFF_CLI_FORMAT_H

#include "../src/port/capture.h"

/**
 * frame_linktype() - what the frame of a record begins with
 * @linktype: LINKTYPE_ number of the record
 * @vnet: bytes of virtio_net_hdr in front of the frame
 *
 * There is no number for frames behind such a header, so USER0 stands for
 * Ethernet there.
 *
 * Return: LINKTYPE_ number.
 */
uint16_t frame_linktype(uint16_t linktype, uint32_t vnet);

/**
 * link_of() - how the library calls a link type
 * @linktype: LINKTYPE_ number
 * @link: receives enum segoff_link, SEGOFF_LINK_COUNT if there is none
 *
 * Return: whether there is one.
 */
bool link_of(uint16_t linktype, unsigned int *link);

/**
 * describe_format() - "pcapng, Ethernet, gzip"
 * @r: reader
 * @linktype: LINKTYPE_ number of frames; -1: not known
 * @text: receives the words
 * @size: room there
 */
void describe_format(const struct capture_reader *r, int linktype, char *text,
		     size_t size);

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

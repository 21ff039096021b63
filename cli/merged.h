/* SPDX-License-Identifier: MIT */
/*
 * merged.h - what merge says of a superpacket in a comment, and split obeys
 *
 *	segoff: merged from 45 packets, gso_size 1448
 *	segoff: merged from 45 packets, gso_size 1448, fixed id
 *
 * A comment that is not exactly what merged_text() writes is somebody else's.
 */
#ifndef SEGOFF_CLI_MERGED_H
#define SEGOFF_CLI_MERGED_H

#include <segoff.h>

#include "../src/port/capture.h"

/**
 * merged_text() - the comment of a superpacket
 * @text: receives it
 * @meta: its metadata
 * @packets: how many it stands for
 */
void merged_text(char text[CAPTURE_COMMENT_MAX + 1],
		 const struct segoff_meta *meta, unsigned long packets);

/**
 * merged_find() - has a packet such a comment?
 * @rec: its record
 * @bytes: of its record
 * @pkt: the packet
 * @st: its headers
 * @meta: receives gso_type and gso_size, if it has, and what headers say
 *
 * Return: the comment, for struct capture_frame's @without; NULL if it has
 * none, or is neither TCP nor UDP.
 */
const char *merged_find(const struct capture_record *rec, const uint8_t *bytes,
			const struct segoff_pkt *pkt,
			const struct segoff_stack *st,
			struct segoff_meta *meta);

#endif

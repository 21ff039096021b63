/* SPDX-License-Identifier: MIT */
/* merged.c - what merge says of a superpacket in a comment */
#include "merged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "segoff: merged from "
#define SIZE   "gso_size "

#define PROTO_TCP 6
#define PROTO_UDP 17

void merged_text(char text[CAPTURE_COMMENT_MAX + 1],
		 const struct segoff_meta *meta, unsigned long packets)
{
	snprintf(text, CAPTURE_COMMENT_MAX + 1,
		 PREFIX "%lu packets, " SIZE "%u%s", packets, meta->gso_size,
		 meta->gso_type & SEGOFF_GSO_TCP_FIXEDID ? ", fixed id" : "");
}

/* Read it by writing what it seems to say, and comparing. */
static bool parse(const char *comment, size_t len, struct segoff_meta *meta)
{
	char text[CAPTURE_COMMENT_MAX + 1] = "";
	char again[CAPTURE_COMMENT_MAX + 1];
	unsigned long packets, size;
	const char *p;

	if (len > CAPTURE_COMMENT_MAX)
		return false;
	memcpy(text, comment, len);
	p = strstr(text, SIZE);
	if (!p || strlen(text) != len)
		return false;
	packets = strtoul(text + strlen(PREFIX), NULL, 10);
	size = strtoul(p + strlen(SIZE), NULL, 10);
	if (!size || size >= UINT16_MAX)
		return false;
	meta->gso_size = (uint16_t)size;
	meta->gso_type = 0;
	if (strstr(p, "fixed id"))
		meta->gso_type = SEGOFF_GSO_TCP_FIXEDID;
	merged_text(again, meta, packets);
	return !strcmp(text, again);
}

/* The kind of superpacket goes without saying. */
static uint32_t gso_type(const struct segoff_stack *st)
{
	if (st->end != SEGOFF_V_OK)
		return 0;
	if (st->ip_proto == PROTO_UDP)
		return SEGOFF_GSO_UDP_L4;
	if (st->ip_proto != PROTO_TCP)
		return 0;
	return st->ip_version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
}

const char *merged_find(const struct capture_record *rec, const uint8_t *bytes,
			const struct segoff_pkt *pkt,
			const struct segoff_stack *st, struct segoff_meta *meta)
{
	uint32_t type = gso_type(st);
	struct segoff_meta said = { 0 };
	const char *comment;
	size_t len;

	if (!type || !rec->extras)
		return NULL;
	comment = capture_comment(rec, bytes, PREFIX, &len);
	if (!comment || !parse(comment, len, &said))
		return NULL;
	said.gso_type |= type;
	segoff_meta_describe(pkt, st, &said);
	*meta = said;
	return comment;
}

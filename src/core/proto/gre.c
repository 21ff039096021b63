/* SPDX-License-Identifier: MIT */
/*
 * gre.c - RFC 2784 with the key of RFC 2890
 *
 * A sequence number would have to count packets that are not there yet, so a
 * header that has one is not looked behind; nor is one with routing, or of
 * version 1 (PPTP).
 */
#include "proto.h"

#include <segoff/meta.h>

#define GRE_KEY	 0x2000
#define GRE_SEQ	 0x1000
#define GRE_REST 0x4fff /* routing, reserved, version */

static const struct segoff__field fields[] = {
	{ "checksum", GRE_CHECK_AT, 2, RULE_BODY_SUM, 0, 0, SEGOFF_V_GRO_CSUM },
	{ "flags, version", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "protocol", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "reserved, key", GRE_MIN, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t len = GRE_MIN;
	uint16_t flags;

	if (avail < GRE_MIN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	flags = load16(p);
	if (flags & GRE_SEQ || flags & GRE_REST) {
		hop_end(hop, flags & GRE_SEQ && !(flags & GRE_REST) ?
				     SEGOFF_V_GRE_SEQ :
				     SEGOFF_V_TUNNEL);
		return;
	}
	len += flags & GRE_CSUM ? 4 : 0;
	len += flags & GRE_KEY ? 4 : 0;
	if (avail < len) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = len;
	hop_tunnel_type(hop, load16(p + 2));
}

const struct segoff__proto segoff__gre = {
	.name = "gre",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 1,
	.walk = walk,
};

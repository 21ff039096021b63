/* SPDX-License-Identifier: MIT */
/*
 * geneve.c - RFC 8926
 *
 * Control packets and other versions are payload.
 */
#include "proto.h"

#define GENEVE_MIN 8
#define FLAG_OAM   0x80

static const struct segoff__field fields[] = {
	{ "version, option length, flags", 0, 2, RULE_SAME, 0, 0,
	  SEGOFF_V_GRO_TUNNEL },
	{ "protocol type", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "VNI", 4, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "options", 8, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t len;

	if (avail < GENEVE_MIN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	len = GENEVE_MIN + (p[0] & 63u) * 4;
	if (p[0] >> 6 || p[1] & FLAG_OAM) {
		hop_end(hop, SEGOFF_V_TUNNEL);
		return;
	}
	if (avail < len) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = len;
	hop_tunnel_type(hop, load16(p + 2));
}

const struct segoff__proto segoff__geneve = {
	.name = "geneve",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

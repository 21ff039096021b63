/* SPDX-License-Identifier: MIT */
/*
 * gue.c - Generic UDP Encapsulation (draft-ietf-intarea-gue)
 *
 * Version 0 has a header that names an IP protocol. Version 1 is the first two
 * bits of an IP header, which follows UDP directly. Control messages are
 * payload.
 */
#include "proto.h"

#include <segoff/remcsum.h>

#define FLAG_CONTROL 0x20

static const struct segoff__field fields[] = {
	{ "version, length", 0, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "protocol", 1, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "flags", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "optional fields", 4, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t len;

	if (avail < GUE_MIN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	if (p[0] >> 6 == 1) {
		hop_version(hop, p, avail);
		return;
	}
	len = GUE_MIN + (p[0] & 31u) * 4;
	if (p[0] >> 6 || p[0] & FLAG_CONTROL) {
		hop_end(hop, SEGOFF_V_TUNNEL);
		return;
	}
	if (avail < len) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = len;
	if (p[1] == IPPROTO_NR_IPIP)
		hop->next = SEGOFF_P_IPV4;
	else if (p[1] == IPPROTO_NR_IPV6)
		hop->next = SEGOFF_P_IPV6;
	else if (p[1] == IPPROTO_NR_GRE)
		hop->next = SEGOFF_P_GRE;
	else
		hop_end(hop, SEGOFF_V_TUNNEL);
}

bool segoff__gue_known(const uint8_t *p, uint32_t len)
{
	uint32_t flags;

	if (!load16(p + 2))
		return true;
	if (load16(p + 2) != GUE_PRIVATE || len < GUE_REMCSUM_AT)
		return false;
	flags = load32(p + GUE_PRIVATE_AT);
	return !flags ||
	       (flags == GUE_PRIVATE_REMCSUM && len >= SEGOFF_GUE_REMCSUM_LEN);
}

const struct segoff__proto segoff__gue = {
	.name = "gue",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

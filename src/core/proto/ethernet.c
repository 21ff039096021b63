/* SPDX-License-Identifier: MIT */
/* ethernet.c - IEEE 802.3 */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "destination", 0, 6, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "source", 6, 6, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "type", 12, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (avail < 14) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = 14;
	hop_ethertype(hop, load16(p + 12));
}

const struct segoff__proto segoff__ethernet = {
	.name = "eth",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

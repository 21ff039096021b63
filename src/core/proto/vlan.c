/* SPDX-License-Identifier: MIT */
/* vlan.c - IEEE 802.1Q and 802.1ad tags: tag control, then the next type */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "tag", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "type", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (avail < 4) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = 4;
	hop_ethertype(hop, load16(p + 2));
}

const struct segoff__proto segoff__vlan = {
	.name = "vlan",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

/* SPDX-License-Identifier: MIT */
/* sll.c - Linux cooked captures, versions 1 (LINKTYPE 113) and 2 (276) */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "packet type", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "address", 2, 12, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "protocol", 14, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
};

static const struct segoff__field fields2[] = {
	{ "protocol", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "interface, type, address", 2, 18, RULE_SAME, 0, 0,
	  SEGOFF_V_GRO_LINK },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (avail < 16) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = 16;
	hop_ethertype(hop, load16(p + 14));
}

static void walk2(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (avail < 20) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = 20;
	hop_ethertype(hop, load16(p));
}

const struct segoff__proto segoff__sll = {
	.name = "sll",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

const struct segoff__proto segoff__sll2 = {
	.name = "sll2",
	.field = fields2,
	.nfield = SEGOFF__LENGTH(fields2),
	.nvary = 0,
	.walk = walk2,
};

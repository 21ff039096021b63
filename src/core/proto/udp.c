/* SPDX-License-Identifier: MIT */
/* udp.c - RFC 768 */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "length", UDP_LEN_AT, 2, RULE_LENGTH, 0, 0, SEGOFF_V_GRO_LENGTH },
	{ "checksum", UDP_CHECK_AT, 2, RULE_TRANSPORT_SUM, 0, 0,
	  SEGOFF_V_GRO_CSUM },
	{ "source port", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_FIRST },
	{ "destination port", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_FIRST },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	(void)p;
	if (avail < UDP_LEN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = UDP_LEN;
	hop_end(hop, SEGOFF_V_OK);
}

const struct segoff__proto segoff__udp = {
	.name = "udp",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 2,
	.walk = walk,
};

/* SPDX-License-Identifier: MIT */
/*
 * pppoe.c - RFC 2516, session stage, with the protocol field of PPP behind it
 */
#include "proto.h"

#define SESSION_DATA 0x1100 /* version 1, type 1, code 0 */
#define PPP_IPV4     0x0021
#define PPP_IPV6     0x0057

static const struct segoff__field fields[] = {
	{ "length", 4, 2, RULE_LENGTH, 6, 0, SEGOFF_V_GRO_LENGTH },
	{ "version, type, code", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "session", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
	{ "protocol", 6, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (avail < 8) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = 8;
	if (load16(p) == SESSION_DATA && load16(p + 6) == PPP_IPV4)
		hop->next = SEGOFF_P_IPV4;
	else if (load16(p) == SESSION_DATA && load16(p + 6) == PPP_IPV6)
		hop->next = SEGOFF_P_IPV6;
	else
		hop_end(hop, SEGOFF_V_NOT_IP);
}

const struct segoff__proto segoff__pppoe = {
	.name = "pppoe",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 1,
	.walk = walk,
};

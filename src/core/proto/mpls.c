/* SPDX-License-Identifier: MIT */
/*
 * mpls.c - RFC 3032: a stack of labels, 4 bytes each, the last one marked
 *
 * Nothing says what is behind it; as routers do, the version nibble is believed
 * (RFC 4928).
 */
#include "proto.h"

#define BOTTOM 0x01

static const struct segoff__field fields[] = {
	{ "labels", 0, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t len = 0;

	do {
		len += 4;
		if (avail < len) {
			hop_end(hop, SEGOFF_V_TRUNCATED);
			return;
		}
	} while (!(p[len - 2] & BOTTOM));
	hop->len = len;
	hop_version(hop, p + len, avail - len);
}

const struct segoff__proto segoff__mpls = {
	.name = "mpls",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

/* SPDX-License-Identifier: MIT */
/*
 * null.c - BSD loopback: an address family in four bytes
 *
 * LINKTYPE_NULL writes it in the order of the capturing host, LINKTYPE_LOOP
 * big endian. No family needs more than one byte, so either order is read.
 */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "family", 0, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_LINK },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t family;

	if (avail < 4) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = 4;
	family = load32(p);
	if (family > 0xff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		hop->next = SEGOFF_P_IPV4;
		break;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		hop->next = SEGOFF_P_IPV6;
		break;
	default:
		hop_end(hop, SEGOFF_V_NOT_IP);
	}
}

const struct segoff__proto segoff__null = {
	.name = "null",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

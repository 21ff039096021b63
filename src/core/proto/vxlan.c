/* SPDX-License-Identifier: MIT */
/*
 * vxlan.c - VXLAN (RFC 7348) and its Generic Protocol Extension
 *
 * A header without a VNI is none of theirs, and what is there is payload.
 */
#include "proto.h"

#define VXLAN_LEN 8
#define FLAG_VNI  0x08
#define FLAG_NEXT 0x04
#define GPE_OTHER 0x31 /* another version, or OAM */

static const struct segoff__field fields[] = {
	{ "flags", 0, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
	{ "VNI", 4, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
};

static bool sound(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (avail >= VXLAN_LEN && p[0] & FLAG_VNI) {
		hop->len = VXLAN_LEN;
		return true;
	}
	hop_end(hop, avail < VXLAN_LEN ? SEGOFF_V_TRUNCATED : SEGOFF_V_TUNNEL);
	return false;
}

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	if (sound(p, avail, hop))
		hop->next = SEGOFF_P_ETHERNET;
}

static void walk_gpe(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	static const enum segoff_proto next[] = { SEGOFF_P_NONE, SEGOFF_P_IPV4,
						  SEGOFF_P_IPV6,
						  SEGOFF_P_ETHERNET };

	if (!sound(p, avail, hop))
		return;
	if (p[0] & GPE_OTHER)
		hop_end(hop, SEGOFF_V_TUNNEL);
	else if (!(p[0] & FLAG_NEXT))
		hop->next = SEGOFF_P_ETHERNET;
	else if (p[3] && p[3] < SEGOFF__LENGTH(next))
		hop->next = next[p[3]];
	else
		hop_end(hop, SEGOFF_V_NOT_IP);
}

const struct segoff__proto segoff__vxlan = {
	.name = "vxlan",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

const struct segoff__proto segoff__vxlan_gpe = {
	.name = "vxlan-gpe",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk_gpe,
};

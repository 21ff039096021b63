/* SPDX-License-Identifier: MIT */
/*
 * ipv4.c - RFC 791
 *
 * The identification counts up even when DF is set, unless the superpacket
 * says that it does not (RFC 6864 would allow either; inet_gso_segment).
 */
#include "proto.h"

#include <segoff/meta.h>

static const struct segoff__field fields[] = {
	{ "total length", 2, 2, RULE_LENGTH, 0, 0, SEGOFF_V_GRO_LENGTH },
	{ "identification", 4, 2, RULE_COUNT, 0, SEGOFF_GSO_TCP_FIXEDID,
	  SEGOFF_V_GRO_ID },
	{ "flags, fragment offset", 6, 2, RULE_FRAGMENT, 0, 0,
	  SEGOFF_V_GRO_IP },
	{ "header checksum", 10, 2, RULE_HEADER_SUM, 0, 0, SEGOFF_V_GRO_CSUM },
	{ "version, header length", 0, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "type of service", 1, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "time to live", 8, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "protocol", 9, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "source", 12, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "destination", 16, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "options", 20, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t len;

	if (avail < IPV4_MIN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	len = (p[0] & 15u) * 4;
	hop->contradicts = p[0] >> 4 != 4;
	if (len < IPV4_MIN) {
		hop_end(hop, SEGOFF_V_IP_HEADER);
		return;
	}
	if (len > avail) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = len;
	hop->fragment = load16(p + 6) & 0x3fff;
	hop_ip_proto(hop, p[9]);
}

const struct segoff__proto segoff__ipv4 = {
	.name = "ipv4",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 4,
	.walk = walk,
};

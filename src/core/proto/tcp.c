/* SPDX-License-Identifier: MIT */
/*
 * tcp.c - RFC 9293
 *
 * CWR tells the receiver once that the window was reduced, so only the first
 * segment keeps it (RFC 3168 6.1.2); under Accurate ECN it is part of a
 * counter and stays (RFC 9768). Urgent pointer and URG are repeated as they
 * are, as Linux does (tcp_gso_segment).
 */
#include "proto.h"

#include <segoff/meta.h>

static const struct segoff__field fields[] = {
	{ "sequence number", TCP_SEQ_AT, 4, RULE_OFFSET, 0, 0,
	  SEGOFF_V_GRO_SEQ },
	{ "CWR", 12, 2, RULE_FIRST, 0x0080, SEGOFF_GSO_TCP_ACCECN,
	  SEGOFF_V_GRO_FLAGS },
	{ "FIN, PSH", 12, 2, RULE_LAST, 0x0009, 0, SEGOFF_V_GRO_FLAGS },
	{ "checksum", TCP_CHECK_AT, 2, RULE_TRANSPORT_SUM, 0, 0,
	  SEGOFF_V_GRO_CSUM },
	{ "source port", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_FIRST },
	{ "destination port", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_FIRST },
	{ "acknowledgment number", 8, 4, RULE_SAME, 0, 0, SEGOFF_V_GRO_ACK },
	{ "data offset, other flags", 12, 2, RULE_SAME, 0, 0,
	  SEGOFF_V_GRO_FLAGS },
	{ "window", 14, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_WINDOW },
	{ "urgent pointer", 18, 2, RULE_SAME, 0, 0, SEGOFF_V_GRO_URGENT },
	{ "options", 20, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_OPTIONS },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t len;

	if (avail < TCP_MIN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	len = (p[TCP_DOFF_AT] >> 4) * 4u;
	if (len < TCP_MIN) {
		hop_end(hop, SEGOFF_V_TCP_HEADER);
		return;
	}
	if (len > avail) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = len;
	hop_end(hop, SEGOFF_V_OK);
}

const struct segoff__proto segoff__tcp = {
	.name = "tcp",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 4,
	.walk = walk,
};

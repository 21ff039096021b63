/* SPDX-License-Identifier: MIT */
/*
 * sctp.c - RFC 9260
 *
 * Only the common header, which every segment repeats: chunks are payload, and
 * a superpacket is cut between them.
 */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "checksum", SCTP_CHECK_AT, 4, RULE_CRC32C, 0, 0, SEGOFF_V_TRANSPORT },
	{ "source port", 0, 2, RULE_SAME, 0, 0, SEGOFF_V_TRANSPORT },
	{ "destination port", 2, 2, RULE_SAME, 0, 0, SEGOFF_V_TRANSPORT },
	{ "verification tag", 4, 4, RULE_SAME, 0, 0, SEGOFF_V_TRANSPORT },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	(void)p;
	if (avail < SCTP_LEN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->len = SCTP_LEN;
	hop_end(hop, SEGOFF_V_OK);
}

const struct segoff__proto segoff__sctp = {
	.name = "sctp",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 1,
	.walk = walk,
};

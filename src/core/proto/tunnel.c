/* SPDX-License-Identifier: MIT */
/* tunnel.c - a header that metadata steps over: nobody knows what is in it */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "all", 0, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_TUNNEL },
};

/* Only metadata can say where it ends (dissect.c). */
static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	(void)p;
	(void)avail;
	hop_end(hop, SEGOFF_V_TUNNEL);
}

const struct segoff__proto segoff__tunnel = {
	.name = "tunnel",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 0,
	.walk = walk,
};

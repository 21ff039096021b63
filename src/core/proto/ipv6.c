/* SPDX-License-Identifier: MIT */
/*
 * ipv6.c - RFC 8200, with the extension headers that can be repeated in every
 * segment: Hop-by-Hop, Routing, Destination
 *
 * The extension headers count as part of the IPv6 header: they are the same
 * in all segments, and the payload length includes them.
 */
#include "proto.h"

static const struct segoff__field fields[] = {
	{ "payload length", 4, 2, RULE_LENGTH, IPV6_LEN, 0,
	  SEGOFF_V_GRO_LENGTH },
	{ "version, traffic class, flow label", 0, 4, RULE_SAME, 0, 0,
	  SEGOFF_V_GRO_IP },
	{ "next header", 6, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "hop limit", 7, 1, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "source", 8, 16, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "destination", 24, 16, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
	{ "extension headers", 40, 0, RULE_SAME, 0, 0, SEGOFF_V_GRO_IP },
};

static void walk(const uint8_t *p, size_t avail, struct segoff__hop *hop)
{
	uint32_t at = IPV6_LEN, len;
	uint8_t nr;

	if (avail < IPV6_LEN) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
		return;
	}
	hop->contradicts = p[0] >> 4 != 6;
	for (nr = p[6]; is_extension(nr); at += len) {
		if (avail - at < 8)
			break;
		len = (p[at + 1] + 1u) * 8;
		if (len > avail - at)
			break;
		nr = p[at];
	}
	hop->len = at;
	hop_ip_proto(hop, nr);
	if (is_extension(nr)) {
		hop_end(hop, SEGOFF_V_TRUNCATED);
	} else if (nr == IPPROTO_NR_FRAGMENT) {
		hop->fragment = true;
		hop_end(hop, SEGOFF_V_FRAGMENT);
	} else if (nr == 50 || nr == 51 || nr == 135 || nr == 139 ||
		   nr == 140) {
		hop_end(hop, SEGOFF_V_EXT_HEADER);
	}
}

const struct segoff__proto segoff__ipv6 = {
	.name = "ipv6",
	.field = fields,
	.nfield = SEGOFF__LENGTH(fields),
	.nvary = 1,
	.walk = walk,
};

/* Has this Destination header a Home Address option (RFC 6275 6.3)? */
static bool home_address(const uint8_t *p, uint32_t len)
{
	for (uint32_t i = 2; i < len;) {
		if (p[i] == 0xc9)
			return true;
		if (p[i] == 0)
			i++;
		else if (i + 1 < len)
			i += p[i + 1] + 2u;
		else
			break;
	}
	return false;
}

uint32_t segoff__ipv6_unfragmentable(const uint8_t *p, uint32_t len,
				     uint32_t *next_at)
{
	uint32_t at = IPV6_LEN, hlen;
	bool routing = false;

	for (*next_at = 6; at < len; at += hlen) {
		hlen = (p[at + 1] + 1u) * 8;
		if (p[*next_at] == IPPROTO_NR_ROUTING)
			routing = true;
		else if (p[*next_at] == IPPROTO_NR_DSTOPTS && routing &&
			 !home_address(p + at, hlen))
			break;
		*next_at = at;
	}
	return at;
}

/* The last address of a Routing header that is not used up, or NULL. */
static const uint8_t *routing_end(const uint8_t *p, uint32_t len)
{
	if (!p[3])
		return NULL;
	if ((p[2] == 0 || p[2] == 2) && len >= 24)
		return p + len - (len - 8) % 16 - 16;
	if (p[2] == 4 && len >= 24) /* RFC 8754 2: segment 0 is the last */
		return p + 8;
	return NULL;
}

const uint8_t *segoff__ipv6_final(const uint8_t *p, uint32_t len)
{
	const uint8_t *end;
	uint32_t hlen;
	uint8_t nr = p[6];

	for (uint32_t at = IPV6_LEN; at < len; at += hlen) {
		hlen = (p[at + 1] + 1u) * 8;
		if (nr == IPPROTO_NR_ROUTING) {
			end = routing_end(p + at, hlen);
			if (end)
				return end;
		}
		nr = p[at];
	}
	return p + 24;
}

/* SPDX-License-Identifier: MIT */
/* ref_repair.c - lengths that were never filled in */
#include "ref.h"

/*
 * RFC 2675: an IPv6 packet whose length is in a Jumbo Payload option. Decision:
 * it counts where those who write it put it, first in a Hop-by-Hop header.
 */
static bool is_jumbogram(const uint8_t *ip, size_t len)
{
	return ip[6] == 0 && len >= 48 && ip[42] == 0xc2;
}

bool ref_length_broken(const uint8_t *pkt, size_t len, unsigned int link)
{
	struct ref_pkt p = { pkt, len, link };
	const struct segoff_layer *net;
	struct segoff_stack st;
	size_t there, said;

	ref_dissect(&p, &st);
	if (st.end != SEGOFF_V_OK)
		return false;
	net = &st.layer[st.net];
	there = len - net->off;
	if (st.ip_version == 4) {
		said = ref_get16(pkt + net->off + 2);
	} else {
		said = 40u + ref_get16(pkt + net->off + 4);
		if (is_jumbogram(pkt + net->off, net->len))
			return false;
	}
	if (said > there)
		return false;
	return said < st.payload - net->off ||
	       (said < there && (there - said) % 65536 == 0);
}

/* A UDP length is broken in the same way. */
static void repair_udp(uint8_t *udp, size_t there)
{
	size_t said = ref_get16(udp + 4);

	if (said < 8 || (said < there && (there - said) % 65536 == 0))
		ref_put16(udp + 4, there);
}

int ref_length_repair(uint8_t *pkt, size_t len, unsigned int link)
{
	struct ref_pkt p = { pkt, len, link };
	const struct segoff_layer *net;
	struct segoff_stack st;
	size_t there;
	uint8_t *ip;

	if (!ref_length_broken(pkt, len, link))
		return 0;
	ref_dissect(&p, &st);
	net = &st.layer[st.net];
	ip = pkt + net->off;
	there = len - net->off - (st.ip_version == 4 ? 0 : 40);
	if (there > 65535)
		return 0;
	ref_put16(ip + (st.ip_version == 4 ? 2 : 4), there);
	if (st.end == SEGOFF_V_OK && st.ip_proto == 17)
		repair_udp(ip + net->len, len - net->off - net->len);
	if (st.ip_version == 4) {
		ref_put16(ip + 10, 0);
		ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, net->len))));
	}
	return 1;
}

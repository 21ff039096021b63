/* SPDX-License-Identifier: MIT */
/*
 * fits.c - do the segments fit?
 *
 * What is forwarded or dropped by size is decided on the size of a full
 * segment; comparing the superpacket itself with the MTU drops what would have
 * fitted (skb_gso_validate_network_len).
 */
#include <segoff/gso.h>

#include <errno.h>

#include "plan.h"

/* Bytes from the IP header on, and before it. */
static ssize_t seglen(const struct segoff_pkt *pkt,
		      const struct segoff_ports *ports,
		      const struct segoff_meta *meta, size_t *before)
{
	const struct segoff_gso_opts o = { .sz = sizeof(o), .ports = ports };
	struct segoff_stack st;
	struct segoff__cut c = { .pkt = pkt, .st = &st, .meta = meta, .o = &o };
	enum segoff_verdict why;
	enum segoff__fate fate;
	size_t full;
	int err;

	fate = segoff__admit(&c, &err, &why);
	if (fate == FATE_REFUSED)
		return err;
	*before = st.ip_version ? segoff__outer_ip(&st)->off : st.payload;
	if (fate != FATE_CUT)
		return (ssize_t)(st.len - *before);
	if (c.fragments) /* gso_size counts the UDP header of UFO */
		return (ssize_t)(segoff__last(&st)->off - *before +
				 meta->gso_size);
	full = meta->gso_size;
	if (c.by_frags)
		segoff__members(pkt, st.payload, &full);
	return (ssize_t)(st.payload - *before - segoff__jumbo(pkt, &st) + full);
}

ssize_t segoff_gso_seglen_ports(const struct segoff_pkt *pkt,
				const struct segoff_ports *ports,
				const struct segoff_meta *meta, size_t *mac)
{
	size_t before = 0;
	ssize_t n = seglen(pkt, ports, meta, &before);

	if (n >= 0 && mac)
		*mac = (size_t)n + before;
	return n;
}

ssize_t segoff_gso_network_seglen(const struct segoff_pkt *pkt,
				  const struct segoff_meta *meta)
{
	return segoff_gso_seglen_ports(pkt, NULL, meta, NULL);
}

ssize_t segoff_gso_mac_seglen(const struct segoff_pkt *pkt,
			      const struct segoff_meta *meta)
{
	size_t mac = 0;
	ssize_t n = segoff_gso_seglen_ports(pkt, NULL, meta, &mac);

	return n < 0 ? n : (ssize_t)mac;
}

int segoff_gso_fits(const struct segoff_pkt *pkt,
		    const struct segoff_meta *meta, size_t mtu)
{
	ssize_t n = segoff_gso_network_seglen(pkt, meta);

	return n < 0 ? (int)n : (size_t)n <= mtu;
}

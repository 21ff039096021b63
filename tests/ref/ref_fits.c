/* SPDX-License-Identifier: MIT */
/* ref_fits.c - how long a full segment is (R-FIN-1) */
#include <errno.h>

#include "ref_nest.h"

/*
 * Headers from the transport header to the payload, plus gso_size. For UFO
 * gso_size includes the UDP header, and a Fragment header that IPv6 will need
 * is not counted. Decision: a BIG TCP Hop-by-Hop header, which no segment has,
 * is not counted either. Of members the largest one decides (R-SCTP-5).
 */
static size_t transport_seglen(const struct ref_super *s)
{
	const struct ref_pkt *p = s->p;
	const struct ref_walk *w = &s->w;
	const struct segoff_meta *m = s->m;

	if (s->by_frags)
		return 12 + s->size;
	if (w->proto == 6)
		return (size_t)(p->at[w->th + 12] >> 4) * 4 + m->gso_size;
	return (m->gso_type & SEGOFF_GSO_UDP_L4 ? 8u : 0u) + m->gso_size;
}

/*
 * Where the outermost IP header is, or would be, which is behind the link
 * header, and PPPoE and labels with it.
 */
static size_t outermost(const struct ref_nest *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->layer[i].proto == SEGOFF_P_IPV4 ||
		    n->layer[i].proto == SEGOFF_P_IPV6)
			return n->layer[i].off;
	return n->at <= n->p->len ? n->at : 0;
}

/* Decision: what passes whole is as long as it is, not as gso_size says. */
static ssize_t seglen(const struct ref_pkt *p, const struct segoff_ports *ports,
		      const struct ref_pieces *pieces,
		      const struct segoff_meta *m, bool mac)
{
	struct segoff_gso_opts o = { .sz = sizeof(o), .ports = ports };
	enum segoff_verdict why;
	struct ref_deep d;
	size_t len;
	int err = ref_admit(p, pieces, m, &o, &d, &why);

	if (err)
		return err;
	if (d.s.count == 1) {
		ref_nest_walk(&d.n);
		return (ssize_t)(mac ? p->len : p->len - outermost(&d.n));
	}
	len = d.s.w.th - (mac ? 0 : outermost(&d.n)) + transport_seglen(&d.s);
	return (ssize_t)(len - (d.s.jumbo ? 8 : 0));
}

ssize_t ref_network_seglen(const struct ref_pkt *p,
			   const struct segoff_ports *ports,
			   const struct ref_pieces *pieces,
			   const struct segoff_meta *m)
{
	return seglen(p, ports, pieces, m, false);
}

ssize_t ref_mac_seglen(const struct ref_pkt *p,
		       const struct segoff_ports *ports,
		       const struct ref_pieces *pieces,
		       const struct segoff_meta *m)
{
	return seglen(p, ports, pieces, m, true);
}

int ref_fits(const struct ref_pkt *p, const struct ref_pieces *pieces,
	     const struct segoff_meta *m, size_t mtu)
{
	ssize_t len = seglen(p, NULL, pieces, m, false);

	return len < 0 ? (int)len : (size_t)len <= mtu;
}

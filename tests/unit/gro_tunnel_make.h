/* SPDX-License-Identifier: MIT */
/*
 * gro_tunnel_make.h - packets in tunnels for coalescing
 *
 * A superpacket is made as in tunnel_make.h; its segments are what is pushed,
 * changed before or not. What must come back is the superpacket.
 */
#ifndef SEGOFF_TESTS_GRO_TUNNEL_MAKE_H
#define SEGOFF_TESTS_GRO_TUNNEL_MAKE_H

#include "gro_make.h"
#include "tunnel_make.h"

#define SIZE 100

/* Begin anew, with @n segments of a packet with these headers to come. */
static inline void begin_train(unsigned int profile, uint32_t flags,
			       const char *names, size_t n)
{
	gro.o.ports = &tunnel_ports;
	start(profile, flags | SEGOFF_GRO_UDP);
	make(names, n * SIZE);
	if (in_proto() == 6)
		in_th()[13] = ACK | PSH | FIN;
}

/* Checksums of the segment, from the inside out. */
static inline void want_sums(void)
{
	for (size_t i = nparts; i-- > 0;) {
		if (is(i, "ip4"))
			set_ip_sum(want_at + part[i].at);
		else if (i == nparts - 1 || part[i].star)
			want_sum(i);
	}
}

static inline enum segoff_verdict push_want(void)
{
	struct iovec *v = &gro.iov[gro.n];

	*v = (struct iovec){ gro.arena + gro.used, want_len };
	memcpy(v->iov_base, want_at, want_len);
	gro.used += want_len;
	return push_pieces(v, 1);
}

/* The next segment; @type: whose identifications stay. */
static inline enum segoff_verdict push_next(uint32_t type)
{
	expect(gro.n, SIZE, type);
	return push_want();
}

/* Where a header is: the @nth with this name. */
static inline size_t part_of(const char *name, size_t nth)
{
	size_t i = 0;

	while (!is(i, name) || nth--)
		i++;
	return i;
}

/* What left is the superpacket, with this metadata. */
static inline void is_whole(const struct segoff_meta *m)
{
	const struct segoff_meta *g = &got.s.meta;

	mem_eq(got.at, got.s.len, in.at, in.len);
	eq(g->gso_type, m->gso_type);
	eq(g->gso_size, SIZE);
	eq(g->gso_segs, (in.len - in.data) / SIZE);
	eq(g->hdr_len, in.data);
	eq(g->ip_summed, SEGOFF_CHECKSUM_PARTIAL);
	eq(g->csum_start, in.th);
	eq(g->csum_offset, in_proto() == 6 ? 16 : 6);
	eq(g->encapsulation, true);
	eq(g->protocol, m->protocol);
	eq(g->net_off, m->net_off);
	eq(g->th_off, m->th_off);
	eq(g->inner_mac_off, m->inner_mac_off);
	eq(g->inner_net_off, m->inner_net_off);
	eq(g->inner_th_off, m->inner_th_off);
	eq(g->inner_protocol, m->inner_protocol);
}

#endif

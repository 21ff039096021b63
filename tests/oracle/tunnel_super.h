/* SPDX-License-Identifier: MIT */
/* tunnel_super.h - superpackets for tunnel devices, and what these made of them */
#ifndef SEGOFF_ORACLE_TUNNEL_SUPER_H
#define SEGOFF_ORACLE_TUNNEL_SUPER_H

#include <segoff.h>

#include "answer.h"
#include "superpacket.h"
#include "tunnel_dev.h"

/**
 * tunnel_superpacket() - make a superpacket for a tunnel
 * @sp: receives it
 * @t: the tunnel
 * @seed: of the run
 * @number: which superpacket
 */
void tunnel_superpacket(struct superpacket *sp, const struct tunnel_dev *t,
			uint64_t seed, uint64_t number);

/**
 * struct tunnel_sorts - how many were cut in the tunnel
 * @n: of each sort: TCP over IPv4, over IPv6, UDP over IPv4, over IPv6
 */
struct tunnel_sorts {
	uint64_t n[4];
};

/* One more, of the sort of @sp. */
void tunnel_sorts_count(struct tunnel_sorts *s, const struct superpacket *sp);

static inline uint64_t tunnel_sorts_udp(const struct tunnel_sorts *s)
{
	return s->n[2] + s->n[3];
}

/**
 * tunnel_sorts_lack() - was a sort left out?
 * @s: what was cut
 * @t: the tunnel
 * @count: how many were to be cut
 *
 * Return: name of a sort that @t takes and of which there are too few, or NULL.
 */
const char *tunnel_sorts_lack(const struct tunnel_sorts *s,
			      const struct tunnel_dev *t, uint64_t count);

/**
 * tunnel_built() - what the tunnel device made, as libsegoff is to be asked
 * @sp: what went into it
 * @built: one frame behind its virtio_net_hdr
 *
 * Return: frame, length and form; where the payload begins is not known yet.
 */
struct superpacket tunnel_built(const struct superpacket *sp,
				const struct answer *built);

/**
 * tunnel_meta() - what the kernel knows of such a frame, beside its bytes
 * @t: tunnel that made it
 * @vnet: its virtio_net_hdr, and the frame behind it
 * @l: where its headers are
 * @m: receives it
 */
void tunnel_meta(const struct tunnel_dev *t, const uint8_t *vnet,
		 const struct layers *l, struct segoff_meta *m);

/**
 * tunnel_ports() - what is behind the UDP ports of tunnel devices
 * @t: tunnel; that of FOU and GUE is for it alone
 * @l: where the headers of its packet are
 *
 * Return: ports, until it is asked again.
 */
const struct segoff_ports *tunnel_ports(const struct tunnel_dev *t,
					const struct layers *l);

#endif

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

/* SPDX-License-Identifier: MIT */
/* vnet_out.h - a virtio_net_hdr in front of what split writes */
#ifndef SEGOFF_CLI_VNET_OUT_H
#define SEGOFF_CLI_VNET_OUT_H

#include <segoff.h>

/**
 * struct vnet_out - how frames are described
 * @size: bytes of the header; 0: there is none
 * @ports: UDP ports of tunnels, or NULL
 */
struct vnet_out {
	uint32_t size;
	const struct segoff_ports *ports;
};

/* All that a header of 24 bytes can say of tunnels. */
#define VNET_SAYS                                                      \
	(const struct segoff_vnet_opts)                                \
	{                                                              \
		.sz = sizeof(struct segoff_vnet_opts), .tunnel = true, \
		.tunnel_csum = true                                    \
	}

/**
 * vnet_can_say() - can a header describe a superpacket, or partial frames of it?
 * @o: how
 * @meta: metadata of the superpacket, its offsets filled in
 *
 * It knows one UDP tunnel, nothing of GRE, IP in IP, remote checksums and SCTP,
 * and not that IPv4 identifications are all the same.
 */
bool vnet_can_say(const struct vnet_out *o, const struct segoff_meta *meta);

/**
 * vnet_say() - write the header of a frame
 * @o: how; its size may be 0
 * @hdr: receives it
 * @pkt: the frame
 * @meta: what is known of it: gso_type, gso_size, ip_summed, csum_start,
 *	csum_offset
 *
 * The tunnel's checksum in a partial frame is that of every segment, so it is
 * not said to be one that is still to be made.
 */
void vnet_say(const struct vnet_out *o, uint8_t *hdr,
	      const struct segoff_pkt *pkt, const struct segoff_meta *meta);

#endif

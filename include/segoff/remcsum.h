/* SPDX-License-Identifier: MIT */
/* segoff/remcsum.h - remote checksum offload in VXLAN and GUE */
#ifndef SEGOFF_REMCSUM_H
#define SEGOFF_REMCSUM_H

#include <segoff/meta.h>
#include <segoff/packet.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The sender of a tunnel leaves the inner transport checksum partial on the
 * wire, and says in the tunnel header where it starts and where it goes. The
 * receiver gets it for nothing, out of the outer checksum that its device
 * verified.
 *
 * In segmentation this is SEGOFF_GSO_TUNNEL_REMCSUM: segments keep the seed.
 */

/* A GUE header with the option and nothing else. */
#define SEGOFF_GUE_REMCSUM_LEN 12

/**
 * segoff_remcsum_eligible() - may this packet's checksum go with a tunnel?
 * @tunnel: SEGOFF_P_VXLAN or SEGOFF_P_GUE
 * @meta: metadata of the packet: ip_summed, csum_start, csum_offset
 * @base: where the byte behind the tunnel header is, counted as csum_start is:
 *	0 before there is a tunnel header
 *
 * It must be partial. VXLAN can say an even start up to 254, and the checksum
 * of TCP or UDP; GUE all that fits 16 bits.
 * Source: vxlan_build_skb, __gue_build_header (R-TUN-10, R-TUN-11).
 *
 * Return: true if so.
 */
SEGOFF_API bool segoff_remcsum_eligible(enum segoff_proto tunnel,
					const struct segoff_meta *meta,
					uint32_t base);

/**
 * segoff_remcsum_vxlan() - say it in a VXLAN header
 * @hdr: the header, 8 bytes, its VNI set
 * @meta: metadata of the packet
 * @base: as above
 *
 * Afterwards a superpacket is SEGOFF_GSO_TUNNEL_REMCSUM too; any other packet is
 * sent with its seed, and waits for no checksum but the tunnel's: ip_summed is
 * SEGOFF_CHECKSUM_NONE.
 *
 * Return: 8; -EINVAL if the packet is not eligible (@hdr is unchanged).
 */
SEGOFF_API int segoff_remcsum_vxlan(void *hdr, const struct segoff_meta *meta,
				    uint32_t base);

/**
 * segoff_remcsum_gue() - say it in a GUE header
 * @hdr: the header, 4 bytes, with room for SEGOFF_GUE_REMCSUM_LEN
 * @meta: metadata of the packet
 * @base: as above
 *
 * The rest is as for VXLAN.
 *
 * Return: SEGOFF_GUE_REMCSUM_LEN; -EINVAL if the packet is not eligible, or the
 * header is not of version 0, a control message, or has optional fields already
 * (@hdr is unchanged).
 */
SEGOFF_API int segoff_remcsum_gue(void *hdr, const struct segoff_meta *meta,
				  uint32_t base);

/**
 * struct segoff_remcsum - a remote checksum, found
 * @base: the byte behind the tunnel header, from the start of the packet
 * @start: where the sum begins, from @base
 * @offset: where the checksum is, from @base
 * @udp: index of the tunnel's UDP header in the stack
 */
struct segoff_remcsum {
	uint32_t base;
	uint16_t start;
	uint16_t offset;
	uint16_t udp;
};

/**
 * segoff_remcsum_find() - does a tunnel header speak of a checksum?
 * @pkt: the packet
 * @st: from segoff_dissect() or segoff_dissect_ports()
 * @r: receives it; of several the outermost
 *
 * After coalescing by Linux the header still speaks of one that is long
 * finished or an ordinary partial one (R-Q-11): the bytes do not show whether
 * a superpacket was taken in front of an offload or behind GRO. What is known
 * beside the packet decides; where nothing is, as in a capture, segoff_infer()
 * takes the header's word for it.
 * Source: vxlan_remcsum, gue_remcsum.
 *
 * Return: 1; 0: no; -EINVAL: what it says is impossible (a receiver drops it).
 */
SEGOFF_API int segoff_remcsum_find(const struct segoff_pkt *pkt,
				   const struct segoff_stack *st,
				   struct segoff_remcsum *r);

/**
 * segoff_remcsum_partial() - receive it as an ordinary partial checksum
 * @r: where it is
 * @meta: receives ip_summed, csum_start, csum_offset; the rest is unchanged
 *
 * What Linux does by default: nothing is written, and whoever needs the checksum
 * finishes it.
 * Source: skb_remcsum_process.
 *
 * Return: 0; -EINVAL if csum_start does not fit 16 bits.
 */
SEGOFF_API int segoff_remcsum_partial(const struct segoff_remcsum *r,
				      struct segoff_meta *meta);

/**
 * segoff_remcsum_complete() - write it, out of the outer checksum
 * @pkt: the packet; its bytes are changed
 * @st: its headers
 * @r: where it is
 *
 * The outer checksum must have been found right; it will not be afterwards, but
 * nobody asks it again. No payload is read. A UDP checksum that comes to
 * 0 is stored as 0xffff, which Linux forgets.
 * Source: remcsum_adjust.
 *
 * Return: 0; -EINVAL if the outer UDP header has no checksum, or the field is
 * not in the first piece.
 */
SEGOFF_API int segoff_remcsum_complete(const struct segoff_pkt *pkt,
				       const struct segoff_stack *st,
				       const struct segoff_remcsum *r);

#ifdef __cplusplus
}
#endif

#endif

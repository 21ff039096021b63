/* SPDX-License-Identifier: MIT */
/* segoff/meta.h - what travels beside a packet, and virtio_net_hdr */
#ifndef SEGOFF_META_H
#define SEGOFF_META_H

#include <segoff/base.h>
#include <segoff/packet.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * gso_type bits: the kernel's SKB_GSO_* (include/linux/skbuff.h, 6.18).
 */
#define SEGOFF_GSO_TCPV4	     (UINT32_C(1) << 0)
#define SEGOFF_GSO_DODGY	     (UINT32_C(1) << 1)
#define SEGOFF_GSO_TCP_ECN	     (UINT32_C(1) << 2)
#define SEGOFF_GSO_TCPV6	     (UINT32_C(1) << 4)
#define SEGOFF_GSO_FCOE		     (UINT32_C(1) << 5)
#define SEGOFF_GSO_GRE		     (UINT32_C(1) << 6)
#define SEGOFF_GSO_GRE_CSUM	     (UINT32_C(1) << 7)
#define SEGOFF_GSO_IPXIP4	     (UINT32_C(1) << 8)
#define SEGOFF_GSO_IPXIP6	     (UINT32_C(1) << 9)
#define SEGOFF_GSO_UDP_TUNNEL	     (UINT32_C(1) << 10)
#define SEGOFF_GSO_UDP_TUNNEL_CSUM   (UINT32_C(1) << 11)
#define SEGOFF_GSO_PARTIAL	     (UINT32_C(1) << 12)
#define SEGOFF_GSO_TUNNEL_REMCSUM    (UINT32_C(1) << 13)
#define SEGOFF_GSO_SCTP		     (UINT32_C(1) << 14)
#define SEGOFF_GSO_ESP		     (UINT32_C(1) << 15)
#define SEGOFF_GSO_UDP		     (UINT32_C(1) << 16)
#define SEGOFF_GSO_UDP_L4	     (UINT32_C(1) << 17)
#define SEGOFF_GSO_FRAGLIST	     (UINT32_C(1) << 18)
#define SEGOFF_GSO_TCP_ACCECN	     (UINT32_C(1) << 19)
#define SEGOFF_GSO_TCP_FIXEDID	     (UINT32_C(1) << 30)
#define SEGOFF_GSO_TCP_FIXEDID_INNER (UINT32_C(1) << 31)

/* gso_size of a superpacket that is a list of members (SCTP) */
#define SEGOFF_GSO_BY_FRAGS 0xffffu

/* What is known of a packet's checksum: the kernel's CHECKSUM_*. */
enum segoff_checksum {
	SEGOFF_CHECKSUM_NONE = 0,
	SEGOFF_CHECKSUM_UNNECESSARY,
	SEGOFF_CHECKSUM_COMPLETE,
	SEGOFF_CHECKSUM_PARTIAL,
};

/**
 * struct segoff_meta - what travels beside a packet (the kernel's sk_buff)
 * @gso_type: SEGOFF_GSO_* bits
 * @gso_size: payload bytes per segment; 0: not a superpacket
 * @gso_segs: number of segments; 0: not computed
 * @hdr_len: length of all headers; a hint that nothing here relies on
 * @ip_summed: enum segoff_checksum
 * @encapsulation: the inner offsets are valid
 * @csum_start: PARTIAL: where the sum begins
 * @csum_offset: PARTIAL: where the result goes, from @csum_start
 * @protocol: EtherType of the outermost IP header, if known, else 0
 * @mac_off: outermost link header
 * @net_off: outermost IP header
 * @th_off: outermost transport or GRE header
 * @inner_mac_off: innermost link header, if @encapsulation and there is one,
 *	else 0
 * @inner_net_off: IP header behind the outermost tunnel, if @encapsulation.
 *	Segmentation repeats what is between that tunnel's UDP header and here
 *	as it is, so it must be 0 if there are more tunnels
 * @inner_th_off: innermost transport header, if @encapsulation
 * @inner_protocol: EtherType of the inner packet, if @encapsulation
 *
 * A packet is a superpacket exactly when @gso_size is not 0. Offsets that were
 * not computed are 0; segmentation walks the headers itself.
 */
struct segoff_meta {
	uint32_t gso_type;
	uint16_t gso_size;
	uint16_t gso_segs;
	uint16_t hdr_len;
	uint8_t ip_summed;
	bool encapsulation;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t protocol;
	uint16_t mac_off;
	uint16_t net_off;
	uint16_t th_off;
	uint16_t inner_mac_off;
	uint16_t inner_net_off;
	uint16_t inner_th_off;
	uint16_t inner_protocol;
};

/**
 * segoff_meta_describe() - fill in what metadata says of headers
 * @pkt: the packet
 * @st: its headers, from segoff_dissect()
 * @meta: receives protocol and all offsets; and if there are tunnels,
 *	encapsulation and their bits of gso_type, which are added. The rest
 *	stays, and so does all if the walk did not reach TCP, UDP or SCTP
 *
 * A tunnel's checksum that is there is one to be made; a remote one stays a
 * seed, though after GRO it is an ordinary partial one (quirk). Where there is
 * more than one tunnel, inner_mac_off and inner_net_off stay 0: what they would
 * step over has lengths and checksums of its own.
 */
SEGOFF_API void segoff_meta_describe(const struct segoff_pkt *pkt,
				     const struct segoff_stack *st,
				     struct segoff_meta *meta);

/* virtio_net_hdr.flags */
#define SEGOFF_VNET_NEEDS_CSUM	    1u
#define SEGOFF_VNET_DATA_VALID	    2u
#define SEGOFF_VNET_RSC_INFO	    4u
#define SEGOFF_VNET_UDP_TUNNEL_CSUM 8u

/* virtio_net_hdr.gso_type */
#define SEGOFF_VNET_GSO_NONE		0u
#define SEGOFF_VNET_GSO_TCPV4		1u
#define SEGOFF_VNET_GSO_UDP		3u
#define SEGOFF_VNET_GSO_TCPV6		4u
#define SEGOFF_VNET_GSO_UDP_L4		5u
#define SEGOFF_VNET_GSO_UDP_TUNNEL_IPV4 0x20u
#define SEGOFF_VNET_GSO_UDP_TUNNEL_IPV6 0x40u
#define SEGOFF_VNET_GSO_ECN		0x80u

/* Who takes a header from a writer: each adds rules of its own. */
enum segoff_writer {
	SEGOFF_WRITER_NONE = 0, /* only what every reader demands */
	SEGOFF_WRITER_TUN,
	SEGOFF_WRITER_TAP,
	SEGOFF_WRITER_PACKET, /* AF_PACKET with PACKET_VNET_HDR */
};

/**
 * struct segoff_vnet_opts - how a virtio_net_hdr is read or written
 * @sz: sizeof(struct segoff_vnet_opts), always to be set
 * @writer: enum segoff_writer; decode only
 * @big_endian: plain fields are big endian; else little endian
 * @tunnel: UDP tunnel GSO was negotiated (TUN_F_UDP_TUNNEL_GSO)
 * @tunnel_csum: and its checksum (TUN_F_UDP_TUNNEL_GSO_CSUM)
 * @data_valid: encode: say DATA_VALID for CHECKSUM_UNNECESSARY
 * @vlan_outside: encode: a VLAN tag will be put into the frame (4 bytes). As
 *	in Linux csum_start then counts it, and the tunnel's offsets do not
 * @headroom: decode: bytes that the reader keeps before the frame
 * @mtu: decode, SEGOFF_WRITER_PACKET: MTU of the device; 0: no limit
 *
 * Tunnel and hash fields are little endian always, and with a tunnel type so
 * are the plain ones (include/linux/virtio_net.h).
 */
struct segoff_vnet_opts {
	uint32_t sz;
	uint8_t writer;
	bool big_endian;
	bool tunnel;
	bool tunnel_csum;
	bool data_valid;
	bool vlan_outside;
	uint16_t headroom;
	uint32_t mtu;
};

/**
 * segoff_vnet_decode() - virtio_net_hdr to metadata, by Linux's own rules
 * @hdr: the header
 * @size: its size: 10, 12, 20 or 24; other sizes from 10 on are read as 10,
 *	and tunnel types need 24
 * @pkt: the frame that follows the header
 * @o: options; NULL: little endian, no tunnel types, no writer's rules
 * @meta: receives the metadata
 * @why: receives the rule that was broken; may be NULL
 *
 * A packet that claims to be a superpacket but fits one segment comes back as
 * an ordinary one (@meta->gso_size 0), as in the kernel. Every superpacket is
 * marked SEGOFF_GSO_DODGY.
 * Source: virtio_net_hdr_to_skb, virtio_net_hdr_tnl_to_skb, tun_get_user,
 * packet_snd (R-META-1 to 16).
 *
 * Return: 0; -EINVAL if Linux refuses it; -EMSGSIZE if an AF_PACKET socket
 * would (frame above the MTU and no GSO). @meta is then all zero.
 */
SEGOFF_API int segoff_vnet_decode(const void *hdr, size_t size,
				  const struct segoff_pkt *pkt,
				  const struct segoff_vnet_opts *o,
				  struct segoff_meta *meta,
				  enum segoff_verdict *why);

/**
 * segoff_vnet_encode() - metadata to virtio_net_hdr
 * @meta: metadata
 * @hdr: receives the header
 * @size: its size: 10, 12, 20 or 24
 * @o: options; NULL: little endian, no tunnel types
 *
 * Source: virtio_net_hdr_from_skb, virtio_net_hdr_tnl_from_skb (R-META-17 to
 * 19).
 *
 * Return: 0; -EINVAL if the header cannot say it (UFO, SCTP, a tunnel that was
 * not negotiated or whose outer protocol or inner_net_off is not known, @size
 * not one of the four), or the options do not say their size.
 */
SEGOFF_API int segoff_vnet_encode(const struct segoff_meta *meta, void *hdr,
				  size_t size,
				  const struct segoff_vnet_opts *o);

/**
 * segoff_vnet_size_ok() - would the kernel take this header size?
 * @writer: SEGOFF_WRITER_PACKET (PACKET_VNET_HDR_SZ: 0, 10, 12) or another
 *	(TUNSETVNETHDRSZ: 10 or more)
 * @size: size in bytes
 *
 * Return: true if it would (R-META-14).
 */
SEGOFF_API bool segoff_vnet_size_ok(enum segoff_writer writer, size_t size);

/* TUNSETOFFLOAD bits (linux/if_tun.h) */
#define SEGOFF_TUN_F_CSUM		 0x001u
#define SEGOFF_TUN_F_TSO4		 0x002u
#define SEGOFF_TUN_F_TSO6		 0x004u
#define SEGOFF_TUN_F_TSO_ECN		 0x008u
#define SEGOFF_TUN_F_UFO		 0x010u
#define SEGOFF_TUN_F_USO4		 0x020u
#define SEGOFF_TUN_F_USO6		 0x040u
#define SEGOFF_TUN_F_UDP_TUNNEL_GSO	 0x080u
#define SEGOFF_TUN_F_UDP_TUNNEL_GSO_CSUM 0x100u

/**
 * segoff_tun_offload_ok() - would Linux 6.18 take this TUNSETOFFLOAD set?
 * @bits: SEGOFF_TUN_F_*
 *
 * Source: drivers/net/tun.c set_offload (R-META-20).
 *
 * Return: true if it would; false for EINVAL.
 */
SEGOFF_API bool segoff_tun_offload_ok(uint32_t bits);

#ifdef __cplusplus
}
#endif

#endif

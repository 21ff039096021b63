/* SPDX-License-Identifier: MIT */
/* segoff/gso.h - superpackets into segments */
#ifndef SEGOFF_GSO_H
#define SEGOFF_GSO_H

#include <segoff/base.h>
#include <segoff/meta.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What happens to the transport checksums of segments. */
enum segoff_csum_out {
	SEGOFF_OUT_COMPLETE = 0, /* finished */
	SEGOFF_OUT_PARTIAL, /* seed for the segment; a device finishes it */
	SEGOFF_OUT_KEEP,    /* the input's bytes, untouched */
};

/* segoff_gso_opts.flags */
#define SEGOFF_TRUST_SEED 1u /* use a PARTIAL packet's seed unseen, as Linux */
#define SEGOFF_STRICT	  2u /* refuse also what Linux drops by mistake */

/**
 * struct segoff_gso_opts - how to segment
 * @sz: sizeof(struct segoff_gso_opts), always to be set
 * @flags: SEGOFF_TRUST_SEED, SEGOFF_STRICT
 * @csum: enum segoff_csum_out
 * @frag_id: identification of the Fragment headers of UFO over IPv6, one per
 *	datagram; should not be predictable (RFC 7739)
 * @partial: gso_type bits that a GSO_PARTIAL device takes, those that it takes
 *	only that way included; 0: it is none
 * @ports: UDP ports of tunnels, for packets whose metadata has no offsets and
 *	for tunnels in tunnels; NULL: the well-known ones
 *
 * With @partial a superpacket whose gso_type it covers is cut into partial
 * frames and a tail (segoff_gso_meta_of() says which is which) if @csum is
 * SEGOFF_OUT_PARTIAL; all others are segmented.
 *
 * Without SEGOFF_TRUST_SEED the seed is made anew from the packet's bytes;
 * for a right seed the result is the same. Without SEGOFF_STRICT, three kinds
 * of packets pass that Linux accepts and then loses: a superpacket whose
 * payload fits one segment (it is passed on as one packet), TCPV4 said of an
 * IPv6 packet or the reverse, and eight VLAN tags; and a TCP or UDP_L4
 * checksum without a seed is about the final destination of a Routing header
 * (RFC 8200 8.1), not about the one in the IPv6 header.
 * IPv4 header checksums are always rebuilt in segments.
 */
struct segoff_gso_opts {
	uint32_t sz;
	uint32_t flags;
	uint32_t csum;
	uint32_t frag_id;
	uint32_t partial;
	const struct segoff_ports *ports;
};

/**
 * struct segoff_bound - how much memory the segments need
 * @segs: number of segments, exactly
 * @iovs: scatter: pieces of all segments together, at most
 * @hdr_bytes: scatter: bytes for headers
 * @flat_bytes: flat: bytes for all segments, wherever the memory starts
 * @largest: bytes of the largest segment, exactly
 */
struct segoff_bound {
	size_t segs;
	size_t iovs;
	size_t hdr_bytes;
	size_t flat_bytes;
	size_t largest;
};

/* The most IP headers that segmentation accepts in one packet. */
#define SEGOFF_IP_MAX 5
/* The most tunnel checksums: UDP and GRE behind each IP header but one. */
#define SEGOFF_COVER_MAX (2 * (SEGOFF_IP_MAX - 1))

/**
 * struct segoff_gso - one superpacket being segmented
 *
 * Lives where the caller puts it (the stack will do); every member is
 * private. No clean-up is needed. It refers to the packet's pieces, which
 * must stay while it is used, and to itself: after segoff_gso_init() it must
 * not be copied or moved, and iovecs that it hands out may point into it.
 */
struct segoff_gso {
	/* @private: the payload not yet handed out */
	const uint8_t *at;
	size_t left;
	const struct iovec *piece;
	unsigned int npiece;
	uint32_t skip;
	size_t payload;
	size_t nseg;
	size_t next;
	/* @private: how headers follow from each other, see core/plan.h */
	const void *cpu;
	const uint8_t *head;
	uint32_t size;
	uint32_t hlen;
	uint32_t splice_at;
	uint8_t splice_skip;
	uint8_t splice_len;
	uint8_t nword;
	uint8_t npair;
	uint8_t ncover;
	bool first_differs;
	bool by_bytes;
	bool by_frags;
	bool expand;
	uint8_t ip_summed;
	uint32_t mss;
	uint32_t gso_type;
	uint16_t csum_start;
	uint16_t csum_offset;
	enum segoff_verdict why;
	/* @private: of packets kept as members of a list, see core/fraglist.c */
	struct segoff__list {
		const struct segoff_pkt *member;
		unsigned int link;
		uint32_t from;
		uint32_t l3;
		uint32_t l4;
		uint16_t csum_start;
		uint16_t csum_offset;
		uint8_t version;
		uint8_t flags;
	} list;
	struct segoff__l4 {
		uint32_t seq_at;
		uint32_t seq;
		uint32_t check;
		uint32_t seed;
		uint32_t base;
		uint32_t hlen;
		uint16_t zero;
		uint8_t has_seq;
		uint8_t mode;
	} l4;
	/* @private: as much of these as is counted above */
	uint8_t splice[8];
	uint8_t lead[8];
	struct segoff__pair {
		uint32_t at;
		uint32_t check;
		uint32_t value;
		uint32_t step;
		uint32_t base;
		uint16_t more;
		uint8_t shift;
	} pair[SEGOFF_IP_MAX + 1];
	struct segoff__word {
		uint32_t at;
		uint16_t value;
		uint16_t not_first;
		uint16_t not_last;
		uint8_t is_length;
		uint8_t sum;
	} word[2 * SEGOFF_IP_MAX + SEGOFF_COVER_MAX + 4];
	struct segoff__cover {
		uint32_t start;
		uint32_t check;
		uint32_t base;
		uint32_t seed;
		uint16_t zero;
		bool pseudo;
	} cover[SEGOFF_COVER_MAX];
};

/**
 * segoff_gso_bound() - how much memory any packet like this may need
 * @len: bytes of the packet
 * @niov: pieces of the packet
 * @hdr_len: bytes of its headers at most (255 covers all but long chains of
 *	IPv6 extension headers)
 * @gso_size: its gso_size, SEGOFF_GSO_BY_FRAGS included; 0: not a superpacket
 * @b: receives upper bounds
 *
 * For callers who allocate before they look; segoff_gso_init() gives exact
 * numbers. With segoff_gso_opts.partial the segments are frames, and @largest
 * is not about these: one may be as large as the packet. The rest holds.
 */
SEGOFF_API void segoff_gso_bound(size_t len, unsigned int niov, size_t hdr_len,
				 uint16_t gso_size, struct segoff_bound *b);

/**
 * segoff_gso_init() - begin to segment a superpacket
 * @g: receives the state
 * @pkt: the packet; unchanged, and must stay until the last segment is out
 * @meta: its metadata
 * @o: options; NULL: complete checksums, trust nothing
 * @b: receives how much memory is needed, exactly; may be NULL
 *
 * All checks are made here; what follows cannot fail but for lack of room. A
 * packet that is no superpacket gives one "segment", itself, with a partial
 * checksum dealt with as @o says, so that callers need no second path.
 * Source: skb_mac_gso_segment, inet_gso_segment, ipv6_gso_segment,
 * tcp_gso_segment, __udp_gso_segment, udp4_ufo_fragment, udp6_ufo_fragment,
 * sctp_gso_segment, skb_udp_tunnel_segment, gre_gso_segment, ipip_gso_segment
 * (R-IP-1 to 7, R-TCP-1 to 9, R-UDP-1 to 4, R-UFO-1 to 4, R-SCTP-1 and 2,
 * R-TUN-1 to 9, R-PART-1 to 4).
 *
 * Tunnels may be nested to any depth that SEGOFF_IP_MAX allows; Linux knows one.
 * gso_type then says all that are in it. A UDP header is a tunnel's if gso_type
 * has UDP_TUNNEL or UDP_TUNNEL_CSUM, encapsulation is set, and it is not the
 * one that csum_start or inner_th_off names. The outermost may be of any kind
 * if inner_net_off says where it ends. UDP_TUNNEL_CSUM is about the UDP
 * headers whose checksum is not zero, and about the only one; GRE_CSUM about
 * the GRE headers that are flagged so.
 *
 * A superpacket that is itself a partial frame (SEGOFF_GSO_PARTIAL) is
 * expanded as its device would do it.
 *
 * A superpacket of SCTP (SEGOFF_GSO_SCTP, gso_size SEGOFF_GSO_BY_FRAGS) is a
 * list of members: the first piece of @pkt is its headers, the common header of
 * SCTP being the last, and every further piece holds the chunks of one segment,
 * complete and padded. Chunks behind the headers in the first piece are one
 * member more; pieces of no bytes are none. segoff_sctp_pack() makes members
 * of a queue of chunks, segoff_sctp_members() finds them in a capture. Inside a
 * tunnel whose checksum is made the CRC32c is, too, also where a partial one was
 * asked for; there are no partial frames of it.
 *
 * Return: 0, or
 *  -EINVAL: metadata contradicts the packet, its headers are broken, a field
 *  to be written is not in the first piece, or an option is not known;
 *  -EPROTONOSUPPORT: the kernel has no segmenter for a protocol in it;
 *  -EOPNOTSUPP: ESP, FCoE, GRE with sequence numbers, members of another
 *  protocol than SCTP, packets of 4 GiB or more: not handled here.
 *  segoff_gso_why() then says which.
 */
SEGOFF_API int segoff_gso_init(struct segoff_gso *g,
			       const struct segoff_pkt *pkt,
			       const struct segoff_meta *meta,
			       const struct segoff_gso_opts *o,
			       struct segoff_bound *b);

/**
 * segoff_gso_init_list() - begin to segment a FRAGLIST superpacket
 * @g: receives the state
 * @pkt: the superpacket, as segoff_super_scatter() gives it; its headers may
 *	have been rewritten since
 * @member: the packets behind the first, as segoff_super_members() gives them
 * @n: how many
 * @meta: its metadata
 * @o: options; NULL: complete checksums, trust nothing
 * @b: receives how much memory is needed, exactly; may be NULL
 *
 * Every segment is a member again: its own bytes from the IP header on, behind
 * the link header of @pkt. Lengths, the IPv4 header checksum and identification
 * (that of @pkt + k; its own with TCP_FIXEDID) are made anew, transport headers
 * are not touched. But if addresses or ports of @pkt are not those of the
 * members, all get those of @pkt, and their checksums are updated for it; a UDP
 * checksum of zero stays zero. What else was rewritten in @pkt, the TTL for
 * one, is in the first segment only, as in Linux. Checksums that are PARTIAL
 * are dealt with as @o says.
 *
 * Members that do not make up the payload of @pkt behind its first gso_size
 * bytes, or whose headers are not as long as its own, do not count, and with
 * DODGY none does: then @pkt is segmented by gso_size with fresh checksums, as
 * segoff_gso_init() does it. @member and all that it refers to must stay until
 * the last segment is out.
 * Source: skb_segment_list, __tcp4_gso_segment_list, __tcp6_gso_segment_list,
 * __udp_gso_segment_list (R-TCP-10 to 12, R-UDP-5).
 *
 * Return: 0, or the errors of segoff_gso_init().
 */
SEGOFF_API int segoff_gso_init_list(struct segoff_gso *g,
				    const struct segoff_pkt *pkt,
				    const struct segoff_pkt *member, size_t n,
				    const struct segoff_meta *meta,
				    const struct segoff_gso_opts *o,
				    struct segoff_bound *b);

/**
 * segoff_gso_why() - why the last segoff_gso_init() on @g failed
 * @g: state after a failure
 *
 * Return: a verdict; SEGOFF_V_OK after success.
 */
SEGOFF_API enum segoff_verdict segoff_gso_why(const struct segoff_gso *g);

/**
 * segoff_gso_meta() - what still has to be done to the segments
 * @g: state after segoff_gso_init() succeeded
 * @meta: receives their metadata: gso_size 0; ip_summed, csum_start and
 *	csum_offset of a checksum that was left partial, or that
 *	SEGOFF_OUT_KEEP kept so, else NONE
 *
 * It is the same for all of them, and not always that of the packet: an IPv6
 * header of BIG TCP is gone, UFO is finished whatever the options say, and a
 * superpacket whose checksum was never said to be partial is finished or made
 * partial as well.
 */
SEGOFF_API void segoff_gso_meta(const struct segoff_gso *g,
				struct segoff_meta *meta);

/**
 * segoff_gso_meta_of() - the metadata of one segment
 * @g: state after segoff_gso_init() succeeded
 * @k: which segment, from 0
 * @meta: receives it
 *
 * As segoff_gso_meta(), which is enough unless segoff_gso_opts.partial was
 * used: a partial frame has gso_type, gso_size and gso_segs, a tail of one
 * segment has not. Offsets are not computed.
 * Source: skb_segment (R-PART-2).
 */
SEGOFF_API void segoff_gso_meta_of(const struct segoff_gso *g, size_t k,
				   struct segoff_meta *meta);

/**
 * segoff_gso_next() - the next segment, contiguous, at an exact place
 * @g: state
 * @buf: receives the segment
 * @size: room there
 *
 * Return: bytes of the segment; 0 after the last; -ENOSPC if it does not fit
 * (nothing is lost: call again with more room).
 */
SEGOFF_API ssize_t segoff_gso_next(struct segoff_gso *g, void *buf,
				   size_t size);

/**
 * segoff_gso_flat() - the next segments, each contiguous
 * @g: state
 * @buf: receives their bytes
 * @size: room there
 * @seg: receives where each is
 * @nseg: room there
 *
 * Payload is copied and summed in one pass, to a cache line of its own; the
 * headers end where it starts. So segments do not touch each other.
 *
 * Return: number of segments written, as many as fit; 0 after the last;
 * -ENOSPC if not one fits.
 */
SEGOFF_API ssize_t segoff_gso_flat(struct segoff_gso *g, void *buf, size_t size,
				   struct iovec *seg, size_t nseg);

/**
 * struct segoff_scatter - room for segments without their payload
 * @hdr: receives headers
 * @hdr_size: room there
 * @iov: receives pieces, ready for writev() or sendmmsg()
 * @niov: room there
 * @pieces: receives the number of pieces of each segment
 * @nseg: room there
 */
struct segoff_scatter {
	void *hdr;
	size_t hdr_size;
	struct iovec *iov;
	size_t niov;
	unsigned int *pieces;
	size_t nseg;
};

/**
 * segoff_gso_scatter() - the next segments, without copying any payload
 * @g: state
 * @out: where to; unchanged
 *
 * A segment is its header in @out->hdr followed by references into the
 * packet: two pieces, more where a piece of the packet ends inside it.
 *
 * Return: number of segments written, as many as fit; 0 after the last;
 * -ENOSPC if not one fits.
 */
SEGOFF_API ssize_t segoff_gso_scatter(struct segoff_gso *g,
				      const struct segoff_scatter *out);

/**
 * segoff_segment() - the simple form: one contiguous packet in, all segments
 * out
 * @pkt: the packet
 * @len: its bytes
 * @link: what it begins with
 * @meta: its metadata
 * @o: options or NULL
 * @buf: receives the segments
 * @size: room there
 * @seg: receives where each is
 * @nseg: room there
 *
 * Return: number of segments; errors of segoff_gso_init(); -ENOSPC if they do
 * not all fit.
 */
SEGOFF_API ssize_t segoff_segment(const void *pkt, size_t len,
				  enum segoff_link link,
				  const struct segoff_meta *meta,
				  const struct segoff_gso_opts *o, void *buf,
				  size_t size, struct iovec *seg, size_t nseg);

/**
 * segoff_gso_network_seglen() - bytes of a full segment from the IP header on
 * @pkt: the packet
 * @meta: its metadata
 *
 * What a router compares with the MTU, from the outermost IP header on; never
 * the superpacket's own size. Of a superpacket by members it is the largest one
 * (R-SCTP-5).
 * Source: skb_gso_network_seglen, which does not count the Fragment header
 * that UFO over IPv6 will need (8 bytes). For a packet that is no superpacket,
 * all its bytes from the IP header on, or behind the link header (PPPoE and MPLS
 * labels included) if there is none.
 *
 * Return: bytes, or the errors of segoff_gso_init().
 */
SEGOFF_API ssize_t segoff_gso_network_seglen(const struct segoff_pkt *pkt,
					     const struct segoff_meta *meta);

/**
 * segoff_gso_mac_seglen() - the same from the first byte of the frame on
 * @pkt: the packet
 * @meta: its metadata
 *
 * Source: skb_gso_mac_seglen.
 *
 * Return: bytes, or the errors of segoff_gso_init().
 */
SEGOFF_API ssize_t segoff_gso_mac_seglen(const struct segoff_pkt *pkt,
					 const struct segoff_meta *meta);

/**
 * segoff_gso_seglen_ports() - both, with other UDP ports of tunnels
 * @pkt: the packet
 * @ports: as in struct segoff_gso_opts; NULL: the well-known ones, as the
 *	functions around this one have it
 * @meta: its metadata
 * @mac: receives bytes of a full segment from the first byte of the frame on;
 *	may be NULL; unchanged by an error
 *
 * Ports matter where @meta does not say where a tunnel ends.
 * Source: as segoff_gso_network_seglen() and segoff_gso_mac_seglen().
 *
 * Return: bytes from the outermost IP header on, or the errors of
 * segoff_gso_init().
 */
SEGOFF_API ssize_t segoff_gso_seglen_ports(const struct segoff_pkt *pkt,
					   const struct segoff_ports *ports,
					   const struct segoff_meta *meta,
					   size_t *mac);

/**
 * segoff_gso_fits() - do the segments fit this MTU?
 * @pkt: the packet
 * @meta: its metadata
 * @mtu: bytes that the network layer may have
 *
 * Source: skb_gso_validate_network_len (R-FIN-1).
 *
 * Return: 1 yes, 0 no, or the errors of segoff_gso_init().
 */
SEGOFF_API int segoff_gso_fits(const struct segoff_pkt *pkt,
			       const struct segoff_meta *meta, size_t mtu);

#ifdef __cplusplus
}
#endif

#endif

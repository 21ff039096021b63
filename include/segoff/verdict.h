/* SPDX-License-Identifier: MIT */
/* segoff/verdict.h - why something is as it is */
#ifndef SEGOFF_VERDICT_H
#define SEGOFF_VERDICT_H

#include <segoff/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum segoff_verdict - why something is as it is
 *
 * A verdict explains; it is not an error code. Each has a name (stable, for
 * scripts) and one English sentence. The comments are short forms of it.
 */
enum segoff_verdict {
	SEGOFF_V_OK = 0, /* nothing to remark */
	SEGOFF_V_OPTS,	 /* the options' size is not set */

	/* where a walk over the headers ended */
	SEGOFF_V_TRUNCATED,  /* a header ends after the packet, or its first
				piece, does */
	SEGOFF_V_LINK,	     /* link type not known */
	SEGOFF_V_NOT_IP,     /* neither IPv4 nor IPv6 */
	SEGOFF_V_VLAN_DEPTH, /* more than 8 VLAN tags */
	SEGOFF_V_IP_HEADER,  /* version or header length impossible */
	SEGOFF_V_EXT_HEADER, /* IPv6 extension header not walked */
	SEGOFF_V_FRAGMENT,   /* an IP fragment */
	SEGOFF_V_TUNNEL,     /* a tunnel that is not looked into */
	SEGOFF_V_TRANSPORT,  /* transport protocol not known here */
	SEGOFF_V_TCP_HEADER, /* TCP data offset impossible */
	SEGOFF_V_DEPTH,	     /* too many headers */
	SEGOFF_V_GRE_SEQ,    /* GRE with sequence numbers */

	/* why metadata was refused (R-META-*) */
	SEGOFF_V_META_SHORT,	 /* header shorter than its layout */
	SEGOFF_V_META_TYPE,	 /* gso_type unknown */
	SEGOFF_V_META_SIZE,	 /* gso_size 0 or 65535 */
	SEGOFF_V_META_CSUM_END,	 /* checksum field beyond the frame */
	SEGOFF_V_META_CSUM_LOW,	 /* csum_start inside the IP header */
	SEGOFF_V_META_CSUM_HIGH, /* csum_start does not fit 16 bits */
	SEGOFF_V_META_CSUM_OFF,	 /* csum_offset not that of the protocol */
	SEGOFF_V_META_UDP_CSUM,	 /* UDP GSO without NEEDS_CSUM */
	SEGOFF_V_META_UDP_ECN,	 /* UDP GSO with the ECN bit */
	SEGOFF_V_META_UDP_SEGS,	 /* UDP GSO of more than 128 segments */
	SEGOFF_V_META_HDR_LEN,	 /* hdr_len beyond the frame or below 14 */
	SEGOFF_V_META_FRAME,	 /* frame too short for its headers */
	SEGOFF_V_META_VERSION,	 /* neither IPv4 nor IPv6 on a TUN device */
	SEGOFF_V_META_L4,	 /* protocol is not the one gso_type names */
	SEGOFF_V_META_MTU,	 /* frame above the MTU and no GSO */
	SEGOFF_V_META_TNL_OFF,	 /* tunnel types were not negotiated */
	SEGOFF_V_META_TNL_BOTH,	 /* outer IPv4 and outer IPv6 at once */
	SEGOFF_V_META_TNL_INNER, /* no inner GSO type, or UFO */
	SEGOFF_V_META_TNL_CSUM,	 /* tunnel type without NEEDS_CSUM */
	SEGOFF_V_META_TNL_ORDER, /* tunnel offsets out of order */

	/* why a superpacket cannot be segmented */
	SEGOFF_V_GSO_TYPE,	 /* gso_type contradicts the packet */
	SEGOFF_V_GSO_CSUM_START, /* csum_start is not the transport header */
	SEGOFF_V_GSO_SMALL, /* payload not above gso_size (Linux drops it) */
	SEGOFF_V_GSO_UNSUPPORTED, /* a kind of superpacket not handled */

	/* where an inferred gso_size comes from, surest first */
	SEGOFF_V_FROM_META,    /* metadata of the packet */
	SEGOFF_V_FROM_LENGTHS, /* a partial frame's lengths */
	SEGOFF_V_FROM_CALLER,  /* the caller said so */
	SEGOFF_V_FROM_SYN,     /* MSS in the flow's SYN */
	SEGOFF_V_FROM_FLOW,    /* neighbours in the flow */
	SEGOFF_V_FROM_MTU,     /* no better than the MTU */

	/* why a packet without metadata is not cut */
	SEGOFF_V_WIRE_SIZE,  /* already of wire size */
	SEGOFF_V_UDP_UNSURE, /* nothing makes its datagram size certain */
	SEGOFF_V_SNAPLEN,    /* cut short by the capture's snap length */
	SEGOFF_V_TRAILER,    /* bytes behind the IP packet */
	SEGOFF_V_CSUM_WRONG, /* checksum neither good nor partial */
	SEGOFF_V_MTU_LIMIT,  /* no way to cut it keeps within the limit */
	SEGOFF_V_SCTP_CHUNK, /* length of an SCTP chunk impossible */

	/* why a packet was not merged into what is held of its flow */
	SEGOFF_V_GRO_FIRST,	 /* nothing is held of its flow */
	SEGOFF_V_GRO_LINK,	 /* link header or VLAN tag differs */
	SEGOFF_V_GRO_TUNNEL,	 /* tunnel header differs */
	SEGOFF_V_GRO_NESTED,	 /* tunnels that Linux does not look behind */
	SEGOFF_V_GRO_IP,	 /* TTL, DSCP, ECN, DF, flow label ... */
	SEGOFF_V_GRO_ID,	 /* identification neither counts nor stays */
	SEGOFF_V_GRO_SEQ,	 /* not the next sequence number */
	SEGOFF_V_GRO_ACK,	 /* acknowledgment differs */
	SEGOFF_V_GRO_FLAGS,	 /* TCP flags differ, or end what is held */
	SEGOFF_V_GRO_WINDOW,	 /* window differs */
	SEGOFF_V_GRO_URGENT,	 /* urgent pointer differs */
	SEGOFF_V_GRO_OPTIONS,	 /* TCP options differ */
	SEGOFF_V_GRO_EMPTY,	 /* no payload */
	SEGOFF_V_GRO_LARGER,	 /* more payload than the first packet's */
	SEGOFF_V_GRO_FULL,	 /* size or number of packets at its limit */
	SEGOFF_V_GRO_LENGTH,	 /* length field is not what is there */
	SEGOFF_V_GRO_IP_OPTIONS, /* IPv4 options */
	SEGOFF_V_GRO_RESERVED,	 /* reserved bit: IPv4 flags, GRE */
	SEGOFF_V_GRO_CSUM,	 /* checksum is wrong */
	SEGOFF_V_GRO_PARTIAL,	 /* checksum is only partial */
	SEGOFF_V_GRO_CSUM_NONE,	 /* UDP without checksum */
	SEGOFF_V_GRO_CSUM_FORM,	 /* right, but the other form of zero */
	SEGOFF_V_GRO_SUMMED,	 /* what is known of checksums differs */
	SEGOFF_V_GRO_SUPER,	 /* a superpacket that cannot be merged */
	SEGOFF_V_GRO_HEADERS,	 /* headers longer than 512 bytes */
	SEGOFF_V_GRO_UDP_OFF,	 /* UDP was not asked for */

	SEGOFF_V_COUNT
};

/**
 * segoff_verdict_name() - short stable name of a verdict, for scripts
 * @v: verdict
 *
 * Return: static text such as "udp-unsure"; "unknown" outside the enum.
 */
SEGOFF_API const char *segoff_verdict_name(enum segoff_verdict v);

/**
 * segoff_verdict_str() - one English sentence for a verdict
 * @v: verdict
 *
 * Return: static text without a final stop.
 */
SEGOFF_API const char *segoff_verdict_str(enum segoff_verdict v);

#ifdef __cplusplus
}
#endif

#endif

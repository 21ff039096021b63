/* SPDX-License-Identifier: MIT */
/* verdict.c - a name and an English sentence for every verdict */
#include <segoff/verdict.h>

static const struct {
	const char *name;
	const char *text;
} words[SEGOFF_V_COUNT] = {
	[SEGOFF_V_OK] = { "ok", "nothing to remark" },
	[SEGOFF_V_OPTS] = { "opts", "the options do not say their size" },
	[SEGOFF_V_TRUNCATED] = { "truncated",
				 "a header ends after the packet, or its "
				 "first piece, does" },
	[SEGOFF_V_LINK] = { "link", "the link type is not known" },
	[SEGOFF_V_NOT_IP] = { "not-ip", "neither IPv4 nor IPv6 inside" },
	[SEGOFF_V_VLAN_DEPTH] = { "vlan-depth", "more than 8 VLAN tags" },
	[SEGOFF_V_IP_HEADER] = { "ip-header",
				 "IP version or header length is impossible" },
	[SEGOFF_V_EXT_HEADER] = { "ext-header",
				  "an IPv6 extension header other than "
				  "Hop-by-Hop, Routing, Destination" },
	[SEGOFF_V_FRAGMENT] = { "fragment", "an IP fragment" },
	[SEGOFF_V_TUNNEL] = { "tunnel", "a tunnel, not looked into" },
	[SEGOFF_V_TRANSPORT] = { "transport",
				 "transport protocol is neither TCP, UDP nor "
				 "SCTP" },
	[SEGOFF_V_TCP_HEADER] = { "tcp-header", "TCP data offset is below 5" },
	[SEGOFF_V_DEPTH] = { "depth", "too many headers" },
	[SEGOFF_V_GRE_SEQ] = { "gre-seq",
			       "GRE with sequence numbers, which would have "
			       "to count packets that are not there yet" },

	[SEGOFF_V_META_SHORT] = { "meta-short", "virtio_net_hdr is cut short" },
	[SEGOFF_V_META_TYPE] = { "meta-type", "gso_type is not known" },
	[SEGOFF_V_META_SIZE] = { "meta-size", "gso_size is 0 or 65535" },
	[SEGOFF_V_META_CSUM_END] = { "meta-csum-end",
				     "csum_start and csum_offset, or the "
				     "transport header, lie beyond the frame" },
	[SEGOFF_V_META_CSUM_LOW] = { "meta-csum-low",
				     "csum_start lies inside the IP header" },
	[SEGOFF_V_META_CSUM_HIGH] = { "meta-csum-high",
				      "csum_start does not fit the kernel's "
				      "16 bits" },
	[SEGOFF_V_META_CSUM_OFF] = { "meta-csum-offset",
				     "csum_offset is not that of the protocol "
				     "in gso_type" },
	[SEGOFF_V_META_UDP_CSUM] = { "meta-udp-csum",
				     "UDP segmentation without NEEDS_CSUM" },
	[SEGOFF_V_META_UDP_ECN] = { "meta-udp-ecn",
				    "UDP segmentation with the ECN bit" },
	[SEGOFF_V_META_UDP_SEGS] = { "meta-udp-segs",
				     "UDP segmentation into more than 128 "
				     "datagrams" },
	[SEGOFF_V_META_HDR_LEN] = { "meta-hdr-len",
				    "hdr_len is beyond the frame, or below an "
				    "Ethernet header" },
	[SEGOFF_V_META_FRAME] = { "meta-frame",
				  "frame too short for the headers named" },
	[SEGOFF_V_META_VERSION] = { "meta-version",
				    "packet is neither IPv4 nor IPv6" },
	[SEGOFF_V_META_L4] = { "meta-l4",
			       "transport protocol is not the one that "
			       "gso_type names" },
	[SEGOFF_V_META_MTU] = { "meta-mtu",
				"frame above the MTU, and not to be "
				"segmented" },
	[SEGOFF_V_META_TNL_OFF] = { "meta-tunnel-off",
				    "tunnel segmentation was not negotiated" },
	[SEGOFF_V_META_TNL_BOTH] = { "meta-tunnel-both",
				     "outer IPv4 and outer IPv6 at once" },
	[SEGOFF_V_META_TNL_INNER] = { "meta-tunnel-inner",
				      "tunnel segmentation without an inner "
				      "type, or with UFO" },
	[SEGOFF_V_META_TNL_CSUM] = { "meta-tunnel-csum",
				     "tunnel segmentation without "
				     "NEEDS_CSUM" },
	[SEGOFF_V_META_TNL_ORDER] = { "meta-tunnel-order",
				      "tunnel header offsets are out of "
				      "order" },

	[SEGOFF_V_GSO_TYPE] = { "gso-type", "gso_type contradicts the packet" },
	[SEGOFF_V_GSO_CSUM_START] = { "gso-csum-start",
				      "csum_start is not the transport "
				      "header" },
	[SEGOFF_V_GSO_SMALL] = { "gso-small", "payload is not above gso_size" },
	[SEGOFF_V_GSO_UNSUPPORTED] = { "gso-unsupported",
				       "this kind of superpacket is not "
				       "segmented here" },

	[SEGOFF_V_FROM_META] = { "from-meta",
				 "size from the packet's metadata" },
	[SEGOFF_V_FROM_LENGTHS] = { "from-lengths",
				    "size from its own lengths, which are "
				    "those of one segment" },
	[SEGOFF_V_FROM_CALLER] = { "from-caller", "size given by the caller" },
	[SEGOFF_V_FROM_SYN] = { "from-syn", "size from the MSS in the SYN" },
	[SEGOFF_V_FROM_FLOW] = { "from-flow",
				 "size from neighbours in the flow" },
	[SEGOFF_V_FROM_MTU] = { "from-mtu", "size guessed from the MTU alone" },

	[SEGOFF_V_WIRE_SIZE] = { "wire-size", "already of wire size" },
	[SEGOFF_V_UDP_UNSURE] = { "udp-unsure",
				  "a large UDP packet, and nothing makes its "
				  "datagram size certain" },
	[SEGOFF_V_SNAPLEN] = { "snaplen", "cut short by the snap length" },
	[SEGOFF_V_TRAILER] = { "trailer",
			       "there are bytes behind the IP packet" },
	[SEGOFF_V_CSUM_WRONG] = { "csum-wrong",
				  "checksum is really wrong: neither right "
				  "nor partial" },
	[SEGOFF_V_MTU_LIMIT] = { "mtu-limit",
				 "no way to cut it keeps within the MTU" },
	[SEGOFF_V_SCTP_CHUNK] = { "sctp-chunk",
				  "the length of an SCTP chunk is impossible" },

	[SEGOFF_V_GRO_FIRST] = { "gro-first", "nothing of its flow is held" },
	[SEGOFF_V_GRO_LINK] = { "gro-link",
				"link header, VLAN tag or kind of headers "
				"differs" },
	[SEGOFF_V_GRO_TUNNEL] = { "gro-tunnel", "tunnel header differs" },
	[SEGOFF_V_GRO_NESTED] = { "gro-nested",
				  "Linux looks behind one tunnel only, not "
				  "behind GRE with a checksum in UDP, nor "
				  "behind GUE with flags it does not know" },
	[SEGOFF_V_GRO_IP] = { "gro-ip",
			      "IP header differs: TTL, DSCP, ECN, DF, flow "
			      "label or extension headers" },
	[SEGOFF_V_GRO_ID] = { "gro-id",
			      "IPv4 identification neither counts nor stays" },
	[SEGOFF_V_GRO_SEQ] = { "gro-seq", "not the next sequence number" },
	[SEGOFF_V_GRO_ACK] = { "gro-ack", "acknowledgment number differs" },
	[SEGOFF_V_GRO_FLAGS] = { "gro-flags",
				 "TCP flags or header length differ" },
	[SEGOFF_V_GRO_WINDOW] = { "gro-window", "TCP window differs" },
	[SEGOFF_V_GRO_URGENT] = { "gro-urgent", "urgent pointer differs" },
	[SEGOFF_V_GRO_OPTIONS] = { "gro-options", "TCP options differ" },
	[SEGOFF_V_GRO_EMPTY] = { "gro-empty", "no payload" },
	[SEGOFF_V_GRO_LARGER] = { "gro-larger",
				  "more payload than the first packet has" },
	[SEGOFF_V_GRO_FULL] = { "gro-full",
				"superpacket is as large as it may be" },
	[SEGOFF_V_GRO_LENGTH] = { "gro-length",
				  "length field is not what is there (padding "
				  "counts)" },
	[SEGOFF_V_GRO_IP_OPTIONS] = { "gro-ip-options", "IPv4 options" },
	[SEGOFF_V_GRO_RESERVED] = { "gro-reserved",
				    "reserved bit set, in the IPv4 flags or in GRE" },
	[SEGOFF_V_GRO_CSUM] = { "gro-csum", "checksum is wrong" },
	[SEGOFF_V_GRO_PARTIAL] = { "gro-partial",
				   "checksum is partial: left for the NIC to "
				   "finish" },
	[SEGOFF_V_GRO_CSUM_NONE] = { "gro-csum-none",
				     "UDP datagram without a checksum" },
	[SEGOFF_V_GRO_CSUM_FORM] = { "gro-csum-form",
				     "checksum is right, but written as the "
				     "other form of zero" },
	[SEGOFF_V_GRO_SUMMED] = { "gro-summed",
				  "its checksum is finished, and the first "
				  "packet's is not, or the reverse" },
	[SEGOFF_V_GRO_SUPER] = { "gro-super",
				 "a superpacket that cannot be merged "
				 "further" },
	[SEGOFF_V_GRO_HEADERS] = { "gro-headers",
				   "headers are longer than 512 bytes" },
	[SEGOFF_V_GRO_UDP_OFF] = { "gro-udp-off",
				   "coalescing of UDP was not asked for" },
};

const char *segoff_verdict_name(enum segoff_verdict v)
{
	return (unsigned int)v < SEGOFF_V_COUNT ? words[v].name : "unknown";
}

const char *segoff_verdict_str(enum segoff_verdict v)
{
	return (unsigned int)v < SEGOFF_V_COUNT ? words[v].text :
						  "unknown verdict";
}

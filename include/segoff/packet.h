/* SPDX-License-Identifier: MIT */
/* segoff/packet.h - packets in memory and the headers they begin with */
#ifndef SEGOFF_PACKET_H
#define SEGOFF_PACKET_H

#include <segoff/base.h>
#include <segoff/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum segoff_link - what a packet begins with
 *
 * The names are those of the LINKTYPE_ registry.
 */
enum segoff_link {
	SEGOFF_LINK_ETHERNET = 0, /* 14 bytes, then VLAN tags */
	SEGOFF_LINK_RAW,	  /* the IP header; version nibble decides */
	SEGOFF_LINK_LINUX_SLL,	  /* 16 bytes (cooked capture v1) */
	SEGOFF_LINK_LINUX_SLL2,	  /* 20 bytes (cooked capture v2) */
	SEGOFF_LINK_NULL,	  /* 4 bytes address family, either order */
	SEGOFF_LINK_LOOP,	  /* the same 4 bytes */
	SEGOFF_LINK_COUNT
};

/**
 * struct segoff_pkt - a packet in the caller's memory, in one piece or more
 * @iov: its pieces, in order; all headers must lie in the first
 * @niov: how many
 * @link: what it begins with, enum segoff_link
 */
struct segoff_pkt {
	const struct iovec *iov;
	unsigned int niov;
	unsigned int link;
};

/* Protocols that a walk can meet. */
enum segoff_proto {
	SEGOFF_P_NONE = 0,
	SEGOFF_P_ETHERNET,
	SEGOFF_P_VLAN,
	SEGOFF_P_SLL,
	SEGOFF_P_SLL2,
	SEGOFF_P_NULL,
	SEGOFF_P_IPV4,
	SEGOFF_P_IPV6,
	SEGOFF_P_TCP,
	SEGOFF_P_UDP,
	SEGOFF_P_MPLS,	    /* the whole label stack (RFC 3032) */
	SEGOFF_P_PPPOE,	    /* with the PPP protocol field (RFC 2516) */
	SEGOFF_P_GRE,	    /* with checksum and key (RFC 2784, 2890) */
	SEGOFF_P_VXLAN,	    /* RFC 7348 */
	SEGOFF_P_VXLAN_GPE, /* draft-ietf-nvo3-vxlan-gpe */
	SEGOFF_P_GENEVE,    /* with options (RFC 8926) */
	SEGOFF_P_GUE,	    /* version 0 (draft-ietf-intarea-gue) */
	SEGOFF_P_TUNNEL,    /* what metadata steps over, whatever it is */
	SEGOFF_P_SCTP,	    /* the common header */
	SEGOFF_P_COUNT
};

#define SEGOFF_LAYERS_MAX 32

/**
 * struct segoff_layer - one header of a packet
 * @proto: enum segoff_proto
 * @off: where it starts
 * @len: its bytes; an IPv6 header includes its extension headers
 */
struct segoff_layer {
	uint16_t proto;
	uint16_t off;
	uint32_t len;
};

/**
 * struct segoff_port - a UDP port behind which a tunnel is
 * @port: destination port
 * @kind: what follows the UDP header, enum segoff_proto: VXLAN, VXLAN_GPE,
 *	GENEVE, GUE, MPLS; IPV4, IPV6 or GRE for Foo over UDP
 */
struct segoff_port {
	uint16_t port;
	uint16_t kind;
};

/**
 * struct segoff_ports - all of them
 * @port: the caller's; must stay while it is referred to
 * @nport: how many; 0: no UDP port is a tunnel
 *
 * Where NULL stands for these, the well-known ones are meant: VXLAN 4789 and
 * 8472, VXLAN-GPE 4790, GENEVE 6081, GUE 6080, MPLS 6635.
 */
struct segoff_ports {
	const struct segoff_port *port;
	unsigned int nport;
};

/**
 * segoff_ports_known() - the well-known ports
 *
 * For callers who want others besides.
 *
 * Return: static table.
 */
SEGOFF_API const struct segoff_ports *segoff_ports_known(void);

/**
 * struct segoff_stack - the headers of a packet, outermost first
 * @layer: the headers; never empty unless the packet is
 * @nlayer: how many
 * @end: why the walk went no further; SEGOFF_V_OK behind TCP, UDP
 *	or the common header of SCTP
 * @ip_proto: protocol number behind the last IP header, or the extension
 *	header that ended the walk; 0 before any IP header
 * @fragment: the last IP header is that of a fragment
 * @net: index of the last IP header in @layer; meaningful if @ip_version
 * @ip_version: 4, 6, or 0 if no IP header was met
 * @payload: where the bytes behind the last header start
 * @len: all bytes of the packet
 */
struct segoff_stack {
	struct segoff_layer layer[SEGOFF_LAYERS_MAX];
	enum segoff_verdict end;
	uint8_t nlayer;
	uint8_t ip_proto;
	bool fragment;
	uint8_t net;
	uint8_t ip_version;
	uint32_t payload;
	size_t len;
};

/**
 * segoff_dissect() - walk the headers of a packet, once
 * @pkt: the packet
 * @st: receives the headers, also if the walk ends early
 *
 * Up to 8 VLAN tags, MPLS, PPPoE, IPv4 with options, IPv6 with any number of
 * Hop-by-Hop, Routing and Destination headers (RFC 8200, 4), TCP, UDP,
 * SCTP (its common header; chunks are payload); and tunnels, one in another: IP
 * in IP, GRE, and behind the well-known UDP ports VXLAN, VXLAN-GPE, GENEVE, GUE,
 * MPLS. The transport header of a fragment is
 * not looked for. Lengths in the headers are not believed and not compared
 * with the bytes that are there.
 *
 * Return: @st->end.
 */
SEGOFF_API enum segoff_verdict segoff_dissect(const struct segoff_pkt *pkt,
					      struct segoff_stack *st);

/**
 * segoff_dissect_ports() - the same with other UDP ports for tunnels
 * @pkt: the packet
 * @ports: which they are; NULL: the well-known ones
 * @st: receives the headers
 *
 * Return: @st->end.
 */
SEGOFF_API enum segoff_verdict
segoff_dissect_ports(const struct segoff_pkt *pkt,
		     const struct segoff_ports *ports, struct segoff_stack *st);

/**
 * segoff_proto_name() - name of a protocol as explanations print it
 * @p: protocol
 *
 * Return: static text such as "ipv4"; "?" outside the enum.
 */
SEGOFF_API const char *segoff_proto_name(enum segoff_proto p);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * proto.h - what a protocol's header is, and how it follows from segment to
 * segment
 *
 * Theory of operation
 * -------------------
 * A packet is a stack of headers. For every protocol there is one table that
 * says what each field holds in segment k of a superpacket, and one function
 * that finds the end of a header and names what comes next. That is all that
 * is known of a protocol. Segmentation writes headers by the table; coalescing
 * demands that a header is what the table predicts; explanations print it.
 *
 *	rule		value in segment k (0-based) of n
 *	SAME		what the superpacket has
 *	LENGTH		bytes from `arg` in this header to the segment's end
 *	COUNT		value + k
 *	OFFSET		value + payload bytes before the segment
 *	FIRST		the bits in `arg` are cleared unless k = 0
 *	LAST		the bits in `arg` are cleared unless k = n - 1
 *	FRAGMENT	SAME; but offset and MF if the cut is behind this header
 *	HEADER_SUM	ones-complement sum over this header
 *	TRANSPORT_SUM	the same over pseudo header, this header and the rest
 *	BODY_SUM	the same over this header and the rest (GRE, if flagged)
 *	CRC32C		CRC32c over this header and the rest
 *
 * A row with `unless` turns into SAME if gso_type has that bit. Rows that are
 * not SAME come first in a table, so that segmentation need not look at the
 * others. To add a protocol: one file, one row in table.c.
 */
#ifndef SEGOFF_CORE_PROTO_H
#define SEGOFF_CORE_PROTO_H

#include <segoff/packet.h>

#include "../bytes.h"

enum segoff__rule {
	RULE_SAME = 0,
	RULE_LENGTH,
	RULE_COUNT,
	RULE_OFFSET,
	RULE_FIRST,
	RULE_LAST,
	RULE_FRAGMENT,
	RULE_HEADER_SUM,
	RULE_TRANSPORT_SUM,
	RULE_BODY_SUM,
	RULE_CRC32C,
};

/**
 * struct segoff__field - one field of a header
 * @name: as the RFC calls it
 * @at: offset in the header
 * @width: bytes; 0: to the end of the header
 * @rule: enum segoff__rule
 * @arg: LENGTH: offset that is counted from; FIRST, LAST: bits
 * @unless: gso_type bit that makes it SAME
 * @differs: why a packet in which it is not as predicted is not merged
 */
struct segoff__field {
	const char *name;
	uint8_t at;
	uint8_t width;
	uint8_t rule;
	uint16_t arg;
	uint32_t unless;
	uint16_t differs;
};

/**
 * struct segoff__hop - what a walk function found
 * @len: bytes of the header
 * @next: protocol behind it; SEGOFF_P_NONE: the walk ends
 * @end: why it ends
 * @ip_proto: IP headers: protocol number behind it
 * @fragment: IP headers: this is a fragment
 * @contradicts: IP headers: the version is not the one that was announced
 */
struct segoff__hop {
	uint32_t len;
	enum segoff_proto next;
	enum segoff_verdict end;
	uint8_t ip_proto;
	bool fragment;
	bool contradicts;
};

/**
 * struct segoff__proto - one protocol
 * @name: as explanations print it
 * @field: its fields, those that vary first
 * @nfield: how many
 * @nvary: how many are not SAME
 * @walk: finds the header's end; @p has @avail bytes, and the walk may say
 *	SEGOFF_V_TRUNCATED
 */
struct segoff__proto {
	const char *name;
	const struct segoff__field *field;
	uint8_t nfield;
	uint8_t nvary;
	void (*walk)(const uint8_t *p, size_t avail, struct segoff__hop *hop);
};

extern const struct segoff__proto segoff__ethernet;
extern const struct segoff__proto segoff__vlan;
extern const struct segoff__proto segoff__sll;
extern const struct segoff__proto segoff__sll2;
extern const struct segoff__proto segoff__null;
extern const struct segoff__proto segoff__ipv4;
extern const struct segoff__proto segoff__ipv6;
extern const struct segoff__proto segoff__tcp;
extern const struct segoff__proto segoff__udp;
extern const struct segoff__proto segoff__mpls;
extern const struct segoff__proto segoff__pppoe;
extern const struct segoff__proto segoff__gre;
extern const struct segoff__proto segoff__vxlan;
extern const struct segoff__proto segoff__vxlan_gpe;
extern const struct segoff__proto segoff__geneve;
extern const struct segoff__proto segoff__gue;
extern const struct segoff__proto segoff__tunnel;
extern const struct segoff__proto segoff__sctp;

/* By enum segoff_proto. */
extern const struct segoff__proto *const segoff__protos[SEGOFF_P_COUNT];

#define IPPROTO_NR_HOPOPTS  0
#define IPPROTO_NR_IPIP	    4
#define IPPROTO_NR_TCP	    6
#define IPPROTO_NR_UDP	    17
#define IPPROTO_NR_IPV6	    41
#define IPPROTO_NR_ROUTING  43
#define IPPROTO_NR_FRAGMENT 44
#define IPPROTO_NR_GRE	    47
#define IPPROTO_NR_DSTOPTS  60
#define IPPROTO_NR_SCTP	    132

#define IPV4_MIN      20
#define IPV6_LEN      40
#define TCP_MIN	      20
#define TCP_SEQ_AT    4
#define TCP_DOFF_AT   12
#define TCP_FLAGS_AT  13
#define TCP_CHECK_AT  16
#define UDP_LEN	      8
#define UDP_LEN_AT    4
#define UDP_CHECK_AT  6
#define SCTP_LEN      12
#define SCTP_CHECK_AT 8
#define FRAG_LEN      8
#define GRE_MIN	      4
#define GRE_CHECK_AT  4
#define GRE_CSUM      0x8000
#define GUE_MIN	      4

/* draft-herbert-gue-extensions; private flags come first, then their fields */
#define GUE_PRIVATE	    0x0001
#define GUE_PRIVATE_REMCSUM 0x80000000u
#define GUE_PRIVATE_AT	    4
#define GUE_REMCSUM_AT	    8

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_URG 0x20
#define TCP_CWR 0x80

/*
 * Does Linux know what the flags of a GUE header say, and is all that there?
 * (validate_gue_flags; @len: bytes of the header.)
 */
bool segoff__gue_known(const uint8_t *p, uint32_t len);

/* Where the checksum of a transport header is, from its start. */
SEGOFF__INLINE uint16_t l4_check_at(unsigned int proto)
{
	if (proto == SEGOFF_P_SCTP)
		return SCTP_CHECK_AT;
	return proto == SEGOFF_P_UDP ? UDP_CHECK_AT : TCP_CHECK_AT;
}

/* The end of a walk. */
SEGOFF__INLINE void hop_end(struct segoff__hop *hop, enum segoff_verdict why)
{
	hop->next = SEGOFF_P_NONE;
	hop->end = why;
}

/* What an EtherType announces (IEEE 802 numbers). */
SEGOFF__INLINE void hop_ethertype(struct segoff__hop *hop, uint16_t type)
{
	if (type == 0x0800)
		hop->next = SEGOFF_P_IPV4;
	else if (type == 0x86dd)
		hop->next = SEGOFF_P_IPV6;
	else if (type == 0x8100 || type == 0x88a8)
		hop->next = SEGOFF_P_VLAN;
	else if (type == 0x8847 || type == 0x8848)
		hop->next = SEGOFF_P_MPLS;
	else if (type == 0x8864)
		hop->next = SEGOFF_P_PPPOE;
	else
		hop_end(hop, SEGOFF_V_NOT_IP);
}

/* What the type in a tunnel's header announces: Ethernet as well. */
SEGOFF__INLINE void hop_tunnel_type(struct segoff__hop *hop, uint16_t type)
{
	if (type == 0x6558)
		hop->next = SEGOFF_P_ETHERNET;
	else
		hop_ethertype(hop, type);
}

/* Nothing announces the IP version but itself. */
SEGOFF__INLINE void hop_version(struct segoff__hop *hop, const uint8_t *p,
				size_t avail)
{
	if (!avail)
		hop_end(hop, SEGOFF_V_TRUNCATED);
	else if (p[0] >> 4 == 4)
		hop->next = SEGOFF_P_IPV4;
	else if (p[0] >> 4 == 6)
		hop->next = SEGOFF_P_IPV6;
	else
		hop_end(hop, SEGOFF_V_NOT_IP);
}

/* Extension headers that are walked over. */
SEGOFF__INLINE bool is_extension(uint8_t nr)
{
	return nr == IPPROTO_NR_HOPOPTS || nr == IPPROTO_NR_ROUTING ||
	       nr == IPPROTO_NR_DSTOPTS;
}

/* What an IP protocol number announces. */
SEGOFF__INLINE void hop_ip_proto(struct segoff__hop *hop, uint8_t nr)
{
	hop->ip_proto = nr;
	if (nr == IPPROTO_NR_TCP)
		hop->next = SEGOFF_P_TCP;
	else if (nr == IPPROTO_NR_UDP)
		hop->next = SEGOFF_P_UDP;
	else if (nr == IPPROTO_NR_SCTP)
		hop->next = SEGOFF_P_SCTP;
	else if (nr == IPPROTO_NR_IPIP)
		hop->next = SEGOFF_P_IPV4;
	else if (nr == IPPROTO_NR_IPV6)
		hop->next = SEGOFF_P_IPV6;
	else if (nr == IPPROTO_NR_GRE)
		hop->next = SEGOFF_P_GRE;
	else
		hop_end(hop, SEGOFF_V_TRANSPORT);
}

/**
 * segoff__port_kind() - what is behind this UDP port?
 * @ports: the caller's table; NULL: the well-known ones
 * @port: destination port
 *
 * Return: enum segoff_proto; NONE: no tunnel.
 */
enum segoff_proto segoff__port_kind(const struct segoff_ports *ports,
				    uint16_t port);

/**
 * segoff__ipv6_unfragmentable() - where a Fragment header goes
 * @p: IPv6 header
 * @len: its bytes with extension headers, complete
 * @next_at: receives the offset of the next-header byte that announces it
 *
 * Source: ip6_find_1stfragopt.
 *
 * Return: offset from @p.
 */
uint32_t segoff__ipv6_unfragmentable(const uint8_t *p, uint32_t len,
				     uint32_t *next_at);

/**
 * segoff__ipv6_final() - the address that the pseudo header uses
 * @p: IPv6 header
 * @len: its bytes with extension headers, complete
 *
 * With a Routing header that is not used up, its last address (RFC 8200 8.1).
 *
 * Return: 16 bytes inside the header.
 */
const uint8_t *segoff__ipv6_final(const uint8_t *p, uint32_t len);

#endif

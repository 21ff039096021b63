/* SPDX-License-Identifier: MIT */
/* pseudo.h - pseudo headers, and how long an IP packet really is */
#ifndef SEGOFF_CORE_PSEUDO_H
#define SEGOFF_CORE_PSEUDO_H

#include "dissect.h"

/**
 * segoff__pseudo() - sum of a pseudo header without the length
 * @ip: IP header, complete with extension headers
 * @len: its bytes
 * @version: 4 or 6
 * @proto: protocol number of the transport header
 * @final: IPv6: use the final destination of a Routing header
 *
 * RFC 9293 3.1, RFC 8200 8.1. The length is added with words32(): it may
 * exceed 16 bits in a superpacket.
 */
uint32_t segoff__pseudo(const uint8_t *ip, uint32_t len, unsigned int version,
			uint8_t proto, bool final);

/**
 * segoff__length_broken() - can this length field not be believed?
 * @pkt: the packet
 * @st: its headers
 * @l: an IP or UDP header among them
 *
 * It does not cover the headers behind it, or is the true length modulo
 * 65536, or reaches beyond the packet.
 */
bool segoff__length_broken(const struct segoff_pkt *pkt,
			   const struct segoff_stack *st,
			   const struct segoff_layer *l);

/**
 * segoff__ip_end() - where the innermost IP packet ends
 * @pkt: the packet
 * @st: its headers, an IP header among them
 *
 * Return: offset from the start of the packet, by the IP header if it can be
 * believed, else the packet's end.
 */
size_t segoff__ip_end(const struct segoff_pkt *pkt,
		      const struct segoff_stack *st);

/**
 * segoff__ip_end_of() - where the packet of one IP header ends
 * @pkt: the packet
 * @st: its headers
 * @ip: one of them
 *
 * Return: as segoff__ip_end().
 */
size_t segoff__ip_end_of(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st,
			 const struct segoff_layer *ip);

/**
 * segoff__csum_fresh() - a transport checksum from the bytes (csum.c)
 * @pkt: the packet
 * @st: its headers, TCP or UDP among them
 * @final: it is about the final destination of a Routing header
 * @partial: only the seed
 *
 * Return: what the field should hold, as a word.
 */
uint16_t segoff__csum_fresh(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st, bool final,
			    bool partial);

/* Where a tunnel header, UDP or GRE, has its checksum. */
SEGOFF__INLINE size_t segoff__check_of(const struct segoff_layer *l)
{
	return (size_t)l->off + (l->proto == SEGOFF_P_GRE ?
					 GRE_CHECK_AT :
					 l4_check_at(l->proto));
}

/**
 * segoff__pseudo_udp() - sum of the pseudo header of a UDP header (csum.c)
 * @pkt: the packet
 * @st: its headers
 * @udp: one of them
 */
uint32_t segoff__pseudo_udp(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st,
			    const struct segoff_layer *udp);

/**
 * struct segoff__change - a word that will be another
 * @at: where it is
 * @by: what that adds to a sum that begins at an even distance
 */
struct segoff__change {
	size_t at;
	uint16_t by;
};

SEGOFF__INLINE struct segoff__change segoff__change(const uint8_t *head,
						    size_t at, uint16_t value)
{
	return (struct segoff__change){
		at, fold32(value + minus(load_word(head + at)))
	};
}

/**
 * segoff__csum_outer() - a tunnel's checksum from the bytes (csum.c)
 * @pkt: the packet
 * @st: its headers
 * @l: one of them, UDP or GRE with a checksum
 * @change: what will be changed behind it before
 * @n: how many
 *
 * Return: what the field should hold, as a word.
 */
uint16_t segoff__csum_outer(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st,
			    const struct segoff_layer *l,
			    const struct segoff__change *change,
			    unsigned int n);

/**
 * segoff__seed_of_all() - is the transport checksum the seed for all bytes?
 * @pkt: the packet
 * @st: its headers, TCP or UDP among them
 *
 * For all that is there, whatever the IP header says: what a partial frame has
 * (csum.c).
 */
bool segoff__seed_of_all(const struct segoff_pkt *pkt,
			 const struct segoff_stack *st);

#endif

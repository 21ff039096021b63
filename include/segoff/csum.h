/* SPDX-License-Identifier: MIT */
/* segoff/csum.h - the Internet checksum, and the CRC32c of SCTP */
#ifndef SEGOFF_CSUM_H
#define SEGOFF_CSUM_H

#include <segoff/base.h>
#include <segoff/meta.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * segoff_csum_partial() - add bytes to a running Internet checksum (RFC 1071)
 * @buf: bytes, any alignment
 * @len: how many, any number
 * @sum: sum so far, of an even number of bytes; 0 to begin
 *
 * The sum is kept in the order of words in memory, as the kernel's __wsum.
 *
 * Return: the new sum, to be folded once at the end.
 */
SEGOFF_API uint32_t segoff_csum_partial(const void *buf, size_t len,
					uint32_t sum);

/**
 * segoff_csum_fold() - running sum to the 16 bits that a packet carries
 * @sum: from segoff_csum_partial()
 *
 * Return: complemented sum, to be stored with memcpy(), not with htons().
 */
SEGOFF_API uint16_t segoff_csum_fold(uint32_t sum);

/* What a transport checksum turned out to be. */
enum segoff_csum_state {
	SEGOFF_CSUM_NONE = 0, /* there is none to judge (see @why) */
	SEGOFF_CSUM_GOOD,     /* right */
	SEGOFF_CSUM_PARTIAL,  /* only the pseudo-header sum; SCTP: zero */
	SEGOFF_CSUM_ABSENT,   /* zero: not used (UDP) or never filled in */
	SEGOFF_CSUM_WRONG,    /* none of these: damaged or rewritten */
};

/**
 * struct segoff_csum_report - a transport checksum, judged
 * @state: enum segoff_csum_state
 * @why: SEGOFF_V_OK, or why there is none to judge
 * @seed_has_length: PARTIAL: the seed includes the length, as it must; some
 *	senders leave it out
 * @field: where the checksum is
 * @found: what it is; 16 bits, SCTP: 32, as they stand there
 * @right: what it should be
 * @ip_good: every IPv4 header checksum is right (true without IPv4)
 * @outer: the checksums of tunnels (UDP, GRE), the worst of them: NONE if none
 *	has one, GOOD (also if it will be right when a PARTIAL one inside is
 *	finished, as senders leave it), PARTIAL (a seed, or GRE's zero), WRONG
 * @remote: a tunnel header leaves the checksum for the receiver (remote checksum
 *	offload of VXLAN and GUE): PARTIAL is what the wire has
 *
 * All but @outer and @ip_good is about the innermost transport header.
 */
struct segoff_csum_report {
	enum segoff_csum_state state;
	enum segoff_csum_state outer;
	enum segoff_verdict why;
	bool seed_has_length;
	bool ip_good;
	bool remote;
	uint32_t field;
	uint32_t found;
	uint32_t right;
};

/**
 * segoff_csum_verify() - judge a packet's checksums
 * @pkt: the packet
 * @st: from segoff_dissect(), or NULL to have it done
 * @r: receives the judgement
 *
 * The upper-layer length is what the IP header says; if that is impossible
 * (0, 20, beyond the bytes there), all bytes behind the headers. A value
 * that is right and partial at once counts as right. PARTIAL is also the seed
 * for all bytes that are there, which a partial frame has.
 * RFC 9293 3.1, RFC 768, RFC 8200 8.1 (final destination of a Routing
 * header included), RFC 9260 6.8 (CRC32c, which knows no pseudo header; a
 * field of zero is how it is left to a device).
 *
 * Return: @r->state.
 */
SEGOFF_API enum segoff_csum_state
segoff_csum_verify(const struct segoff_pkt *pkt, const struct segoff_stack *st,
		   struct segoff_csum_report *r);

/**
 * segoff_csum_complete() - finish a partial checksum in place
 * @pkt: the packet; its bytes are changed
 * @meta: ip_summed, csum_start, csum_offset say where
 *
 * The field must hold the seed. A result of 0 is stored as 0xffff whatever
 * the protocol. If @meta names the checksum of an SCTP header (offset 8), it
 * is a CRC32c of 32 bits. Nothing is done unless @meta->ip_summed is PARTIAL.
 * Source: skb_checksum_help, skb_crc32c_csum_help (R-DEV-8, R-SCTP-1).
 *
 * Return: 0; -EINVAL if the field is not inside the first piece.
 */
SEGOFF_API int segoff_csum_complete(const struct segoff_pkt *pkt,
				    const struct segoff_meta *meta);

/**
 * segoff_csum_rewrite() - make every checksum right, from the bytes
 * @pkt: the packet; its bytes are changed
 * @st: from segoff_dissect(), or NULL to have it done
 *
 * IPv4 header checksums, the TCP, UDP or SCTP checksum over the bytes that
 * segoff_csum_verify() would sum, and those of tunnels around it. Nothing that
 * is there is trusted. A UDP checksum of zero over IPv4 means "none" and is
 * left so; a checksum that a tunnel leaves for the receiver becomes the seed.
 * Fragments get only their IPv4 header checksum.
 *
 * Return: how many fields changed (0 to one per header).
 */
SEGOFF_API int segoff_csum_rewrite(const struct segoff_pkt *pkt,
				   const struct segoff_stack *st);

/**
 * segoff_length_broken() - is there a length that was never filled in?
 * @pkt: the packet
 * @st: from segoff_dissect(), or NULL to have it done
 *
 * Packets taken above an offload may carry an IPv4 total length of 0 or 20,
 * an IPv6 payload length of 0, or, above 65,535 bytes, the length modulo
 * 65,536: it does not cover the headers behind it, or misses the bytes there
 * by a multiple of 65,536. This is asked of every IP header and of the UDP
 * headers of tunnels. A length that claims more than is there does not count
 * (such a packet was cut short), nor does a jumbogram's.
 *
 * Return: true if so.
 */
SEGOFF_API bool segoff_length_broken(const struct segoff_pkt *pkt,
				     const struct segoff_stack *st);

/**
 * segoff_length_repair() - give IP headers the length that is really there
 * @pkt: the packet; its bytes are changed
 * @st: from segoff_dissect(), or NULL to have it done
 *
 * Only lengths that segoff_length_broken() names, and that of the innermost UDP
 * header if it is behind one of them; only if the true one fits the field. The
 * end of the packet is where an IP header with a sound length says, else where
 * the bytes end. IPv4 header checksums are rebuilt.
 *
 * Return: 1 if something was repaired, else 0.
 */
SEGOFF_API int segoff_length_repair(const struct segoff_pkt *pkt,
				    const struct segoff_stack *st);

#ifdef __cplusplus
}
#endif

#endif

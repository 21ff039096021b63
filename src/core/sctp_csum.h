/* SPDX-License-Identifier: MIT */
/* sctp_csum.h - the CRC32c of SCTP packets */
#ifndef SEGOFF_CORE_SCTP_CSUM_H
#define SEGOFF_CORE_SCTP_CSUM_H

#include <segoff/csum.h>

#include "dissect.h"
#include "pieces.h"

/**
 * segoff__sctp_state() - CRC32c over a common header with a field of zero
 * @sctp: the header
 *
 * Return: the state before the chunks.
 */
uint32_t segoff__sctp_state(const uint8_t *sctp);

/* A final state as the number that store32() writes. */
SEGOFF__INLINE uint32_t segoff__sctp_stored(uint32_t state)
{
	return __builtin_bswap32(~state);
}

/**
 * segoff__sctp_check() - the checksum of a packet, from its bytes
 * @pkt: the packet; its common header lies in the first piece
 * @start: where that header is
 * @len: bytes from there on, 12 at least
 *
 * Return: what load32() should find in the field.
 */
uint32_t segoff__sctp_check(const struct segoff_pkt *pkt, size_t start,
			    size_t len);

/**
 * segoff__sctp_meant() - is the partial checksum the CRC32c of SCTP?
 * @pkt: the packet
 * @meta: its metadata, where a checksum is PARTIAL
 * @ports: which UDP ports are tunnels; NULL: the well-known ones
 * @st: receives the headers if it is
 *
 * The kernel has a bit for it (csum_not_inet), metadata here have not. No other
 * protocol has its checksum there, so it is enough that one of two walks comes
 * to an SCTP header: by what the bytes say, or by what the metadata say.
 */
bool segoff__sctp_meant(const struct segoff_pkt *pkt,
			const struct segoff_meta *meta,
			const struct segoff_ports *ports,
			struct segoff_stack *st);

/* Judge it as segoff_csum_verify() has to; sets all but @r->why, @r->ip_good. */
void segoff__sctp_judge(const struct segoff_pkt *pkt, size_t start, size_t len,
			struct segoff_csum_report *r);

#endif

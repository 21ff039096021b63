/* SPDX-License-Identifier: MIT */
/*
 * sctp_csum.c - the CRC32c of SCTP packets (RFC 9260 6.8)
 *
 * It covers the common header, the field itself taken as zero, and all chunks.
 * It is stored least significant byte first, alone among the protocols here;
 * as a number it is handed about as it stands in the packet.
 */
#include "sctp_csum.h"

uint32_t segoff__sctp_state(const uint8_t *sctp)
{
	static const uint8_t zero[4];
	uint32_t crc = segoff__cpu()->crc(~UINT32_C(0), sctp, SCTP_CHECK_AT);

	return segoff__cpu()->crc(crc, zero, sizeof(zero));
}

uint32_t segoff__sctp_check(const struct segoff_pkt *pkt, size_t start,
			    size_t len)
{
	struct segoff__cursor c = cursor_at(pkt, start + SCTP_LEN);
	uint32_t crc = segoff__sctp_state(segoff__head(pkt) + start);
	const uint8_t *p;
	size_t got;

	for (len -= SCTP_LEN; len; len -= got) {
		p = cursor_take(&c, len, &got);
		if (!got)
			break;
		crc = segoff__cpu()->crc(crc, p, got);
	}
	return segoff__sctp_stored(crc);
}

static bool is_sctp_at(const struct segoff_stack *st, uint16_t at)
{
	return segoff__has_sctp(st) && segoff__last(st)->off == at;
}

bool segoff__sctp_meant(const struct segoff_pkt *pkt,
			const struct segoff_meta *meta,
			const struct segoff_ports *ports,
			struct segoff_stack *st)
{
	const struct segoff__route said = { ports, meta, true };

	if (meta->csum_offset != SCTP_CHECK_AT)
		return false;
	segoff_dissect_ports(pkt, ports, st);
	if (is_sctp_at(st, meta->csum_start))
		return true;
	segoff__walk(pkt, &said, st);
	return is_sctp_at(st, meta->csum_start);
}

void segoff__sctp_judge(const struct segoff_pkt *pkt, size_t start, size_t len,
			struct segoff_csum_report *r)
{
	r->field = (uint32_t)(start + SCTP_CHECK_AT);
	r->found = load32(segoff__head(pkt) + r->field);
	r->right = segoff__sctp_check(pkt, start, len);
	if (r->found == r->right)
		r->state = SEGOFF_CSUM_GOOD;
	else
		r->state = r->found ? SEGOFF_CSUM_WRONG : SEGOFF_CSUM_PARTIAL;
}

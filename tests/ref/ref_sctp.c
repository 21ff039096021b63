/* SPDX-License-Identifier: MIT */
/* ref_sctp.c - the checksum of SCTP packets (RFC 9260 6.8, appendix A) */
#include "ref_nest.h"

uint32_t ref_sctp_check(const uint8_t *sctp, size_t len)
{
	static const uint8_t zero[4];
	uint32_t crc = 0xffffffff;

	crc = ref_crc32c(crc, sctp, 8);
	crc = ref_crc32c(crc, zero, 4);
	crc = ~ref_crc32c(crc, sctp + 12, len - 12);
	/* little endian, alone in the family */
	return (crc & 0xff) << 24 | (crc & 0xff00) << 8 | (crc >> 8 & 0xff00) |
	       crc >> 24;
}

static bool is_at(const struct ref_nest *n, size_t th)
{
	return n->end == SEGOFF_V_OK && n->w.proto == 132 && n->w.th == th &&
	       n->p->len - th >= 12;
}

bool ref_sctp_meant(struct ref_nest *n, const struct segoff_meta *m)
{
	if (m->csum_offset != 8)
		return false;
	n->m = NULL;
	ref_nest_walk(n);
	if (is_at(n, m->csum_start))
		return true;
	n->m = m;
	ref_nest_walk(n);
	return is_at(n, m->csum_start);
}

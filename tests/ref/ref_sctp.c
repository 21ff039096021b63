/* SPDX-License-Identifier: MIT */
/* ref_sctp.c - the members of SCTP superpackets, and the checksum of SCTP */
#include "ref_nest.h"

/* RFC 9260 6.8, appendix A */
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

/*
 * A piece is a member; what is left of the first one behind the headers is one
 * as well. Decision: a piece without bytes is none.
 */
bool ref_member(const struct ref_super *s, size_t k, size_t *from, size_t *len)
{
	const size_t whole = s->p->len;
	const struct ref_pieces one = { &whole, 1 };
	const struct ref_pieces *p = s->pieces ? s->pieces : &one;
	size_t end = 0;

	for (size_t i = 0; i < p->n; i++) {
		*from = end > s->hlen ? end : s->hlen;
		end += p->len[i];
		if (end <= *from)
			continue;
		*len = end - *from;
		if (k-- == 0)
			return true;
	}
	return false;
}

size_t ref_members(const struct ref_super *s, size_t *largest)
{
	size_t n = 0, from, len;

	for (*largest = 0; ref_member(s, n, &from, &len); n++)
		if (len > *largest)
			*largest = len;
	return n;
}

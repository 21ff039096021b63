/* SPDX-License-Identifier: MIT */
/* gen_members.c - how a superpacket of SCTP lies in pieces */
#include "check.h"

/* Members of a few bytes, of none, of a packet's worth, or all that is left. */
static size_t pick_member(struct rnd *r, size_t left)
{
	size_t n;

	switch (rnd_below(r, 8)) {
	case 0:
		n = rnd_below(r, 6);
		break;
	case 1:
		n = 4 * rnd_below(r, 20);
		break;
	case 2:
		n = left;
		break;
	default:
		n = 4 * rnd_in(r, 1, 370);
	}
	return n < left ? n : left;
}

void gen_members(struct rnd *r, struct gen_case *c)
{
	size_t at = headers_of(c), n;

	c->npiece = 0;
	if (c->meta.gso_size != SEGOFF_GSO_BY_FRAGS)
		return;
	if (rnd_percent(r, 15)) /* chunks behind the headers */
		at += pick_member(r, c->len - at);
	c->piece[c->npiece++] = at;
	for (; at < c->len && c->npiece < GEN_PIECES - 1; at += n) {
		n = pick_member(r, c->len - at);
		c->piece[c->npiece++] = n;
	}
	if (at < c->len || rnd_percent(r, 10))
		c->piece[c->npiece++] = c->len - at;
}

/* SPDX-License-Identifier: MIT */
/* gen_payload.c - what superpackets carry */
#include <string.h>

#include "../ref/ref.h"
#include "gen.h"

size_t gen_payload_size(struct rnd *r)
{
	size_t kind = rnd_below(r, 1000);

	if (kind < 450)
		return rnd_below(r, 65);
	if (kind < 930)
		return rnd_below(r, 1500);
	if (kind < 985)
		return rnd_below(r, 9000);
	if (kind < 998)
		return rnd_in(r, 60000, 66000);
	return rnd_in(r, 65400, 150000);
}

void gen_payload(struct rnd *r, uint8_t *p, size_t n)
{
	switch (rnd_below(r, 8)) {
	case 0:
		memset(p, 0, n);
		break;
	case 1:
		memset(p, 0xff, n);
		break;
	default:
		rnd_fill(r, p, n);
	}
}

/* The checksum of segment @k as the model finishes it. */
static bool checksum_of(const struct gen_case *c, size_t k, uint16_t *check)
{
	struct ref_pkt p = { c->at, c->len, c->link };
	struct segoff_gso_opts o = c->opts;
	enum segoff_verdict why;
	struct ref_list l;
	const struct ref_seg *s;
	size_t at = c->th + (c->proto == 6 ? 16 : 6);
	bool found;

	o.csum = SEGOFF_OUT_COMPLETE;
	if (ref_segment(&p, NULL, &c->meta, &o, &l, &why))
		return false;
	for (s = l.first; s && k; k--)
		s = s->next;
	found = s && at + 2 <= s->len;
	if (found)
		*check = ref_get16(s->at + at);
	ref_free(&l);
	return found;
}

/*
 * A word that grows by the checksum makes the sum all ones, and the checksum
 * zero: the one value about which protocols and paths differ.
 */
void gen_zero_checksum(struct rnd *r, struct gen_case *c)
{
	size_t payload = c->len - c->data, segs, k, at;
	uint16_t check;

	if ((c->proto != 6 && c->proto != 17) || payload < 4)
		return;
	segs = c->meta.gso_size ? payload / c->meta.gso_size : 1;
	k = rnd_below(r, segs < 4 ? segs : 4);
	at = c->data + k * c->meta.gso_size;
	if (!checksum_of(c, k, &check) || at + 2 > c->len)
		return;
	ref_put16(c->at + at,
		  ref_fold((uint64_t)ref_get16(c->at + at) + check));
}

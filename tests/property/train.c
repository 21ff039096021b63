/* SPDX-License-Identifier: MIT */
/* train.c - trains in memory */
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "train.h"

void train_begin(struct train *t, unsigned int link)
{
	t->opts = (struct segoff_gro_opts){ .sz = sizeof(t->opts) };
	t->link = link;
	t->n = 0;
	t->used = 0;
}

struct train_pkt *train_add(struct train *t, size_t len)
{
	struct train_pkt *p = &t->pkt[t->n];

	if (t->n == TRAIN_MAX || len + 256 > TRAIN_BYTES - t->used)
		return NULL;
	*p = (struct train_pkt){ .at = t->bytes + t->used, .len = len };
	/* a packet may grow by a few bytes when it is made odd */
	t->used += len + 256;
	t->n++;
	return p;
}

/*
 * As RFC 8200 8.1 wants it; a packet without a checksum makes no claim.
 */
static bool is_right(const struct train *t, const struct train_pkt *p)
{
	struct ref_pkt ref = { p->at, p->len, t->link };
	struct segoff_csum_report r;
	struct segoff_stack st;

	ref_verify_ports(&ref, t->opts.ports, &r);
	ref_dissect_ports(&ref, t->opts.ports, &st);
	if (r.outer != SEGOFF_CSUM_NONE && r.outer != SEGOFF_CSUM_GOOD)
		return false;
	if (r.state == SEGOFF_CSUM_ABSENT)
		return st.ip_proto == 17;
	return r.state == SEGOFF_CSUM_GOOD || r.state == SEGOFF_CSUM_NONE;
}

void train_be_honest(struct train *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct train_pkt *p = &t->pkt[i];
		bool unfinished = p->has_meta &&
				  p->meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL;

		if (unfinished || is_right(t, p))
			continue;
		t->opts.flags &= ~SEGOFF_GRO_VOUCHED;
		if (p->meta.ip_summed == SEGOFF_CHECKSUM_UNNECESSARY)
			p->meta.ip_summed = SEGOFF_CHECKSUM_NONE;
	}
}

/* Where the payload starts, if headers are all there. */
static size_t headers_end(const struct train *t, const struct train_pkt *p)
{
	struct ref_pkt ref = { p->at, p->len, t->link };
	struct segoff_stack st;

	ref_dissect_ports(&ref, t->opts.ports, &st);
	return st.end == SEGOFF_V_OK ? st.payload : p->len;
}

size_t train_first(const struct train *t, const struct train_pkt *p)
{
	struct rnd r = rnd_seed(p->cut, 0);
	size_t end = headers_end(t, p);

	if (!p->cut)
		return p->len;
	if (p->cut % 32 == 1)
		return rnd_below(&r, p->len + 1);
	if (rnd_percent(&r, 50))
		return end;
	return rnd_in(&r, end, p->len);
}

/* A piece is exactly as large as its bytes, so that ASan sees its end. */
static void piece(struct load *l, const uint8_t *from, size_t n)
{
	struct iovec *v = &l->iov[l->n++];

	v->iov_len = n;
	v->iov_base = malloc(n ? n : 1);
	if (n)
		memcpy(v->iov_base, from, n);
}

void load_make(struct load *l, const struct train *t, const struct train_pkt *p)
{
	size_t at = train_first(t, p), n;
	struct rnd r = rnd_seed(p->cut, 1);

	l->n = 0;
	piece(l, p->at, at);
	for (; at < p->len && l->n < TRAIN_PIECES - 1; at += n) {
		n = rnd_below(&r, rnd_percent(&r, 50) ? 4 : p->len - at + 1);
		if (n > p->len - at)
			n = p->len - at;
		piece(l, p->at + at, n);
	}
	if (at < p->len)
		piece(l, p->at + at, p->len - at);
}

void load_free(struct load *l)
{
	for (unsigned int i = 0; i < l->n; i++)
		free(l->iov[i].iov_base);
	l->n = 0;
}

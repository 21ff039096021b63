/* SPDX-License-Identifier: MIT */
/*
 * check_back.c - R-GRO-22: segments of a superpacket merge back to it
 *
 * For TCP without CWR and for UDP of up to 64 segments, under both profiles;
 * gso_type comes back with what is known of identifications, and without
 * DODGY.
 */
#include <stdlib.h>
#include <string.h>

#include "drive.h"

struct super {
	struct gen_flow f;
	struct segoff_meta meta;
	uint8_t *at;
	size_t len;
};

static uint32_t type_of(const struct gen_flow *f)
{
	if (f->proto == 17)
		return SEGOFF_GSO_UDP_L4;
	return f->version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;
}

/* FIN and PSH at most: the others never merge. */
static void pick_flags(struct rnd *r, struct super *s)
{
	uint8_t *flags = s->at + s->f.th + 13;

	if (s->f.proto != 6)
		return;
	*flags &= (uint8_t)~0xaf;
	*flags |= (uint8_t)(rnd_below(r, 2) * 8);
	*flags |= (uint8_t)rnd_below(r, 2);
}

static size_t pick_segs(struct rnd *r, const struct gen_flow *f)
{
	size_t most = (65535 - 400) / f->size;

	if (most > TRAIN_MAX)
		most = TRAIN_MAX;
	if (f->proto == 17 && most > 64)
		most = 64;
	return rnd_in(r, 2, most < 2 ? 2 : most);
}

/* A superpacket as Linux would give it: lengths and seed are right. */
static bool make(struct rnd *r, struct train *t, struct super *s)
{
	struct gen_flow *f = &s->f;
	size_t segs, payload;
	struct train_pkt *p;

	gen_flow(r, f, t->link);
	segs = pick_segs(r, f);
	payload = segs * f->size - rnd_below(r, f->size);
	if (f->data - f->net + payload > 65535 - 40 || f->data > 256)
		return false;
	if (f->proto == 17 && f->id_step == 0)
		f->id_step = 1; /* */
	p = gen_next(r, f, t, payload);
	s->at = p->at;
	s->len = p->len;
	pick_flags(r, s);
	gen_right(f, p, t->link);
	s->meta = (struct segoff_meta){
		.gso_type = type_of(f),
		.gso_size = (uint16_t)f->size,
		.gso_segs = (uint16_t)segs,
		.ip_summed = SEGOFF_CHECKSUM_PARTIAL,
		.csum_start = (uint16_t)f->th,
		.csum_offset = f->proto == 6 ? 16 : 6,
	};
	if (f->version == 4 && f->id_step == 0)
		s->meta.gso_type |= SEGOFF_GSO_TCP_FIXEDID;
	return true;
}

/* The seed that belongs to it, about the address in the IP header. */
static void seed(const struct super *s, unsigned int link)
{
	struct ref_pkt ref = { s->at, s->len, link };
	struct ref_checksum c;

	ref_checksum(&ref, false, &c);
	ref_put16(s->at + c.field, c.seed);
}

/* Its segments are the train. */
static bool cut(struct train *t, const struct super *s, struct complaint *why)
{
	struct ref_pkt ref = { s->at, s->len, t->link };
	struct segoff_meta m = s->meta;
	enum segoff_verdict v;
	struct ref_list list;

	m.gso_type |= SEGOFF_GSO_DODGY;
	t->n = 0;
	if (ref_segment(&ref, NULL, &m, NULL, &list, &v))
		return complain(why, "the model does not cut it");
	for (const struct ref_seg *g = list.first; g; g = g->next) {
		struct train_pkt *p = train_add(t, g->len);

		memcpy(p->at, g->at, g->len);
	}
	ref_free(&list);
	return true;
}

static bool is_super(const struct drive *d, const struct super *s)
{
	const struct left *l = &d->out[0];

	if (d->nout != 1)
		return complain(d->why, "%zu came back, the second is %s",
				d->nout, segoff_verdict_name(d->verdict[1]));
	if (l->len != s->len)
		return complain(d->why, "%zu bytes, want %zu", l->len, s->len);
	for (size_t i = 0; i < s->len; i++)
		if (l->at[i] != s->at[i])
			return complain(d->why, "byte %zu is %02x, want %02x",
					i, l->at[i], s->at[i]);
	if (l->meta.gso_type != s->meta.gso_type ||
	    l->meta.gso_size != s->meta.gso_size ||
	    l->meta.gso_segs != s->meta.gso_segs ||
	    l->meta.csum_start != s->meta.csum_start)
		return complain(d->why, "type %x size %u segs %u, want %x",
				l->meta.gso_type, l->meta.gso_size,
				l->meta.gso_segs, s->meta.gso_type);
	return true;
}

bool check_back(struct rnd *r, struct train *t, struct complaint *why)
{
	static struct drive d;
	struct super s;
	bool fine;

	train_begin(t, SEGOFF_LINK_ETHERNET);
	t->opts.flags = SEGOFF_GRO_UDP;
	t->opts.profile = (uint32_t)rnd_below(r, 2);
	if (!make(r, t, &s))
		return true;
	seed(&s, t->link);
	if (!cut(t, &s, why))
		return false;
	fine = drive(&d, t, NULL, why) && is_super(&d, &s);
	drive_free(&d);
	return fine;
}

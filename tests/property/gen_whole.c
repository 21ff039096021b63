/* SPDX-License-Identifier: MIT */
/* gen_whole.c - packets that come with metadata: superpackets, unfinished ones */
#include "train.h"

/* A seed where the checksum was; about either destination, as that was. */
static void unfinish(struct rnd *r, const struct gen_flow *f,
		     const struct train *t, struct train_pkt *p)
{
	struct ref_checksum c;

	p->has_meta = true;
	p->meta.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	p->meta.csum_start = (uint16_t)f->th;
	p->meta.csum_offset = f->proto == 6 ? 16 : 6;
	if (gen_checksum(f, p, t->link, p->at[f->th + 1] & 1, &c))
		ref_put16(p->at + c.field, c.seed);
	if (rnd_percent(r, 3))
		p->meta.csum_start ^= (uint16_t)(1u << rnd_below(r, 6));
	if (rnd_percent(r, 3))
		p->meta.csum_offset ^= 2;
}

void gen_partial(struct rnd *r, const struct gen_flow *f, struct train *t)
{
	struct train_pkt *p = &t->pkt[t->n - 1];

	if (p->len < f->data || p->meta.gso_size || f->remote)
		return;
	unfinish(r, f, t, p);
}

static uint32_t pick_type(struct rnd *r, const struct gen_flow *f,
			  bool sensible)
{
	uint32_t type = f->version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;

	type |= f->bits;
	if (f->proto == 17)
		type = f->bits | (rnd_percent(r, 95) ? SEGOFF_GSO_UDP_L4 :
						       SEGOFF_GSO_UDP);
	if (rnd_percent(r, 20))
		type |= SEGOFF_GSO_DODGY;
	if (f->version == 4 && rnd_percent(r, f->id_step ? 5 : 90))
		type |= SEGOFF_GSO_TCP_FIXEDID;
	if (!sensible && rnd_percent(r, 2))
		type |= UINT32_C(1) << rnd_below(r, 20);
	return type;
}

/* The identifications that its segments will have. */
static void skip_ids(struct gen_flow *f, size_t n)
{
	f->id = (uint16_t)(f->id + f->id_step * n);
	for (size_t i = 0; i < f->nouter; i++)
		f->outer[i].id =
			(uint16_t)(f->outer[i].id + f->outer[i].id_step * n);
}

void gen_super(struct rnd *r, struct gen_flow *f, struct train *t)
{
	size_t segs = rnd_in(r, 1, 5), tail = 0;
	struct train_pkt *p;

	if (f->size * segs > 60000)
		return;
	if (rnd_percent(r, 20))
		tail = rnd_below(r, f->size);
	p = gen_next(r, f, t, f->size * segs - tail);
	if (!p)
		return;
	skip_ids(f, segs - 1);
	p->has_meta = true;
	/* what Linux does with a type that contradicts itself is nobody's rule */
	p->meta.gso_type = pick_type(r, f, t->opts.profile == SEGOFF_GRO_LINUX);
	p->meta.encapsulation = f->bits != 0;
	p->meta.inner_th_off = (uint16_t)(f->bits ? f->th : 0);
	p->meta.gso_size = (uint16_t)f->size;
	p->meta.gso_segs = (uint16_t)(rnd_percent(r, 70) ? segs : 0);
	if (rnd_percent(r, 3))
		p->meta.gso_segs = (uint16_t)rnd_below(r, 7);
	if (rnd_percent(r, 60))
		unfinish(r, f, t, p);
	else
		p->meta.ip_summed = (uint8_t)rnd_below(r, 3);
}

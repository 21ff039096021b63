/* SPDX-License-Identifier: MIT */
/* check_linux.c - the LINUX profile against the model */
#include <string.h>

#include "drive.h"

static bool same_meta(const struct segoff_meta *a, const struct segoff_meta *b)
{
	return a->gso_type == b->gso_type && a->gso_size == b->gso_size &&
	       a->gso_segs == b->gso_segs && a->hdr_len == b->hdr_len &&
	       a->ip_summed == b->ip_summed &&
	       a->encapsulation == b->encapsulation &&
	       a->csum_start == b->csum_start &&
	       a->csum_offset == b->csum_offset && a->protocol == b->protocol &&
	       a->mac_off == b->mac_off && a->net_off == b->net_off &&
	       a->th_off == b->th_off && a->inner_mac_off == b->inner_mac_off &&
	       a->inner_net_off == b->inner_net_off &&
	       a->inner_th_off == b->inner_th_off &&
	       a->inner_protocol == b->inner_protocol;
}

static bool same_packets(const struct left *l, const struct ref_held *h)
{
	const struct ref_one *o = h->first;

	if (l->npkt != h->npkt)
		return false;
	for (size_t i = 0; i < l->npkt; i++, o = o->next)
		if (l->which[i] != o->cookie)
			return false;
	return true;
}

static bool same_bytes(const struct drive *d, size_t i,
		       const struct ref_held *h)
{
	const struct left *l = &d->out[i];

	for (size_t k = 0; k < l->len && k < h->len; k++)
		if (l->at[k] != h->frame[k])
			return complain(d->why,
					"out %zu byte %zu: %02x, want %02x", i,
					k, l->at[k], h->frame[k]);
	if (l->len != h->len)
		return complain(d->why, "out %zu: %zu bytes, want %zu", i,
				l->len, h->len);
	return true;
}

static bool same(const struct drive *d, size_t i, const struct ref_held *h)
{
	const struct segoff_meta *m = &d->out[i].meta;

	if (!same_packets(&d->out[i], h))
		return complain(d->why,
				"out %zu: %zu packets from %zu on, want %zu "
				"from %llu on",
				i, d->out[i].npkt, d->out[i].which[0], h->npkt,
				(unsigned long long)h->first->cookie);
	if (!same_bytes(d, i, h))
		return false;
	if (!same_meta(m, &h->meta))
		return complain(d->why,
				"out %zu: type %x size %u segs %u hdr %u, want "
				"%x %u %u %u",
				i, m->gso_type, m->gso_size, m->gso_segs,
				m->hdr_len, h->meta.gso_type, h->meta.gso_size,
				h->meta.gso_segs, h->meta.hdr_len);
	return true;
}

static bool same_verdicts(const struct drive *d)
{
	for (size_t i = 0; i < d->t->n; i++)
		if ((d->verdict[i] == SEGOFF_V_OK) != d->merged[i])
			return complain(d->why,
					"packet %zu: %s, the model merged: %d",
					i, segoff_verdict_name(d->verdict[i]),
					d->merged[i]);
	return true;
}

bool check_linux(const struct train *t, struct complaint *why)
{
	static struct drive d;
	struct ref_gro model;
	struct ref_held *h;
	size_t i = 0;
	bool fine;

	ref_gro_init(&model, &t->opts);
	fine = drive(&d, t, &model, why);
	for (; fine && i < d.nout && (h = ref_gro_pop(&model)); i++) {
		fine = same(&d, i, h);
		ref_gro_done(h);
	}
	if (fine && (i < d.nout || ref_gro_pop(&model)))
		fine = complain(why, "%zu left, the model has another number",
				d.nout);
	fine = fine && same_verdicts(&d);
	ref_gro_free(&model);
	drive_free(&d);
	return fine;
}

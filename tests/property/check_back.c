/* SPDX-License-Identifier: MIT */
/*
 * check_back.c - R-GRO-22: segments of a superpacket merge back to it
 *
 * For TCP without CWR and for UDP of up to 64 segments, under both profiles;
 * gso_type comes back with what is known of identifications, and without
 * DODGY. So for what is in tunnels, if nothing in them is odd: no options, no
 * labels and sessions for Linux, which knows one level.
 */
#include <stdlib.h>
#include <string.h>

#include "drive.h"

struct super {
	struct gen_flow f;
	struct segoff_meta meta;
	uint8_t *at;
	size_t len;
	uint32_t type; /* that comes back */
};

static bool is_ip(const struct gen_outer *o)
{
	return o->proto == SEGOFF_P_IPV4 || o->proto == SEGOFF_P_IPV6;
}

/* Bytes of a header. */
static size_t len_of(const struct gen_flow *f, size_t i)
{
	return (i + 1 < f->nouter ? f->outer[i + 1].off : f->net) -
	       f->outer[i].off;
}

/* Would Linux look behind these? */
static bool linux_can(const struct gen_flow *f)
{
	size_t ips = 0;

	for (size_t i = 0; i < f->nouter; i++) {
		const struct gen_outer *o = &f->outer[i];

		ips += is_ip(o);
		if (o->proto == SEGOFF_P_MPLS || o->proto == SEGOFF_P_PPPOE)
			return false;
		/* in UDP, or with a key */
		if (o->proto == SEGOFF_P_GRE && f->head[o->off] & 0x80 &&
		    (!is_ip(o - 1) || len_of(f, i) > 8))
			return false;
	}
	return ips <= 1 && !f->remote;
}

/* Is nothing odd that stops coalescing? */
static bool is_plain(const struct gen_flow *f)
{
	for (size_t i = 0; i < f->nouter; i++) {
		const struct gen_outer *o = &f->outer[i];

		if (is_ip(o) &&
		    len_of(f, i) != (o->proto == SEGOFF_P_IPV4 ? 20u : 40u))
			return false;
		if (o->proto == SEGOFF_P_GRE && f->head[o->off] & 0x80 &&
		    ref_get16(f->head + o->off + 6))
			return false;
	}
	return f->data <= 512;
}

/* Headers behind another IP header have a bit of their own. */
static bool is_below(const struct gen_flow *f, size_t i)
{
	return i && is_ip(&f->outer[i - 1]);
}

/* Identifications that count or stay as two bits can say it. Returns them. */
static uint32_t pick_ids(struct rnd *r, struct gen_flow *f, bool as_linux)
{
	static const uint32_t bit[] = { SEGOFF_GSO_TCP_FIXEDID,
					SEGOFF_GSO_TCP_FIXEDID_INNER };
	bool stay[2] = { rnd_percent(r, 25), rnd_percent(r, 25) };
	uint32_t type = 0;

	if (as_linux) /* what it says then gro_tunnel has */
		stay[0] = stay[1] = false;
	for (size_t i = 0; i < f->nouter; i++) {
		if (f->outer[i].proto != SEGOFF_P_IPV4)
			continue;
		f->outer[i].id_step = !stay[is_below(f, i)];
		type |= stay[is_below(f, i)] ? bit[is_below(f, i)] : 0;
	}
	if (f->version == 4) {
		f->id_step = !stay[is_below(f, f->nouter)];
		type |= stay[is_below(f, f->nouter)] ?
				bit[is_below(f, f->nouter)] :
				0;
	}
	return type;
}

/* A flow in tunnels; false: it would not come back. */
static bool make_tunnel(struct rnd *r, struct train *t, struct super *s)
{
	bool as_linux = t->opts.profile == SEGOFF_GRO_LINUX;

	gen_flow_tunnel(r, &s->f, t);
	s->meta.gso_type = s->f.bits | pick_ids(r, &s->f, as_linux);
	if (s->f.remote)
		s->meta.gso_type |= SEGOFF_GSO_TUNNEL_REMCSUM;
	s->meta.encapsulation = true;
	s->meta.inner_th_off = (uint16_t)s->f.th;
	return is_plain(&s->f) && (!as_linux || linux_can(&s->f));
}

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

	s->meta = (struct segoff_meta){ 0 };
	if (rnd_percent(r, 50)) {
		if (!make_tunnel(r, t, s))
			return false;
	} else {
		gen_flow(r, f, t->link);
		if (f->data > 256)
			return false;
	}
	segs = pick_segs(r, f);
	payload = segs * f->size - rnd_below(r, f->size);
	if (f->data + payload > 65535 - 40)
		return false;
	if (f->proto == 17 && f->id_step == 0 && !f->nouter)
		f->id_step = 1; /* */
	p = gen_next(r, f, t, payload);
	s->at = p->at;
	s->len = p->len;
	pick_flags(r, s);
	gen_right(f, p, t->link);
	s->meta.gso_type |= type_of(f);
	s->meta.gso_size = (uint16_t)f->size;
	s->meta.gso_segs = (uint16_t)segs;
	s->meta.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	s->meta.csum_start = (uint16_t)f->th;
	s->meta.csum_offset = f->proto == 6 ? 16 : 6;
	if (f->version == 4 && f->id_step == 0 && !f->nouter)
		s->meta.gso_type |= SEGOFF_GSO_TCP_FIXEDID;
	return true;
}

/* A tunnel's checksum: the seed; of GRE, none (Q-10: or the first segment's). */
static void seed_outer(const struct super *s, const struct train *t, size_t i)
{
	struct ref_pkt ref = { s->at, s->len, t->link };
	const struct gen_outer *o = &s->f.outer[i];
	uint8_t *h = s->at + o->off;
	struct ref_walk w;

	if (o->proto == SEGOFF_P_GRE && h[0] & 0x80)
		ref_put16(h + 4, 0);
	if (o->proto != SEGOFF_P_UDP || !ref_get16(h + 6))
		return;
	w = (struct ref_walk){ .net = o[-1].off,
			       .version = o[-1].proto == SEGOFF_P_IPV4 ? 4 :
									 6 };
	ref_walk_ip(&ref, &w);
	w.proto = 17;
	ref_put16(h + 6,
		  ref_fold(ref_pseudo(&ref, &w, false, s->len - o->off)));
}

/* The seeds that belong to it, about the addresses in the IP headers. */
static void seed(const struct super *s, const struct train *t)
{
	struct train_pkt p = { .at = s->at, .len = s->len };
	struct ref_checksum c;

	gen_checksum(&s->f, &p, t->link, false, &c);
	ref_put16(s->at + c.field, c.seed);
	for (size_t i = 0; i < s->f.nouter; i++)
		seed_outer(s, t, i);
}

/* What Linux keeps of the first segment, and what it does not say. */
static void as_linux(struct super *s, const struct train *t)
{
	s->type = s->meta.gso_type;
	if (t->opts.profile != SEGOFF_GRO_LINUX)
		return;
	if (s->type & SEGOFF_GSO_GRE_CSUM)
		s->type ^= SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_GRE;
	for (size_t i = 0; i < s->f.nouter; i++) {
		size_t at = s->f.outer[i].off + 4;

		if (s->f.outer[i].proto == SEGOFF_P_GRE && s->at[at - 4] & 0x80)
			memcpy(s->at + at, t->pkt[0].at + at, 2);
	}
}

/* Its segments are the train. */
static bool cut(struct train *t, const struct super *s, struct complaint *why)
{
	struct ref_pkt ref = { s->at, s->len, t->link };
	const struct segoff_gso_opts o = { .sz = sizeof(o),
					   .ports = t->opts.ports };
	struct segoff_meta m = s->meta;
	enum segoff_verdict v;
	struct ref_list list;

	m.gso_type |= SEGOFF_GSO_DODGY;
	t->n = 0;
	if (ref_segment(&ref, NULL, &m, &o, &list, &v))
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
	if (l->meta.gso_type != s->type ||
	    l->meta.gso_size != s->meta.gso_size ||
	    l->meta.gso_segs != s->meta.gso_segs ||
	    l->meta.csum_start != s->meta.csum_start)
		return complain(d->why, "type %x size %u segs %u, want %x",
				l->meta.gso_type, l->meta.gso_size,
				l->meta.gso_segs, s->type);
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
	seed(&s, t);
	if (!cut(t, &s, why))
		return false;
	as_linux(&s, t);
	fine = drive(&d, t, NULL, why) && is_super(&d, &s);
	drive_free(&d);
	return fine;
}

/* SPDX-License-Identifier: MIT */
/*
 * check_list.c - lists, rewritten on their way, against the model
 *
 * Packets of one flow become a list. Then what may happen to it happens: its
 * addresses, ports, or anything else in it changes, its size, its type, or a
 * member. What is cut of it must be what the model cuts.
 */
#include <stdlib.h>
#include <string.h>

#include "drive.h"

/* A list and all that it is cut by. */
struct list {
	struct gen_flow f;
	struct segoff_meta meta;
	struct segoff_gso_opts opts;
	uint8_t *at;
	size_t len;
	size_t hlen;
	struct ref_pkt whole[TRAIN_MAX]; /* members, for the model */
	struct load load[TRAIN_MAX];	 /* and for the library */
	struct segoff_pkt member[TRAIN_MAX];
	size_t n;
};

static void packets(struct rnd *r, struct train *t, struct list *l)
{
	size_t n = rnd_in(r, 2, rnd_percent(r, 80) ? 8 : 64);
	bool partial = rnd_percent(r, 25);

	gen_flow(r, &l->f, t->link);
	while (t->n < n) {
		bool last = t->n == n - 1 && rnd_percent(r, 40);

		if (!gen_next(r, &l->f, t,
			      last ? rnd_in(r, 1, l->f.size) : l->f.size))
			break;
		if (partial)
			gen_partial(r, &l->f, t);
		if (rnd_percent(r, 30))
			t->pkt[t->n - 1].cut = rnd32(r) & ~1u;
	}
}

/* Push all; the first that comes out, if it is a list. */
static bool coalesce(struct train *t, struct list *l, struct segoff_gro *g)
{
	struct segoff_super s;

	for (size_t i = 0; i < t->n; i++) {
		struct iovec v = { t->pkt[i].at, t->pkt[i].len };
		struct segoff_gro_pkt p = {
			.pkt = { &v, 1, t->link },
			.meta = t->pkt[i].has_meta ? &t->pkt[i].meta : NULL,
		};

		segoff_gro_push(g, &p);
	}
	segoff_gro_flush(g, UINT64_MAX);
	if (!segoff_gro_pop(g, &s) || s.npkt < 2)
		return false;
	l->len = s.len;
	l->at = malloc(s.len);
	segoff_super_flat(&s, l->at, s.len);
	l->meta = s.meta;
	l->hlen = s.hlen;
	l->n = s.npkt - 1;
	return true;
}

static bool make(struct rnd *r, struct train *t, struct list *l)
{
	struct segoff_gro_opts o = {
		.sz = sizeof(o),
		.flags = SEGOFF_GRO_UDP | SEGOFF_GRO_FRAGLIST,
		.profile = rnd_percent(r, 50) ? SEGOFF_GRO_LINUX :
						SEGOFF_GRO_LOSSLESS,
	};
	void *mem = malloc(segoff_gro_size(&o));
	bool made;

	train_begin(t, rnd_percent(r, 70) ?
			       SEGOFF_LINK_ETHERNET :
			       (unsigned int)rnd_below(r, SEGOFF_LINK_COUNT));
	packets(r, t, l);
	made = coalesce(t, l, segoff_gro_init(mem, segoff_gro_size(&o), &o));
	free(mem);
	return made;
}

/* Network address translation, forwarding, and worse. */
static void rewrite(struct rnd *r, struct list *l)
{
	size_t address = l->f.net + (l->f.version == 4 ? 12 : 8);
	size_t n = l->f.version == 4 ? 8 : 32;

	if (rnd_percent(r, 50))
		rnd_fill(r, l->at + address + n / 2 * rnd_below(r, 2), n / 2);
	if (rnd_percent(r, 40))
		rnd_fill(r, l->at + l->f.th + 2 * rnd_below(r, 2), 2);
	if (rnd_percent(r, 20))
		l->at[l->f.net + (l->f.version == 4 ? 8 : 7)]--;
	if (rnd_percent(r, 20) && l->f.version == 4)
		ref_put16(l->at + l->f.net + 4, rnd16(r));
	if (rnd_percent(r, 10) && l->f.net)
		l->at[0] ^= 4;
	if (rnd_percent(r, 10))
		l->at[rnd_below(r, l->len)] ^= 1;
}

/* Something that makes it no list, or another one. */
static void spoil(struct rnd *r, struct train *t, struct list *l)
{
	struct train_pkt *p = &t->pkt[rnd_in(r, 1, l->n)];

	switch (rnd_below(r, 7)) {
	case 0:
		l->meta.gso_type |= SEGOFF_GSO_DODGY;
		break;
	case 1:
		l->meta.gso_size ^= 1;
		break;
	case 2:
		l->n--;
		break;
	case 3:
		p->at[rnd_below(r, l->hlen)] ^= (uint8_t)(1 + rnd8(r));
		break;
	case 4:
		l->meta.csum_start =
			(uint16_t)(l->meta.csum_start + rnd_below(r, 5) - 2);
		break;
	case 5:
		l->meta.gso_type ^= UINT32_C(1) << rnd_below(r, 32);
		break;
	default: /* a UDP checksum that is not there */
		ref_put16(p->at + l->f.th + 6, 0);
	}
}

static void set_options(struct rnd *r, struct segoff_gso_opts *o)
{
	*o = (struct segoff_gso_opts){
		.sz = sizeof(*o),
		.flags = (uint32_t)rnd_below(r, 4),
		.csum = (uint32_t)rnd_below(r, 3),
	};
}

static void load(struct train *t, struct list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct train_pkt *p = &t->pkt[i + 1];

		l->whole[i] = (struct ref_pkt){ p->at, p->len, t->link };
		load_make(&l->load[i], t, p);
		l->member[i] = (struct segoff_pkt){ l->load[i].iov,
						    l->load[i].n, t->link };
	}
}

/* All of it in one form, in batches or at once. */
static bool run_all(struct run *u)
{
	size_t form = rnd_below(u->r, 3);
	bool fine = true, all = rnd_percent(u->r, 30);

	for (int i = 0; fine && u->want && i < 10000; i++)
		fine = form == 0 ? run_next(u) :
		       form == 1 ? run_flat(u, all || i > 1000) :
				   run_scatter(u, all || i > 1000);
	return fine && run_next(u);
}

static bool same_error(struct complaint *why, int got, int want,
		       enum segoff_verdict a, enum segoff_verdict b)
{
	if (got == want && (!want || a == b))
		return true;
	return complain(why, "init returned %d (%s), want %d (%s)", got,
			segoff_verdict_name(a), want, segoff_verdict_name(b));
}

/* Headers, as they are by now, lie in it. */
static size_t first_piece(struct rnd *r, const struct ref_pkt *p)
{
	struct segoff_stack st;

	ref_dissect(p, &st);
	return st.end == SEGOFF_V_OK && rnd_percent(r, 50) ? st.payload :
							     p->len;
}

static bool cut(struct rnd *r, const struct train *t, const struct list *l,
		struct complaint *why)
{
	struct ref_pkt ref = { l->at, l->len, t->link };
	size_t first = first_piece(r, &ref);
	struct iovec v[2] = { { l->at, first },
			      { l->at + first, l->len - first } };
	struct segoff_pkt pkt = { v, first < l->len ? 2 : 1, t->link };
	struct run u = { .r = r, .why = why };
	enum segoff_verdict verdict;
	struct ref_list list;
	int want = ref_segment_list(&ref, l->whole, l->n, &l->meta, &l->opts,
				    &list, &verdict);
	int err = segoff_gso_init_list(&u.g, &pkt, l->member, l->n, &l->meta,
				       &l->opts, &u.b);
	bool fine = same_error(why, err, want, segoff_gso_why(&u.g), verdict);

	u.list = &list;
	u.want = list.first;
	u.left = list.count;
	if (fine && !err)
		fine = (u.b.segs == list.count &&
			u.b.largest == list.largest) ||
		       complain(why, "%zu segments, want %zu", u.b.segs,
				list.count);
	fine = fine && (err || run_all(&u));
	ref_free(&list);
	return fine;
}

bool check_list(struct rnd *r, struct train *t, struct complaint *why)
{
	static struct list l;
	bool fine;

	l = (struct list){ 0 };
	if (!make(r, t, &l))
		return true;
	if (rnd_percent(r, 70))
		rewrite(r, &l);
	if (rnd_percent(r, 30))
		spoil(r, t, &l);
	set_options(r, &l.opts);
	load(t, &l);
	fine = cut(r, t, &l, why);
	for (size_t i = 0; i < TRAIN_MAX; i++)
		load_free(&l.load[i]);
	free(l.at);
	return fine;
}

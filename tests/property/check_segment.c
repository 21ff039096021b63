/* SPDX-License-Identifier: MIT */
/* check_segment.c - segmentation against the model */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "check.h"

/* Calls that may all fail for lack of room before one must succeed. */
#define PATIENCE 50

/* Everything with the room that was asked for, and nothing after it. */
static bool all_at_once(struct run *u, bool scatter)
{
	bool (*form)(struct run *, bool) = scatter ? run_scatter : run_flat;

	return form(u, true) && form(u, true);
}

/* A few at a time, each time through another form. */
static bool bit_by_bit(struct run *u)
{
	size_t before = u->left, stuck = 0;
	bool fine = true;

	while (fine && u->want) {
		size_t form = stuck < PATIENCE ? rnd_below(u->r, 3) : 0;

		if (form == 0)
			fine = run_next(u);
		else if (form == 1)
			fine = run_flat(u, false);
		else
			fine = run_scatter(u, false);
		stuck = u->left == before ? stuck + 1 : 0;
		before = u->left;
	}
	return fine && run_next(u) && run_flat(u, true) && run_scatter(u, true);
}

static bool begin(struct run *u, const struct gen_case *c,
		  enum segoff_verdict why)
{
	const struct segoff_gso_opts *o = c->no_opts ? NULL : &c->opts;
	int err = segoff_gso_init(&u->g, &u->p->pkt, &c->meta, o, &u->b);

	if (err)
		return complain(u->why,
				"init returned %d (%s), want %zu "
				"segments",
				err, segoff_verdict_name(segoff_gso_why(&u->g)),
				u->list->count);
	if (segoff_gso_why(&u->g) != why)
		return complain(u->why, "init succeeded but why is %s, want %s",
				segoff_verdict_name(segoff_gso_why(&u->g)),
				segoff_verdict_name(why));
	if (u->b.segs != u->list->count || u->b.largest != u->list->largest)
		return complain(u->why,
				"bound is %zu segments, largest %zu; "
				"want %zu, %zu",
				u->b.segs, u->b.largest, u->list->count,
				u->list->largest);
	u->want = u->list->first;
	u->left = u->list->count;
	return true;
}

static bool all_forms(struct run *u, const struct gen_case *c,
		      enum segoff_verdict why)
{
	bool fine;

	fine = begin(u, c, why) && all_at_once(u, false) && begin(u, c, why) &&
	       all_at_once(u, true) && begin(u, c, why) && bit_by_bit(u);
	if (pieces_changed(u->p))
		fine = complain(u->why, "the packet was changed");
	return fine;
}

static bool refused(const struct pieces *p, const struct gen_case *c, int want,
		    enum segoff_verdict why, struct complaint *text)
{
	const struct segoff_gso_opts *o = c->no_opts ? NULL : &c->opts;
	struct segoff_bound b;
	struct segoff_gso g;
	int err = segoff_gso_init(&g, &p->pkt, &c->meta, o, &b);

	if (err != want || segoff_gso_why(&g) != why)
		return complain(text, "init returned %d (%s), want %d (%s)",
				err, segoff_verdict_name(segoff_gso_why(&g)),
				want, segoff_verdict_name(why));
	if (pieces_changed(p))
		return complain(text, "the packet was changed");
	return true;
}

/* segoff_segment() is the rest in one call. */
static bool simple(const struct gen_case *c, const struct ref_list *list,
		   struct rnd *r, struct complaint *why)
{
	const struct segoff_gso_opts *o = c->no_opts ? NULL : &c->opts;
	struct iovec v = { (uint8_t *)(uintptr_t)c->at, c->len }, *seg;
	struct segoff_pkt pkt = { &v, 1, c->link };
	const struct ref_seg *s = list->first;
	struct segoff_bound b;
	struct segoff_gso g;
	struct room m;
	bool fine = true;
	ssize_t n;

	segoff_gso_init(&g, &pkt, &c->meta, o, &b);
	seg = calloc(b.segs, sizeof(*seg));
	room_make(&m, b.flat_bytes, r);
	n = segoff_segment(c->at, c->len, c->link, &c->meta, o, m.at, m.size,
			   seg, b.segs);
	if (n != (ssize_t)list->count || room_overrun(&m))
		fine = complain(why, "segoff_segment returned %zd, want %zu", n,
				list->count);
	for (ssize_t i = 0; fine && i < n; i++, s = s->next)
		if (seg[i].iov_len != s->len ||
		    memcmp(seg[i].iov_base, s->at, s->len))
			fine = complain(why,
					"segoff_segment: segment %zd "
					"differs",
					i);
	if (fine && list->count > 1 &&
	    segoff_segment(c->at, c->len, c->link, &c->meta, o, m.at, m.size,
			   seg, list->count - 1) != -ENOSPC)
		fine = complain(why, "segoff_segment fits into less");
	room_free(&m);
	free(seg);
	return fine;
}

bool on_the_way(const struct gen_case *c)
{
	struct ref_pkt p = { c->at, c->len, c->link };
	struct ref_nest n = { .p = &p, .m = &c->meta, .ports = c->opts.ports };

	ref_nest_walk(&n);
	for (size_t i = 0; i < n.n; i++)
		if (n.layer[i].proto == SEGOFF_P_IPV6 &&
		    ref_pseudo(&p, &n.layer[i].w, true, 0) !=
			    ref_pseudo(&p, &n.layer[i].w, false, 0))
			return true;
	return false;
}

/*
 * Where metadata lead: the innermost transport header. A jumbo header in front of
 * it is gone in segments.
 */
static bool led_to(const struct gen_case *c, const struct segoff_stack *st)
{
	struct ref_pkt p = { c->at, c->len, c->link };
	struct ref_nest n = { .p = &p, .m = &c->meta, .ports = c->opts.ports };
	size_t at = st->layer[st->nlayer - 1].off;

	ref_nest_walk(&n);
	return at == n.w.th || at + 8 == n.w.th;
}

/*
 * Are the checksums of segments right, whatever came? Not with remote ones, and
 * not of a partial frame: its lengths are repeated, and they may lie.
 */
static bool is_fresh(const struct gen_case *c)
{
	return !(c->opts.flags & SEGOFF_TRUST_SEED) && !on_the_way(c) &&
	       c->opts.csum == SEGOFF_OUT_COMPLETE &&
	       !(c->meta.gso_type &
		 (SEGOFF_GSO_TUNNEL_REMCSUM | SEGOFF_GSO_PARTIAL));
}

/*
 * What holds of every good segment, without the model's word for it. Where the
 * ports alone do not lead to the innermost packet nothing can be said.
 */
static bool sound(const struct gen_case *c, const struct ref_list *list,
		  struct complaint *why)
{
	bool fresh = is_fresh(c);
	size_t k = 0, payload = 0;

	for (const struct ref_seg *s = list->first; s; s = s->next, k++) {
		struct iovec v = { (uint8_t *)(uintptr_t)s->at, s->len };
		struct segoff_pkt pkt = { &v, 1, c->link };
		struct segoff_csum_report rep;
		struct segoff_stack st;

		if (segoff_dissect_ports(&pkt, c->opts.ports, &st) !=
			    SEGOFF_V_OK ||
		    !led_to(c, &st) || s->len - st.layer[st.net].off > 65535)
			continue;
		payload += s->len - st.payload;
		segoff_csum_verify(&pkt, &st, &rep);
		if (!rep.ip_good)
			return complain(why,
					"segment %zu: bad IPv4 header "
					"checksum",
					k);
		if (fresh && rep.state != SEGOFF_CSUM_GOOD)
			return complain(why,
					"segment %zu: checksum %04x "
					"should be %04x",
					k, rep.found, rep.right);
		if (payload > c->len)
			return complain(why, "segments carry more than there "
					     "was");
	}
	return true;
}

/* The pieces, where they say how to cut. */
static const struct ref_pieces *by_pieces(const struct gen_case *c,
					  struct ref_pieces *all)
{
	*all = (struct ref_pieces){ c->piece, c->npiece };
	return c->npiece ? all : NULL;
}

/* R-FIN-1 with the ports of the case. */
static bool seglen_ports(const struct gen_case *c, const struct pieces *p,
			 struct complaint *why)
{
	const struct segoff_ports *ports = c->opts.ports;
	struct ref_pkt ref = { c->at, c->len, c->link };
	struct ref_pieces all;
	const struct ref_pieces *list = by_pieces(c, &all);
	ssize_t want = ref_network_seglen(&ref, ports, list, &c->meta);
	ssize_t want_mac = ref_mac_seglen(&ref, ports, list, &c->meta);
	size_t mac = SIZE_MAX;
	ssize_t n = segoff_gso_seglen_ports(&p->pkt, ports, &c->meta, &mac);

	if (n != want)
		return complain(why, "seglen_ports is %zd, want %zd", n, want);
	if (mac != (n < 0 ? SIZE_MAX : (size_t)want_mac))
		return complain(why, "mac of seglen_ports is %zu, want %zd",
				mac, want_mac);
	return true;
}

/* R-FIN-1 */
static bool seglen(const struct gen_case *c, const struct pieces *p,
		   struct complaint *why)
{
	struct ref_pkt ref = { c->at, c->len, c->link };
	struct ref_pieces all;
	const struct ref_pieces *list = by_pieces(c, &all);
	ssize_t net = ref_network_seglen(&ref, NULL, list, &c->meta);
	ssize_t mac = ref_mac_seglen(&ref, NULL, list, &c->meta);
	ssize_t n;

	n = segoff_gso_network_seglen(&p->pkt, &c->meta);
	if (n != net)
		return complain(why, "network_seglen is %zd, want %zd", n, net);
	n = segoff_gso_mac_seglen(&p->pkt, &c->meta);
	if (n != mac)
		return complain(why, "mac_seglen is %zd, want %zd", n, mac);
	for (size_t i = 0; i < 3; i++) {
		size_t mtu = net < 1 ? i : (size_t)net + i - 1;
		int fits = segoff_gso_fits(&p->pkt, &c->meta, mtu);

		if (fits != ref_fits(&ref, list, &c->meta, mtu))
			return complain(why, "fits(%zu) is %d", mtu, fits);
	}
	return seglen_ports(c, p, why);
}

/* Bytes that must lie in the first piece: headers, and a field to finish. */
static size_t first_piece(const struct gen_case *c)
{
	size_t first = headers_of(c);
	size_t field = (size_t)c->meta.csum_start + c->meta.csum_offset + 2;

	if (c->meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL && field > first)
		first = field;
	return first;
}

/* What callers allocate who did not look. */
static bool loose_bound(const struct gen_case *c, const struct run *u)
{
	struct segoff_bound b;
	size_t hdr = first_piece(c);

	segoff_gso_bound(c->len, u->p->n, hdr < 255 ? 255 : hdr,
			 c->meta.gso_size, &b);
	/* a frame is as large as what it came from, at most */
	if (c->opts.partial && b.largest < c->len)
		b.largest = c->len;
	if (b.segs >= u->b.segs && b.iovs >= u->b.iovs &&
	    b.hdr_bytes >= u->b.hdr_bytes && b.flat_bytes >= u->b.flat_bytes &&
	    b.largest >= u->b.largest)
		return true;
	return complain(u->why,
			"segoff_gso_bound is below the exact one: "
			"%zu %zu, %zu %zu, %zu %zu, %zu %zu, %zu %zu",
			b.segs, u->b.segs, b.iovs, u->b.iovs, b.hdr_bytes,
			u->b.hdr_bytes, b.flat_bytes, u->b.flat_bytes,
			b.largest, u->b.largest);
}

/*
 * Pieces that end inside the headers: such a packet may be refused, but if it
 * is cut, then as if it were in one piece.
 */
static bool anywhere(const struct gen_case *c, const struct ref_list *list,
		     struct rnd *r, struct complaint *why)
{
	const struct segoff_gso_opts *o = c->no_opts ? NULL : &c->opts;
	struct run u = { .list = list, .r = r, .why = why };
	struct pieces p;
	bool fine = true;
	int err;

	pieces_make(&p, c, 0, r);
	u.p = &p;
	err = segoff_gso_init(&u.g, &p.pkt, &c->meta, o, &u.b);
	u.want = list->first;
	u.left = list->count;
	if (err != 0 && err != -EINVAL && err != -EPROTONOSUPPORT &&
	    err != -EOPNOTSUPP)
		fine = complain(why, "init of any pieces returned %d", err);
	else if (err == 0 && (list->count > 1 || u.b.segs > 1))
		fine = bit_by_bit(&u);
	if (pieces_changed(&p))
		fine = complain(why, "the packet was changed");
	pieces_free(&p);
	return fine;
}

bool check_segment(const struct gen_case *c, struct rnd *r,
		   struct complaint *why)
{
	const struct segoff_gso_opts *o = c->no_opts ? NULL : &c->opts;
	struct ref_pkt ref = { c->at, c->len, c->link };
	struct run u = { .r = r, .why = why };
	enum segoff_verdict verdict;
	struct ref_list list;
	struct pieces p;
	bool fine;
	struct ref_pieces all;
	int err = ref_segment(&ref, by_pieces(c, &all), &c->meta, o, &list,
			      &verdict);

	pieces_make(&p, c, c->npiece ? 0 : first_piece(c), r);
	u.p = &p;
	u.list = &list;
	if (err)
		fine = refused(&p, c, err, verdict, why);
	else
		fine = all_forms(&u, c, verdict) && loose_bound(c, &u) &&
		       (list.count < 2 || sound(c, &list, why)) &&
		       (!rnd_percent(r, 20) || c->npiece ||
			simple(c, &list, r, why));
	fine = fine && seglen(c, &p, why);
	if (fine && !c->npiece && rnd_percent(r, 10))
		fine = anywhere(c, &list, r, why);
	pieces_free(&p);
	ref_free(&list);
	return fine;
}

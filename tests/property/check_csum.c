/* SPDX-License-Identifier: MIT */
/* check_csum.c - dissection and checksums of single packets, and repair */
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "check.h"

static bool dissect(const struct gen_case *c, const struct pieces *p,
		    struct complaint *why)
{
	struct ref_pkt ref = { c->at, c->len, c->link };
	struct segoff_stack st, want;

	ref_dissect(&ref, &want);
	if (segoff_dissect(&p->pkt, &st) != want.end || st.end != want.end ||
	    st.nlayer != want.nlayer || st.ip_proto != want.ip_proto ||
	    st.fragment != want.fragment || st.ip_version != want.ip_version ||
	    st.payload != want.payload || st.len != want.len ||
	    (want.ip_version && st.net != want.net))
		return complain(why,
				"dissect: end %s/%s layers %u/%u proto "
				"%u/%u fragment %u/%u net %u/%u ip %u/%u "
				"payload %u/%u",
				segoff_verdict_name(st.end),
				segoff_verdict_name(want.end), st.nlayer,
				want.nlayer, st.ip_proto, want.ip_proto,
				st.fragment, want.fragment, st.net, want.net,
				st.ip_version, want.ip_version, st.payload,
				want.payload);
	for (size_t i = 0; i < want.nlayer; i++)
		if (st.layer[i].proto != want.layer[i].proto ||
		    st.layer[i].off != want.layer[i].off ||
		    st.layer[i].len != want.layer[i].len)
			return complain(why, "dissect: layer %zu is not %s@%u",
					i,
					segoff_proto_name(want.layer[i].proto),
					want.layer[i].off);
	return true;
}

static bool verify(const struct ref_pkt *ref, const struct segoff_pkt *pkt,
		   struct complaint *why)
{
	struct segoff_csum_report r, want;
	struct segoff_stack st;

	ref_verify(ref, &want);
	segoff_dissect(pkt, &st);
	if (segoff_csum_verify(pkt, &st, &r) != want.state ||
	    segoff_csum_verify(pkt, NULL, &r) != want.state ||
	    r.state != want.state || r.why != want.why ||
	    r.ip_good != want.ip_good || r.outer != want.outer ||
	    r.remote != want.remote)
		return complain(why,
				"verify: state %d/%d why %s/%s ip %d/%d "
				"outer %d/%d remote %d/%d",
				r.state, want.state, segoff_verdict_name(r.why),
				segoff_verdict_name(want.why), r.ip_good,
				want.ip_good, r.outer, want.outer, r.remote,
				want.remote);
	if (want.state == SEGOFF_CSUM_NONE)
		return true;
	if (r.field != want.field || r.found != want.found ||
	    r.right != want.right ||
	    (want.state == SEGOFF_CSUM_PARTIAL &&
	     r.seed_has_length != want.seed_has_length))
		return complain(why,
				"verify: field %u/%u found %04x/%04x "
				"right %04x/%04x length %d/%d",
				r.field, want.field, r.found, want.found,
				r.right, want.right, r.seed_has_length,
				want.seed_has_length);
	return true;
}

/*
 * Packets of the wire: every checksum right; and the innermost left to a device,
 * the others about what it will be.
 */
static bool verify_right(const struct gen_case *c, struct complaint *why)
{
	uint8_t *at = malloc(c->len + 1);
	struct ref_pkt ref = { at, c->len, c->link };
	struct iovec v = { at, c->len };
	struct segoff_pkt pkt = { &v, 1, c->link };
	struct ref_nest n = { .p = &ref };
	struct ref_checksum sum;
	bool fine;

	memcpy(at, c->at, c->len);
	ref_rewrite(at, c->len, c->link);
	fine = verify(&ref, &pkt, why);
	ref_nest_walk(&n);
	if (fine && ref_checksum_at(&ref, &n.w, true, &sum)) {
		ref_put16(at + sum.field, sum.seed);
		fine = verify(&ref, &pkt, why);
	}
	free(at);
	return fine;
}

/* Do two copies of a packet, one in pieces, hold the same bytes? */
static bool same(const struct pieces *p, const uint8_t *want, size_t len,
		 const char *what, struct complaint *why)
{
	uint8_t *got = malloc(len + 1);
	bool fine = true;

	pieces_gather(p, got);
	for (size_t i = 0; fine && i < len; i++)
		if (got[i] != want[i])
			fine = complain(why, "%s: byte %zu is %02x, want %02x",
					what, i, got[i], want[i]);
	free(got);
	return fine;
}

/*
 * What each of these does to a packet, by the library and by the model. @st:
 * its headers, or NULL
 */
static int library(size_t op, const struct gen_case *c,
		   const struct segoff_pkt *pkt, const struct segoff_stack *st)
{
	switch (op) {
	case 0:
		return segoff_csum_complete(pkt, &c->meta);
	case 1:
		return segoff_csum_rewrite(pkt, st);
	case 2:
		return segoff_length_repair(pkt, st);
	}
	return segoff_length_broken(pkt, st);
}

static int model(size_t op, const struct gen_case *c, uint8_t *pkt)
{
	switch (op) {
	case 0:
		return ref_complete(pkt, c->len, c->link, &c->meta);
	case 1:
		return ref_rewrite(pkt, c->len, c->link);
	case 2:
		return ref_length_repair(pkt, c->len, c->link);
	}
	return ref_length_broken(pkt, c->len, c->link);
}

static bool changes(size_t op, const struct gen_case *c, size_t first,
		    struct rnd *r, struct complaint *why)
{
	static const char *const name[] = { "complete", "rewrite", "repair",
					    "broken" };
	uint8_t *want = malloc(c->len + 1);
	struct segoff_stack st;
	struct pieces p;
	int got, ret;
	bool fine;

	memcpy(want, c->at, c->len);
	pieces_make(&p, c, first, r);
	ret = model(op, c, want);
	segoff_dissect(&p.pkt, &st);
	got = library(op, c, &p.pkt, rnd_percent(r, 50) ? &st : NULL);
	if (got != ret)
		fine = complain(why, "%s returned %d, want %d", name[op], got,
				ret);
	else
		fine = same(&p, want, c->len, name[op], why);
	if (fine && op == 1 && segoff_csum_rewrite(&p.pkt, NULL) != 0)
		fine = complain(why, "rewrite is not done after one time");
	pieces_free(&p);
	free(want);
	return fine;
}

bool check_csum(const struct gen_case *c, struct rnd *r, struct complaint *why)
{
	size_t field = (size_t)c->meta.csum_start + c->meta.csum_offset + 2;
	size_t first = headers_of(c);
	size_t least = c->proto == 132 && first > field ? first : field;
	struct ref_pkt ref = { c->at, c->len, c->link };
	struct pieces p;
	bool fine;

	pieces_make(&p, c, first, r);
	fine = dissect(c, &p, why) && verify(&ref, &p.pkt, why);
	if (pieces_changed(&p))
		fine = complain(why, "the packet was changed");
	pieces_free(&p);
	return fine && verify_right(c, why) && changes(0, c, least, r, why) &&
	       changes(1, c, first, r, why) && changes(2, c, first, r, why) &&
	       changes(3, c, first, r, why);
}

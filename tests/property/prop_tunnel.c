/* SPDX-License-Identifier: MIT */
/*
 * prop_tunnel.c - the model of tunnels and the generator of them, by the bytes
 *
 *	prop_tunnel [count [seed [capture]]]
 *
 * What the model makes of generated superpackets is summed up here, all bytes
 * of every header, by the places where the generator put the headers. The
 * segments of the first cases go into a capture, for others to judge.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "check.h"

/* Cases whose segments are written; all tame. */
#define CAPTURED 3000

/* One segment, and all the datagram that its fragments make. */
struct judge {
	const struct gen_case *c;
	uint8_t at[GEN_MAX];
	size_t len;
	uint8_t gram[GEN_MAX];
	size_t ngram;
	struct complaint *why;
};

static bool adds_up(struct judge *j, size_t i, uint64_t sum, const char *what)
{
	return ref_fold(sum) == 0xffff ||
	       complain(j->why, "%s of layer %zu does not add up", what, i);
}

static bool length_is(struct judge *j, size_t i, size_t said, size_t is)
{
	return said == (is & 0xffff) ||
	       complain(j->why, "length of layer %zu is %zu, want %zu", i, said,
			is);
}

/* The pseudo header of the IP header at @off, over either destination. */
static bool pseudo_adds_up(struct judge *j, size_t i, size_t th, uint64_t sum,
			   size_t len)
{
	struct ref_pkt p = { j->at, j->len, j->c->link };
	struct ref_walk w = {
		.net = j->c->layer[i - 1].off,
		.version = j->c->layer[i - 1].proto == SEGOFF_P_IPV4 ? 4 : 6
	};

	ref_walk_ip(&p, &w);
	w.th = th;
	w.proto = j->c->layer[i].proto == SEGOFF_P_TCP ? 6 : 17;
	if (ref_fold(sum + ref_pseudo(&p, &w, false, len)) == 0xffff)
		return true;
	return adds_up(j, i, sum + ref_pseudo(&p, &w, true, len), "checksum");
}

static bool udp(struct judge *j, size_t i)
{
	const uint8_t *h = j->at + j->c->layer[i].off;
	size_t len = j->len - j->c->layer[i].off;

	if (!length_is(j, i, ref_get16(h + 4), len))
		return false;
	if (!(j->c->meta.gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM) ||
	    !ref_get16(h + 6))
		return true;
	return pseudo_adds_up(j, i, j->c->layer[i].off, ref_sum(h, len), len);
}

static bool header(struct judge *j, size_t i)
{
	const struct gen_layer *l = &j->c->layer[i];
	const uint8_t *h = j->at + l->off;
	size_t len = j->len - l->off;

	switch (l->proto) {
	case SEGOFF_P_IPV4:
		return length_is(j, i, ref_get16(h + 2), len) &&
		       adds_up(j, i, ref_sum(h, (size_t)(h[0] & 15) * 4),
			       "header");
	case SEGOFF_P_IPV6:
		return length_is(j, i, ref_get16(h + 4), len - 40);
	case SEGOFF_P_PPPOE:
		return length_is(j, i, ref_get16(h + 4), len - 6);
	case SEGOFF_P_UDP:
		return udp(j, i);
	case SEGOFF_P_GRE:
		if (!(j->c->meta.gso_type & SEGOFF_GSO_GRE_CSUM) ||
		    !(h[0] & 0x80))
			return true;
		return adds_up(j, i, ref_sum(h, len), "GRE checksum");
	}
	return true;
}

/* The innermost transport header; of fragments, when all are there. */
static bool innermost(struct judge *j, bool last)
{
	const struct gen_case *c = j->c;
	size_t i = c->nlayer - 1, th = c->th;
	const uint8_t *sctp = j->at + th;
	bool ufo = c->proto == 17 && c->meta.gso_type & SEGOFF_GSO_UDP &&
		   c->len - c->th > c->meta.gso_size;

	if (c->proto == 132)
		return ref_get32(sctp + 8) ==
			       ref_sctp_check(sctp, j->len - th) ||
		       complain(j->why, "the CRC32c is wrong");
	if (ufo && c->version == 6)
		th += 8;
	memcpy(j->gram + (ufo ? j->ngram : 0), j->at + th, j->len - th);
	j->ngram = (ufo ? j->ngram : 0) + j->len - th;
	if (ufo && !last)
		return true;
	return pseudo_adds_up(j, i, c->th, ref_sum(j->gram, j->ngram),
			      j->ngram);
}

static bool judge(struct judge *j, const struct ref_seg *s)
{
	const struct gen_case *c = j->c;

	memcpy(j->at, s->at, s->len);
	j->len = s->len;
	for (size_t i = 0; i + 1 < c->nlayer; i++)
		if (!header(j, i))
			return false;
	if (c->meta.gso_type & SEGOFF_GSO_TUNNEL_REMCSUM && c->proto != 132 &&
	    ref_remcsum_receive(j->at, j->len, c->link, c->opts.ports) != 1)
		return complain(j->why, "the receiver has no use for it");
	return innermost(j, !s->next);
}

/*
 * A tail of one segment is no superpacket, and its checksum is never finished
 * as 0; that of a TCP segment may be.
 */
static bool same_tail(const struct gen_case *c, const struct ref_seg *a,
		      const struct ref_seg *b)
{
	static const uint8_t zero[2];
	size_t at = c->th + 16, end = at + 2;

	return c->proto == 6 && !memcmp(a->at, b->at, at) &&
	       !memcmp(a->at + at, zero, 2) &&
	       ref_get16(b->at + at) == 0xffff &&
	       !memcmp(a->at + end, b->at + end, a->len - end);
}

/*
 * Decision: a frame's outer checksum does not tell which destination of a
 * Routing header it is about; where a short last segment needs a new one, it is
 * about the final one.
 */
static bool same(const struct gen_case *c, const struct ref_list *a,
		 const struct ref_list *b)
{
	const struct ref_seg *p = a->first, *q = b->first;

	for (; p && q; p = p->next, q = q->next)
		if (p->len != q->len ||
		    (memcmp(p->at, q->at, p->len) != 0 &&
		     (p->next || (!same_tail(c, p, q) && !on_the_way(c)))))
			return false;
	return !p && !q;
}

/* R-PART-5: all frames, expanded by a device, one after the other. */
static bool frames(const struct gen_case *c, const struct ref_list *want,
		   struct complaint *why)
{
	struct segoff_gso_opts ports = { .sz = sizeof(ports),
					 .ports = c->opts.ports };
	struct segoff_gso_opts o = ports;
	struct ref_pkt p = { c->at, c->len, c->link };
	struct ref_list got = { 0 }, wire;
	enum segoff_verdict v;
	struct ref_frames f;
	bool fine = true;
	size_t i = 0;

	o.frag_id = c->opts.frag_id;
	o.csum = SEGOFF_OUT_PARTIAL;
	o.partial = UINT32_MAX;
	if (ref_partial(&p, &c->meta, &o, &f, &v))
		return true;
	for (struct ref_seg *s = f.list.first; s; s = s->next, i++) {
		p = (struct ref_pkt){ s->at, s->len, c->link };
		fine = !ref_segment(&p, NULL, &f.meta[i], &ports, &wire, &v) &&
		       fine;
		for (struct ref_seg *w = wire.first, *next; w; w = next) {
			next = w->next;
			w->next = NULL;
			ref_append(&got, w);
		}
	}
	fine = fine && same(c, want, &got);
	ref_free(&got);
	ref_frames_free(&f);
	return fine || complain(why, "frames do not become the segments");
}

/* A capture of Ethernet; in the byte order of this machine. */
static void capture(FILE *to, const struct ref_list *l)
{
	for (const struct ref_seg *s = l->first; s; s = s->next) {
		uint32_t head[4] = { 0, 0, (uint32_t)s->len, (uint32_t)s->len };

		fwrite(head, sizeof(head), 1, to);
		fwrite(s->at, s->len, 1, to);
	}
}

static FILE *capture_open(const char *name)
{
	static const uint32_t head[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0,
					  0,	      262144,	   1 };
	FILE *f = name ? fopen(name, "wb") : NULL;

	if (f)
		fwrite(head, sizeof(head), 1, f);
	return f;
}

static bool check(struct gen_case *c, FILE *to, struct complaint *why)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .ports = c->opts.ports,
				     .frag_id = c->opts.frag_id };
	struct ref_pieces members = { c->piece, c->npiece };
	struct ref_pkt p = { c->at, c->len, c->link };
	static struct judge j;
	enum segoff_verdict v;
	struct ref_list l;
	bool fine;
	int err = ref_segment(&p, c->npiece ? &members : NULL, &c->meta, &o, &l,
			      &v);

	if (err)
		return complain(why, "refused: %d, %s", err,
				segoff_verdict_name(v));
	j.c = c;
	j.why = why;
	j.ngram = 0;
	fine = true;
	for (const struct ref_seg *s = l.first; fine && s; s = s->next)
		fine = judge(&j, s);
	if (to)
		capture(to, &l);
	fine = fine && frames(c, &l, why);
	ref_free(&l);
	return fine;
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : 30000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1, failed = 0;
	FILE *to = capture_open(argc > 3 ? argv[3] : NULL);
	static struct gen_case c;
	struct complaint why;

	for (uint64_t i = 0; i < count; i++) {
		struct rnd r = rnd_seed(seed, i);
		bool tame = i < CAPTURED;

		gen_tunnel(&r, &c, tame);
		if (!tame)
			gen_members(&r, &c);
		if (!check(&c, tame ? to : NULL, &why) && failed++ < 3)
			report(&c, "prop_tunnel", seed, i, &why);
	}
	if (to && fclose(to))
		failed++;
	printf("%s 1 - segments of tunnels add up, and partial frames become "
	       "them\n1..1\n",
	       failed ? "not ok" : "ok");
	return failed != 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * check_law.c - LOSSLESS: the order of every flow, and every packet back
 *
 * Theory of operation
 * -------------------
 * What left is taken apart again: a superpacket is segmented; a packet that
 * went in is finished and, if it was a superpacket, segmented in the same way.
 * Both must give the same bytes in the same order. A packet that left alone is
 * the packet that came, and so is its metadata.
 *
 * Order counts within a flow: the same addresses, protocol and ports in either
 * kind of packet, in the same tunnels. Of a fragment, or of a packet cut short,
 * ports may not be known: it may be of any flow between its addresses. SCTP that
 * is cut short is of none of TCP or UDP.
 */
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "drive.h"

/* Packets, one behind the other. */
struct parts {
	uint8_t *bytes;
	struct iovec *seg;
	ssize_t n;
};

static void parts_free(struct parts *s)
{
	free(s->bytes);
	free(s->seg);
}

/* The packets behind the first of what left, as they went in. */
struct members {
	struct iovec iov[TRAIN_MAX];
	struct segoff_pkt pkt[TRAIN_MAX];
	size_t n;
};

static void find_members(const struct drive *d, const struct left *l,
			 struct members *m)
{
	m->n = 0;
	for (size_t i = 1; l && i < l->npkt; i++, m->n++) {
		const struct train_pkt *p = &d->t->pkt[l->which[i]];

		m->iov[m->n] = (struct iovec){ p->at, p->len };
		m->pkt[m->n] =
			(struct segoff_pkt){ &m->iov[m->n], 1, d->t->link };
	}
}

/*
 * Segment, finish, or take as it is; with the members of @l, if it is a list.
 * n: how many, or the library's error.
 */
static void take_apart(struct parts *s, const struct drive *d,
		       const struct left *l, const uint8_t *at, size_t len,
		       const struct segoff_meta *m)
{
	struct iovec v = { (uint8_t *)(uintptr_t)at, len };
	struct segoff_pkt pkt = { &v, 1, d->t->link };
	static struct members list;
	const struct segoff_gso_opts o = { .sz = sizeof(o),
					   .ports = d->t->opts.ports };
	struct segoff_bound b;
	struct segoff_gso g;

	find_members(d, l, &list);
	*s = (struct parts){ .n = segoff_gso_init_list(&g, &pkt, list.pkt,
						       list.n, m, &o, &b) };
	if (s->n)
		return;
	s->bytes = malloc(b.flat_bytes + 1);
	s->seg = calloc(b.segs, sizeof(*s->seg));
	s->n = segoff_gso_flat(&g, s->bytes, b.flat_bytes, s->seg, b.segs);
}

/*
 * An unfinished checksum of TCP that comes out as zero is stored as 0xffff if
 * the packet is finished whole, and as 0 in a segment.
 */
static bool same_but_zero(const struct iovec *a, const struct iovec *b,
			  const struct segoff_meta *m)
{
	size_t at = (size_t)m->csum_start + m->csum_offset;
	const uint8_t *x = a->iov_base, *y = b->iov_base;

	return m->ip_summed == SEGOFF_CHECKSUM_PARTIAL && !m->gso_size &&
	       at + 2 <= a->iov_len && ref_get16(x + at) == 0 &&
	       ref_get16(y + at) == 0xffff && !memcmp(x, y, at) &&
	       !memcmp(x + at + 2, y + at + 2, a->iov_len - at - 2);
}

static bool same_part(const struct iovec *a, const struct iovec *b,
		      const struct segoff_meta *m)
{
	if (a->iov_len != b->iov_len)
		return false;
	return !memcmp(a->iov_base, b->iov_base, a->iov_len) ||
	       same_but_zero(a, b, m);
}

/**
 * struct tally - how far a superpacket has been accounted for
 * @s: its segments
 * @next: the first that is not
 */
struct tally {
	struct parts s;
	ssize_t next;
};

/* The first byte in which the next segment is another. */
static size_t differs_at(const struct tally *y, const struct iovec *want)
{
	const uint8_t *a, *b = want->iov_base;
	size_t i = 0;

	if (y->next >= y->s.n)
		return 0;
	a = y->s.seg[y->next].iov_base;
	while (i < want->iov_len && i < y->s.seg[y->next].iov_len &&
	       a[i] == b[i])
		i++;
	return i;
}

/* Packet @i of the train against the next segments. */
static bool comes_back(const struct drive *d, size_t i, struct tally *y)
{
	const struct train_pkt *p = &d->t->pkt[i];
	struct parts want;
	bool fine;

	take_apart(&want, d, NULL, p->at, p->len, &p->meta);
	fine = want.n > 0 ||
	       complain(d->why,
			"packet %zu was merged, but cutting it gives "
			"%zd",
			i, want.n);
	for (ssize_t j = 0; fine && j < want.n; j++, y->next++)
		if (y->next >= y->s.n ||
		    !same_part(&y->s.seg[y->next], &want.seg[j], &p->meta))
			fine = complain(d->why,
					"packet %zu does not come back: "
					"segment %zd, byte %zu",
					i, y->next,
					differs_at(y, &want.seg[j]));
	parts_free(&want);
	return fine;
}

static bool says_it_right(const struct drive *d, const struct left *l,
			  const struct tally *y)
{
	const struct segoff_meta *m = &l->meta;
	bool list = d->t->opts.flags & SEGOFF_GRO_FRAGLIST;
	bool partial = m->ip_summed == SEGOFF_CHECKSUM_PARTIAL;
	size_t th = m->encapsulation ? m->inner_th_off : m->th_off;

	if (m->gso_type & SEGOFF_GSO_DODGY ||
	    !partial != (m->csum_start != th) || (!list && !partial) ||
	    list != !!(m->gso_type & SEGOFF_GSO_FRAGLIST))
		return complain(d->why, "metadata of a superpacket");
	/* whatever a superpacket that went in claims */
	if (m->gso_segs != y->s.n)
		return complain(d->why, "gso_segs is %u of %zd", m->gso_segs,
				y->s.n);
	if (d->t->opts.flags & SEGOFF_GRO_COUNT_ID &&
	    m->gso_type &
		    (SEGOFF_GSO_TCP_FIXEDID | SEGOFF_GSO_TCP_FIXEDID_INNER))
		return complain(d->why, "COUNT_ID, but FIXEDID");
	return true;
}

static bool merged(const struct drive *d, const struct left *l)
{
	size_t most = d->t->opts.max_size ? d->t->opts.max_size : 65536;
	struct tally y = { .next = 0 };
	bool fine;

	take_apart(&y.s, d, l, l->at, l->len, &l->meta);
	fine = y.s.n > 0 || complain(d->why, "segmentation says %zd", y.s.n);
	/* the 8 bytes are BIG TCP's */
	if (l->len - l->meta.net_off >= most + 8)
		fine = complain(d->why, "%zu bytes, max_size %zu", l->len,
				most);
	for (size_t i = 0; fine && i < l->npkt; i++)
		fine = comes_back(d, l->which[i], &y);
	if (fine && y.next != y.s.n)
		fine = complain(d->why, "%zd segments of nobody",
				y.s.n - y.next);
	fine = fine && says_it_right(d, l, &y);
	parts_free(&y.s);
	return fine;
}

static bool alone(const struct drive *d, const struct left *l)
{
	const struct train_pkt *p = &d->t->pkt[l->which[0]];

	if (l->len != p->len || memcmp(l->at, p->at, p->len) != 0)
		return complain(d->why, "packet %zu changed", l->which[0]);
	if (memcmp(&l->meta, &p->meta, sizeof(l->meta)) != 0)
		return complain(d->why, "metadata of packet %zu changed",
				l->which[0]);
	return true;
}

/* ------------------------------------------------------------------ order */

/**
 * struct flow - whose packet it is, as far as can be known
 * @known: there are addresses
 * @whole: there are ports
 * @id: of each IP header protocol and addresses, of each tunnel what tells its
 *	users apart; ports last
 * @n: bytes of that
 */
struct flow {
	bool known;
	bool whole;
	uint8_t id[SEGOFF_LAYERS_MAX * 40];
	size_t n;
};

static void note(struct flow *f, unsigned int proto, const uint8_t *p, size_t n)
{
	f->id[f->n++] = (uint8_t)proto;
	memcpy(f->id + f->n, p, n);
	f->n += n;
}

/* Network identifiers and keys; UDP ports of tunnels are anybody's. */
static void note_layer(struct flow *f, const struct segoff_layer *l,
		       const uint8_t *h)
{
	switch (l->proto) {
	case SEGOFF_P_IPV4:
		note(f, l->proto, h + 12, 8);
		break;
	case SEGOFF_P_IPV6:
		note(f, l->proto, h + 8, 32);
		break;
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
	case SEGOFF_P_GENEVE:
		note(f, l->proto, h + 4, 3);
		break;
	case SEGOFF_P_GRE:
		if (h[0] & 0x20)
			note(f, l->proto, h + l->len - 4, 4);
		break;
	}
}

/* Headers must lie in the first piece: what is not there is not known. */
static void flow_of(const struct train *t, const struct train_pkt *p,
		    struct flow *f)
{
	struct ref_pkt ref = { p->at, train_first(t, p), t->link };
	struct segoff_stack st;

	ref_dissect_ports(&ref, t->opts.ports, &st);
	*f = (struct flow){ .whole = st.end == SEGOFF_V_OK };
	for (size_t i = 0; i < st.nlayer; i++)
		note_layer(f, &st.layer[i], p->at + st.layer[i].off);
	if (f->whole)
		note(f, st.ip_proto, p->at + st.layer[st.nlayer - 1].off, 4);
	f->known = st.ip_version &&
		   (f->whole || st.end == SEGOFF_V_FRAGMENT ||
		    (st.end == SEGOFF_V_TRUNCATED && st.ip_proto != 132) ||
		    st.end == SEGOFF_V_TCP_HEADER);
}

/* May these two be of the same flow? What is known of both is compared. */
static bool related(const struct flow *a, const struct flow *b)
{
	size_t n = a->n < b->n ? a->n : b->n;

	if (!a->known || !b->known || (a->whole && b->whole && a->n != b->n))
		return false;
	return !memcmp(a->id, b->id, n);
}

static bool order(const struct drive *d)
{
	static struct flow flow[TRAIN_MAX];
	size_t came[TRAIN_MAX], n = 0;

	for (size_t i = 0; i < d->t->n; i++)
		flow_of(d->t, &d->t->pkt[i], &flow[i]);
	for (size_t i = 0; i < d->nout; i++)
		for (size_t k = 0; k < d->out[i].npkt; k++)
			came[n++] = d->out[i].which[k];
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (came[k] > came[i] &&
			    related(&flow[came[k]], &flow[came[i]]))
				return complain(d->why,
						"packet %zu overtook %zu",
						came[k], came[i]);
	return true;
}

/* A verdict of OK is what merged packets have, and no others. */
static bool verdicts(const struct drive *d, const struct left *l)
{
	for (size_t i = 0; i < l->npkt; i++)
		if ((i > 0) != (d->verdict[l->which[i]] == SEGOFF_V_OK))
			return complain(
				d->why, "verdict of packet %zu is %s",
				l->which[i],
				segoff_verdict_name(d->verdict[l->which[i]]));
	return true;
}

bool check_law(const struct train *t, struct complaint *why)
{
	static struct drive d;
	bool fine = drive(&d, t, NULL, why);

	fine = fine && order(&d);
	for (size_t i = 0; fine && i < d.nout; i++) {
		const struct left *l = &d.out[i];

		fine = verdicts(&d, l) &&
		       (l->npkt > 1 ? merged(&d, l) : alone(&d, l));
	}
	drive_free(&d);
	return fine;
}

/* SPDX-License-Identifier: MIT */
/* partial_judge.c - is what became of a superpacket what should have? */
#include "partial_judge.h"

#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "tunnel_check.h"
#include "tunnel_super.h"
#include "wire.h"

#define TCP	     6
#define RECORDS_MOST 3

/* Of gso_type, what is in no header. */
#define UNSEEN                                         \
	(SEGOFF_GSO_TCP_ECN | SEGOFF_GSO_TCP_FIXEDID | \
	 SEGOFF_GSO_TCP_FIXEDID_INNER)

/**
 * struct question - a superpacket below its tunnel, and what is known of it
 * @built: its bytes
 * @meta: its metadata
 * @l: where its headers are
 * @course: what the device does to it
 */
struct question {
	struct superpacket built;
	struct segoff_meta meta;
	struct layers l;
	struct course course;
};

void partial_judge_open(struct partial_judge *j)
{
	j->seen = answer_new();
	j->wire = answer_new();
	j->got = answer_new();
	j->want = answer_new();
	j->part = answer_new();
}

static struct partial_record record_of(const struct partial_judge *j, size_t i)
{
	struct partial_record r;

	memcpy(&r, j->wire->bytes + answer_start(j->wire, i), sizeof(r));
	return r;
}

static void append(struct answer *a, const uint8_t *p, size_t n)
{
	memcpy(a->bytes + a->used, p, n);
	answer_add(a, n);
}

static void strip_records(struct partial_judge *j)
{
	const struct answer *w = j->wire;

	answer_clear(j->got);
	for (size_t i = 0; i < w->n; i++)
		append(j->got, w->bytes + answer_start(w, i) + PARTIAL_RECORD,
		       answer_len(w, i) - PARTIAL_RECORD);
}

static void print_record(const struct partial_record *r)
{
	printf("  kernel: gso_type %#x, gso_size %u, gso_segs %u, ip_summed "
	       "%u, csum_start %u, csum_offset %u, encapsulation %u\n",
	       r->gso_type, r->gso_size, r->gso_segs, r->ip_summed,
	       r->csum_start, r->csum_offset, r->encapsulation);
}

static void differ(struct partial_judge *j, const char *what)
{
	size_t f = answer_differs(j->got, j->want);
	struct partial_record r;

	j->failures++;
	printf("DIFFERENCE (%s) -s %llu -k %s -o %llu, device: %s\n", what,
	       (unsigned long long)j->seed, j->tunnel->name,
	       (unsigned long long)j->sp.number, j->offer->name);
	for (size_t i = 0; i < j->wire->n && i < RECORDS_MOST; i++) {
		r = record_of(j, i);
		print_record(&r);
	}
	answer_print_frames("built", j->seen, 0, j->all);
	answer_print_frames("kernel", j->got, f, j->all);
	answer_print_frames("segoff", j->want, f, j->all);
	fflush(stdout);
}

/* Is what the kernel says of a frame what libsegoff says? */
static bool same_meta(const struct partial_judge *j,
		      const struct partial_record *r,
		      const struct segoff_meta *m)
{
	if (r->gso_size != m->gso_size || r->ip_summed != m->ip_summed)
		return false;
	if (r->gso_size && (r->gso_segs != m->gso_segs ||
			    offer_type(r->gso_type, j->tunnel) != m->gso_type))
		return false;
	return r->ip_summed != SEGOFF_CHECKSUM_PARTIAL ||
	       (r->csum_start == m->csum_start &&
		r->csum_offset == m->csum_offset);
}

static bool same_metas(const struct partial_judge *j, const struct question *q,
		       const struct segoff_gso_opts *o)
{
	struct iovec iov = { q->built.frame, q->built.len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	struct partial_record r;
	struct segoff_meta m;
	struct segoff_gso g;

	if (segoff_gso_init(&g, &pkt, &q->meta, o, NULL))
		return !j->wire->n;
	for (size_t i = 0; i < j->wire->n; i++) {
		r = record_of(j, i);
		segoff_gso_meta_of(&g, i, &m);
		if (!same_meta(j, &r, &m))
			return false;
	}
	return true;
}

static void judge_frames(struct partial_judge *j, const struct question *q,
			 uint32_t flags, const char *mode)
{
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .flags = flags,
				     .csum = q->course.csum,
				     .partial = q->course.partial };

	engine_built(&q->built, &q->meta, &o, j->want);
	if (!answer_equal(j->got, j->want))
		differ(j, mode);
	else if (!same_metas(j, q, &o))
		differ(j, "what is said of a frame");
}

static void judge_whole(struct partial_judge *j, const struct question *q)
{
	struct partial_record r;

	answer_clear(j->want);
	append(j->want, q->built.frame, q->built.len);
	if (!answer_equal(j->got, j->want)) {
		differ(j, "passed as it is");
		return;
	}
	r = record_of(j, 0);
	if (r.gso_size != q->meta.gso_size ||
	    (offer_type(r.gso_type, j->tunnel) & ~SEGOFF_GSO_DODGY) !=
		    q->meta.gso_type)
		differ(j, "what is said of the superpacket");
}

static struct segoff_meta meta_of(const struct partial_judge *j,
				  const struct partial_record *r)
{
	struct segoff_meta m = { .gso_size = r->gso_size,
				 .ip_summed = r->ip_summed,
				 .csum_start = r->csum_start,
				 .csum_offset = r->csum_offset };

	if (!r->gso_size)
		return m;
	m.gso_type = offer_type(r->gso_type, j->tunnel);
	m.gso_segs = r->gso_segs;
	m.encapsulation = r->encapsulation;
	if (!r->encapsulation)
		return m; /* to Linux, labels are a network header */
	m.net_off = r->net_off;
	m.th_off = r->th_off;
	m.inner_mac_off = j->tunnel->ethernet ? r->inner_mac_off : 0;
	m.inner_net_off = r->inner_net_off;
	m.inner_th_off = r->inner_th_off;
	m.inner_protocol = r->inner_protocol;
	return m;
}

/*
 * A partial frame shows what it is: its lengths say how long segments are, so
 * that it is expanded to the same, in @part, without being told.
 */
static void judge_shown(struct partial_judge *j, const struct question *q,
			const struct superpacket *frame,
			const struct segoff_meta *said)
{
	struct segoff_hints h = { .sz = sizeof(h),
				  .ports = tunnel_ports(j->tunnel, &q->l) };
	struct segoff_gso_opts o = { .sz = sizeof(o), .ports = h.ports };
	struct iovec iov = { frame->frame, frame->len };
	struct segoff_pkt pkt = { &iov, 1, SEGOFF_LINK_ETHERNET };
	struct segoff_stack st;
	struct segoff_meta m;

	/* a fragment by its header, it is none to who was told the rest */
	if (segoff_dissect_ports(&pkt, h.ports, &st) == SEGOFF_V_FRAGMENT)
		return;
	segoff_infer(NULL, SEGOFF_NO_FLOW, &pkt, &st, &h, &m);
	m.gso_type |= said->gso_type & UNSEEN;
	m.ip_summed = said->ip_summed;
	m.csum_start = said->csum_start;
	m.csum_offset = said->csum_offset;
	engine_built(frame, &m, &o, j->want);
	if (m.gso_size != said->gso_size || !answer_equal(j->part, j->want))
		differ(j, "what a frame shows");
}

/*
 * A TCP checksum of zero is all ones where a packet is finished, which a tail
 * is, and zero in segments: skb_checksum_help() does not ask what it finishes.
 */
static void as_segment(const struct partial_judge *j, const struct question *q,
		       const struct segoff_meta *m)
{
	uint8_t *field = j->part->bytes + q->l.inner_th + 16;

	if (q->meta.gso_size && q->l.proto == TCP &&
	    m->ip_summed == SEGOFF_CHECKSUM_PARTIAL && !m->gso_size &&
	    get16(field) == 0xffff)
		put16(field, 0);
}

/* What the device puts on the wire, into @got. */
static void expand(struct partial_judge *j, const struct question *q)
{
	struct segoff_gso_opts o = { .sz = sizeof(o) };
	const struct answer *w = j->wire;
	struct partial_record r;
	struct segoff_meta m;

	answer_clear(j->got);
	for (size_t i = 0; i < w->n; i++) {
		struct superpacket frame = q->built;

		r = record_of(j, i);
		m = meta_of(j, &r);
		frame.frame = w->bytes + answer_start(w, i) + PARTIAL_RECORD;
		frame.len = answer_len(w, i) - PARTIAL_RECORD;
		engine_built(&frame, &m, &o, j->part);
		if (m.gso_size)
			judge_shown(j, q, &frame, &m);
		as_segment(j, q, &m);
		for (size_t k = 0; k < j->part->n; k++)
			append(j->got,
			       j->part->bytes + answer_start(j->part, k),
			       answer_len(j->part, k));
	}
}

static void judge_wire(struct partial_judge *j, const struct question *q)
{
	struct segoff_gso_opts o = { .sz = sizeof(o) };
	const char *wrong = NULL;

	expand(j, q);
	engine_built(&q->built, &q->meta, &o, j->want);
	if (!answer_equal(j->got, j->want))
		wrong = "the frames expanded";
	else if (!tunnel_is_none(j->tunnel) && !j->offer->mark)
		wrong = tunnel_check(j->tunnel, q->built.frame, q->built.len,
				     q->meta.csum_start != q->l.inner_th,
				     j->got);
	if (wrong)
		differ(j, wrong);
}

/* Behind labels, Linux says so of what was forwarded. */
static bool encapsulated(const struct partial_judge *j,
			 const struct question *q)
{
	return q->meta.encapsulation || (!j->tunnel->outer && j->wire->n &&
					 record_of(j, 0).encapsulation);
}

static bool ask_about(struct partial_judge *j, struct question *q)
{
	struct partial_record marker;

	q->built = tunnel_built(&j->sp, j->seen);
	if (!layers_find(&q->l, j->tunnel, q->built.frame, q->built.len))
		return false;
	q->built.payload = (uint32_t)q->l.payload;
	tunnel_meta(j->tunnel, j->seen->bytes, &q->l, &q->meta);
	q->meta.gso_type |= offer_mark(j->offer, j->tunnel, q->meta.gso_type);
	/* the last frame that was read came from the same device */
	memcpy(&marker, j->wire->bytes + j->wire->used, sizeof(marker));
	q->course = offer_course(j->offer, marker.features, encapsulated(j, q),
				 q->built.frame, &q->l, &q->meta);
	return true;
}

/* Linux overlooks the header of BIG TCP behind tags, see known.c. */
static bool overlooked(const struct partial_judge *j, const struct question *q)
{
	return j->sp.kind->big && q->l.outer == 6 && q->l.net > ETH_LEN;
}

static enum fate fate_of(const struct partial_judge *j,
			 const struct question *q)
{
	if (q->course.dropped || overlooked(j, q))
		return FATE_EARLY;
	if (!q->meta.gso_size)
		return FATE_SINGLE;
	if (q->course.whole)
		return FATE_WHOLE;
	return j->wire->n && record_of(j, 0).gso_size ? FATE_PARTIAL :
							FATE_ORDINARY;
}

static void judge_cut(struct partial_judge *j, const struct question *q)
{
	judge_frames(j, q, AS_LINUX, "as Linux");
	if (!j->sp.sound)
		return;
	judge_frames(j, q, 0, "default");
	judge_wire(j, q);
}

enum fate partial_judge(struct partial_judge *j)
{
	struct question q;
	enum fate fate;

	if (j->wire->err || j->seen->n != 1)
		return FATE_EARLY;
	strip_records(j);
	answer_clear(j->want);
	if (!ask_about(j, &q)) {
		differ(j, "headers");
		return FATE_EARLY;
	}
	fate = fate_of(j, &q);
	if (fate == FATE_WHOLE)
		judge_whole(j, &q);
	else if (fate != FATE_EARLY)
		judge_cut(j, &q);
	else if (q.course.dropped && j->wire->n)
		differ(j, "not dropped");
	return fate;
}

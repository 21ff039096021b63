/* SPDX-License-Identifier: MIT */
/*
 * ref_partial.c - GSO_PARTIAL: frames, and what a device makes of them
 *
 * A frame has the headers of the first wire segment that it stands for, and
 * the payload of all; only its transport header speaks of the whole frame.
 */
#include <stdlib.h>
#include <string.h>

#include "ref_nest.h"

/*
 * R-PART-6. The caller asks for seeds, since that is what a frame has. No device
 * covers a seed with another checksum.
 */
static bool covered(const struct segoff_meta *m,
		    const struct segoff_gso_opts *o)
{
	return o->partial && o->csum == SEGOFF_OUT_PARTIAL &&
	       !(m->gso_type & ~(o->partial | SEGOFF_GSO_DODGY)) &&
	       !(m->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM);
}

/* R-PART-1: segments in a full frame. */
static size_t segments(const struct ref_super *s)
{
	size_t payload = s->p->len - s->hlen;

	return (payload < 65534 ? payload : 65534) / s->size;
}

/*
 * R-PART-3, R-PART-4: frame @f of segments of their own size, @whole: as if the
 * frame were one segment. A tail of one segment is that segment.
 */
static struct ref_seg *frame(const struct ref_deep *d,
			     const struct ref_deep *whole, size_t f, size_t m)
{
	struct ref_seg *wire = ref_nest_build(d, f * m, SEGOFF_OUT_PARTIAL);
	struct ref_seg *seg = ref_nest_build(whole, f, SEGOFF_OUT_PARTIAL);
	size_t th = d->s.w.th - (d->s.jumbo ? 8 : 0);

	memcpy(seg->at, wire->at, th);
	free(wire);
	return seg;
}

/* R-PART-2. Taking out a jumbo header moves what is behind it. */
static struct segoff_meta describe(const struct ref_deep *d, size_t m,
				   size_t payload)
{
	struct segoff_meta r = *d->meta;
	uint16_t gone = d->s.jumbo ? 8 : 0;

	r.csum_start = (uint16_t)(d->s.w.th - gone);
	r.csum_offset = d->s.w.proto == 6 ? 16 : 6;
	r.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	if (r.inner_th_off)
		r.inner_th_off = (uint16_t)(r.inner_th_off - gone);
	if (r.th_off && r.th_off == d->s.w.th)
		r.th_off = (uint16_t)(r.th_off - gone);
	if (payload <= d->s.size) {
		r.gso_type = r.gso_size = r.gso_segs = 0;
		return r;
	}
	r.gso_type = (r.gso_type | SEGOFF_GSO_PARTIAL) & ~SEGOFF_GSO_DODGY;
	r.gso_segs = (uint16_t)(payload < m * d->s.size ?
					(payload + d->s.size - 1) / d->s.size :
					m);
	return r;
}

int ref_partial(const struct ref_pkt *p, const struct segoff_meta *m,
		const struct segoff_gso_opts *o, struct ref_frames *f,
		enum segoff_verdict *why)
{
	struct ref_deep d, whole;
	int err = ref_admit(p, NULL, m, o, &d, why);
	size_t per, n;

	*f = (struct ref_frames){ 0 };
	if (err)
		return err;
	if (d.s.count == 1 || !covered(m, &d.opts) || d.s.ufo || d.s.by_frags)
		return 1;
	per = segments(&d.s);
	if (per <= 1)
		return 1;
	whole = d;
	whole.s.m = &whole.m;
	whole.s.size = f->size = per * d.s.size;
	whole.s.count = n = (p->len - d.s.hlen + f->size - 1) / f->size;
	f->meta = calloc(n, sizeof(*f->meta));
	for (size_t i = 0; i < n; i++) {
		size_t left = p->len - d.s.hlen - i * f->size;

		ref_append(&f->list, frame(&d, &whole, i, per));
		f->meta[i] = describe(&d, per, left < f->size ? left : f->size);
	}
	return 0;
}

void ref_frames_free(struct ref_frames *f)
{
	ref_free(&f->list);
	free(f->meta);
	f->meta = NULL;
}

/* Wire segment @j: the frame's headers, and a transport header of its own. */
static struct ref_seg *replica(const struct ref_deep *d, size_t j,
			       uint32_t csum)
{
	struct ref_super s = d->s;
	struct ref_seg *seg;

	s.csum = csum;
	s.jumbo = false;
	seg = ref_build(&s, j);
	memcpy(seg->at, s.p->at, s.w.th);
	return seg;
}

/*
 * A device repeats all lengths and outer checksums, which are those of a full
 * segment; it touches nothing but identifications. Decision: where the last one
 * is shorter (a tail of BIG TCP), they are made for it.
 */
static struct ref_seg *wire(const struct ref_deep *d, size_t j)
{
	struct ref_seg *seg = replica(d, j, ref_nest_first(d, d->s.csum));
	struct ref_seg *seeded;

	for (size_t i = d->n.n; i-- > 0;)
		if (seg->len < d->s.hlen + d->s.size)
			ref_nest_fix(d, seg, i, j);
		else
			ref_nest_id(d, seg, i, j);
	if (d->s.csum != SEGOFF_OUT_PARTIAL)
		return seg;
	seeded = replica(d, j, SEGOFF_OUT_PARTIAL);
	memcpy(seg->at + d->s.w.th, seeded->at + d->s.w.th,
	       seg->len - d->s.w.th);
	free(seeded);
	return seg;
}

int ref_expand(const struct ref_deep *d, struct ref_list *out)
{
	for (size_t j = 0; j < d->s.count; j++)
		ref_append(out, wire(d, j));
	return 0;
}

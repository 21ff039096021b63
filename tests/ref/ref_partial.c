/* SPDX-License-Identifier: MIT */
/*
 * ref_partial.c - GSO_PARTIAL: frames, and what a device makes of them
 *
 * A frame has the headers of the first wire segment that it stands for, and
 * the payload of all; only its transport header speaks of the whole frame.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ref_nest.h"

#define FIN_PSH 0x09
#define CWR	0x80

/* No device cuts fragments, or covers a seed with another checksum. */
#define NOT_PARTIAL \
	(SEGOFF_GSO_UDP | SEGOFF_GSO_TUNNEL_REMCSUM | SEGOFF_GSO_PARTIAL)

/* R-PART-6. The caller asks for seeds, since that is what a frame has. */
static bool covered(const struct segoff_meta *m,
		    const struct segoff_gso_opts *o)
{
	return o->partial && o->csum == SEGOFF_OUT_PARTIAL &&
	       !(m->gso_type & ~(o->partial | SEGOFF_GSO_DODGY)) &&
	       !(m->gso_type & NOT_PARTIAL);
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
	int err = ref_nest_admit(p, m, o, &d, why);
	size_t per, n;

	*f = (struct ref_frames){ 0 };
	if (err || !m->gso_size || !covered(m, &d.opts) || d.s.ufo)
		return err ? err : 1;
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

/* The transport header of wire segment @j of a frame. */
static void transport(const struct ref_deep *d, struct ref_seg *seg, size_t j,
		      bool last)
{
	const struct ref_super *s = &d->s;
	uint8_t *th = seg->at + s->w.th;
	uint8_t *check = th + (s->w.proto == 6 ? 16 : 6);
	size_t len = seg->len - s->w.th, all = s->p->len - s->w.th;
	uint16_t v;

	if (s->w.proto == 6) {
		ref_put32(th + 4, ref_get32(th + 4) + (uint32_t)(j * s->size));
		if (!last)
			th[13] &= (uint8_t)~FIN_PSH;
		if (j && !(d->meta->gso_type & SEGOFF_GSO_TCP_ACCECN))
			th[13] &= (uint8_t)~CWR;
	} else {
		ref_put16(th + 4, len);
		all &= 0xffff;
	}
	v = ref_fold((uint64_t)ref_get16(check) + ref_not(ref_fold(all)) + len);
	ref_put16(check, v);
	v = ref_not(ref_fold(ref_sum(th, len)));
	ref_put16(check, v || s->w.proto == 6 ? v : 0xffff);
}

/*
 * Wire segment @j. A device repeats all lengths and outer checksums, which are
 * those of a full segment. Decision: where the last one is shorter (a tail of
 * BIG TCP), they are made for it.
 */
static struct ref_seg *wire(const struct ref_deep *d, size_t j, bool last)
{
	const struct ref_super *s = &d->s;
	size_t from = s->hlen + j * s->size, n = s->p->len - from;
	struct ref_seg *seg;

	if (n > s->size)
		n = s->size;
	seg = malloc(sizeof(*seg) + s->hlen + n);
	seg->next = NULL;
	seg->len = s->hlen + n;
	memcpy(seg->at, s->p->at, s->hlen);
	memcpy(seg->at + s->hlen, s->p->at + from, n);
	transport(d, seg, j, last);
	for (size_t i = d->n.n; i-- > 0;)
		if (n < s->size)
			ref_nest_fix(d, seg, i, j);
		else
			ref_nest_id(d, seg, i, j);
	return seg;
}

int ref_expand(const struct ref_pkt *p, const struct segoff_meta *m,
	       const struct segoff_ports *ports, struct ref_list *out)
{
	const struct segoff_gso_opts o = { .sz = sizeof(o), .ports = ports };
	enum segoff_verdict why;
	struct ref_deep d;
	int err = ref_nest_admit(p, m, &o, &d, &why);

	if (err)
		return err;
	for (size_t j = 0; j < d.s.count; j++)
		ref_append(out, wire(&d, j, j == d.s.count - 1));
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * cut.c - split's work on one record
 *
 * Theory of operation
 * -------------------
 * A packet with nothing to remark, or that is left alone, is copied with its
 * record. One whose checksum or length was never filled in is mended in the
 * output buffer. A superpacket is segmented straight into the output buffer;
 * each segment becomes a record of its own that inherits time and options.
 */
#include "cut.h"

#include <string.h>

#define OFFLOAD_FLAGS (EPB_CSUM_NOTREADY | EPB_TCP_PENDING)

/* Offload flags that are true of a frame that leaves us. */
static void set_flags(struct capture_frame *f, const struct seen *s,
		      bool unfinished)
{
	f->flags = s->rec.flags & ~OFFLOAD_FLAGS;
	if (unfinished)
		f->flags |= EPB_CSUM_NOTREADY;
	f->has_flags = s->rec.has_flags || f->flags;
}

/*
 * The record as it is, but without its virtio_net_hdr, and without offload
 * flags if the packet was found @settled: nothing is left for a device to do.
 */
static int copy(struct cutter *c, const struct seen *s, bool settled,
		struct port_error *e)
{
	const uint8_t *bytes = window_bytes(c->window, s);
	struct capture_frame f = { .len = s->caplen,
				   .orig_len = s->len,
				   .time = s->rec.time,
				   .flags = s->rec.flags,
				   .has_flags = s->rec.has_flags,
				   .changed = s->vnet };
	bool stale = settled && s->rec.flags & OFFLOAD_FLAGS;
	uint8_t *to;

	totals_wrote(c->totals, s->caplen);
	if (stale)
		set_flags(&f, s, false);
	if (!stale && !c->examine.vnet)
		return capture_copy(c->writer, &s->rec, bytes, e);
	to = capture_begin(c->writer, &s->rec, s->caplen, e);
	if (!to)
		return e->code;
	memcpy(to, window_frame(c->window, s), s->caplen);
	capture_end(c->writer, &s->rec, bytes, &f);
	return 0;
}

/* The packet with what was never filled in. */
static int mend(struct cutter *c, const struct seen *s,
		const struct finding *found, struct port_error *e)
{
	struct capture_frame f = { .len = s->caplen,
				   .orig_len = s->len,
				   .time = s->rec.time,
				   .changed = true };
	bool sums = found->fix_sum && !c->keep;
	struct iovec iov = { .iov_len = s->caplen };
	struct segoff_pkt pkt = { &iov, 1, s->link };

	c->report->sums += sums;
	c->report->lengths += found->fix_length;
	totals_wrote(c->totals, s->caplen);
	iov.iov_base = capture_begin(c->writer, &s->rec, s->caplen, e);
	if (!iov.iov_base)
		return e->code;
	memcpy(iov.iov_base, found->iov.iov_base, s->caplen);
	if (found->fix_length)
		segoff_length_repair(&pkt, &s->st);
	if (sums)
		segoff_csum_rewrite(&pkt, &s->st);
	set_flags(&f, s, found->fix_sum && !sums);
	capture_end(c->writer, &s->rec, window_bytes(c->window, s), &f);
	return 0;
}

/* The time of segment @k of @n. */
static uint64_t segment_time(const struct cutter *c, const struct seen *s,
			     uint64_t k, uint64_t n)
{
	uint64_t gap;

	if (!c->spread || !s->has_next || s->next_time <= s->rec.time)
		return s->rec.time;
	gap = s->next_time - s->rec.time;
	return s->rec.time + gap / n * k + gap % n * k / n;
}

/* What merge added goes: its comment, and flags if there were none. */
static void undo_merge(struct capture_frame *f, const struct finding *found)
{
	f->without = found->merged;
	if (!found->merged || f->flags)
		return;
	f->has_flags = false;
	f->no_flags = true;
}

/* Segments of a superpacket, or the one of a packet with metadata. */
static int write_segments(struct cutter *c, const struct seen *s,
			  const struct finding *found, struct segoff_gso *g,
			  const struct segoff_bound *b, bool unfinished,
			  struct port_error *e)
{
	const uint8_t *bytes = window_bytes(c->window, s);
	struct capture_frame f = { .changed = true };
	uint8_t *to;

	set_flags(&f, s, unfinished);
	undo_merge(&f, found);
	for (size_t k = 0; k < b->segs; k++) {
		to = capture_begin(c->writer, &s->rec, b->largest, e);
		if (!to)
			return e->code;
		f.len = (uint32_t)segoff_gso_next(g, to, b->largest);
		f.orig_len = f.len;
		f.time = segment_time(c, s, k, b->segs);
		f.segment = b->segs > 1 ? (uint32_t)k + 1 : 0;
		capture_end(c->writer, &s->rec, bytes, &f);
		totals_wrote(c->totals, f.len);
	}
	return 0;
}

static bool was_unfinished(const struct finding *f)
{
	return f->meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL || f->fix_sum;
}

/* Leave it as it is, or out. */
static int spare(struct cutter *c, const struct seen *s,
		 const struct finding *f, struct port_error *e)
{
	report_note(c->report, s->rec.number, f->alone, f->refused);
	return f->refused ? 0 : copy(c, s, false, e);
}

static int cut(struct cutter *c, const struct seen *s, struct finding *found,
	       struct port_error *e)
{
	bool leave = c->keep && was_unfinished(found);
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .frag_id = c->frag_id,
				     .csum = leave ? SEGOFF_OUT_PARTIAL :
						     SEGOFF_OUT_COMPLETE };
	struct report *r = c->report;
	struct segoff_bound b;
	struct segoff_gso g;

	if (!examine_cut(s, &c->examine, &o, found, &g, &b))
		return spare(c, s, found, e);
	if (b.segs > 1) {
		r->superpackets++;
		r->segments += b.segs;
		r->how[found->how]++;
		r->lengths += found->fix_length;
		c->frag_id++;
	}
	r->sums += !leave && was_unfinished(found);
	return write_segments(c, s, found, &g, &b, leave, e);
}

int cut_record(struct cutter *c, const struct seen *s, struct port_error *e)
{
	struct finding f;

	if (!s->rec.packet)
		return capture_copy(c->writer, &s->rec,
				    window_bytes(c->window, s), e);
	totals_read(c->totals, s->caplen);
	examine(c->window, s, &c->examine, &f);
	if (f.alone != SEGOFF_V_OK)
		return spare(c, s, &f, e);
	if (examine_has_meta(&f))
		return cut(c, s, &f, e);
	if (f.fix_sum || f.fix_length)
		return mend(c, s, &f, e);
	return copy(c, s, c->examine.vnet || f.sum.state != SEGOFF_CSUM_NONE,
		    e);
}

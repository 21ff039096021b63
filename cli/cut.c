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
 * Partial frames are segments to us, that a device cuts further.
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

/* The frame's place, behind the virtio_net_hdr that it may get. */
static uint8_t *begin(struct cutter *c, const struct seen *s, size_t len,
		      struct port_error *e)
{
	uint8_t *to = capture_begin(c->writer, &s->rec, c->vnet.size + len, e);

	return to ? to + c->vnet.size : NULL;
}

/* The frame is there, and this is what is known of it. */
static void end(struct cutter *c, const struct seen *s, uint8_t *to,
		struct capture_frame *f, const struct segoff_meta *meta)
{
	struct iovec iov = { to, f->len };
	struct segoff_pkt pkt = { &iov, 1, s->link };

	totals_wrote(c->totals, f->len);
	vnet_say(&c->vnet, to - c->vnet.size, &pkt, meta);
	f->len += c->vnet.size;
	f->orig_len += c->vnet.size;
	capture_end(c->writer, &s->rec, window_bytes(c->window, s), f);
}

/* A packet that was not touched: does its checksum wait for somebody? */
static struct segoff_meta left_so(const struct seen *s, const struct finding *f)
{
	struct segoff_meta meta = { 0 };

	if (f->sum.state != SEGOFF_CSUM_PARTIAL || f->sum.remote)
		return meta;
	meta.ip_summed = SEGOFF_CHECKSUM_PARTIAL;
	meta.csum_start = s->st.layer[s->st.nlayer - 1].off;
	meta.csum_offset = (uint16_t)(f->sum.field - meta.csum_start);
	return meta;
}

/*
 * The record as it is, but with other virtio_net_hdrs than before, and without
 * offload flags if the packet was found @settled: nothing is left for a device
 * to do.
 */
static int copy(struct cutter *c, const struct seen *s,
		const struct finding *found, bool settled, struct port_error *e)
{
	struct capture_frame f = { .len = s->caplen,
				   .orig_len = s->len,
				   .time = s->rec.time,
				   .flags = s->rec.flags,
				   .has_flags = s->rec.has_flags,
				   .changed = s->vnet || c->vnet.size };
	bool stale = settled && s->rec.flags & OFFLOAD_FLAGS;
	struct segoff_meta meta;
	uint8_t *to;

	if (stale)
		set_flags(&f, s, false);
	if (!stale && !c->examine.vnet && !c->vnet.size) {
		totals_wrote(c->totals, s->caplen);
		return capture_copy(c->writer, &s->rec,
				    window_bytes(c->window, s), e);
	}
	to = begin(c, s, s->caplen, e);
	if (!to)
		return e->code;
	memcpy(to, window_frame(c->window, s), s->caplen);
	meta = left_so(s, found);
	end(c, s, to, &f, &meta);
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
	struct segoff_meta meta = { 0 };
	struct iovec iov = { .iov_len = s->caplen };
	struct segoff_pkt pkt = { &iov, 1, s->link };

	c->report->sums += sums;
	c->report->lengths += found->fix_length;
	iov.iov_base = begin(c, s, s->caplen, e);
	if (!iov.iov_base)
		return e->code;
	memcpy(iov.iov_base, found->iov.iov_base, s->caplen);
	if (found->fix_length)
		segoff_length_repair(&pkt, &s->st);
	if (sums)
		segoff_csum_rewrite(&pkt, &s->st);
	else
		meta = left_so(s, found);
	set_flags(&f, s, found->fix_sum && !sums);
	end(c, s, iov.iov_base, &f, &meta);
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

/* What is true of segment @k by flags of pcapng. */
static void flag_segment(struct capture_frame *f, const struct seen *s,
			 const struct finding *found,
			 const struct segoff_meta *meta, bool unfinished)
{
	f->no_flags = false;
	set_flags(f, s, unfinished);
	if (meta->gso_type & (SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6))
		f->flags |= EPB_TCP_PENDING;
	undo_merge(f, found);
}

/* Segments of a superpacket, or the one of a packet with metadata. */
static int write_segments(struct cutter *c, const struct seen *s,
			  const struct finding *found, struct segoff_gso *g,
			  const struct segoff_bound *b, struct port_error *e)
{
	struct capture_frame f = { .changed = true };
	struct segoff_meta meta;
	uint8_t *to;

	for (size_t k = 0; k < b->segs; k++) {
		to = begin(c, s, b->largest, e);
		if (!to)
			return e->code;
		segoff_gso_meta_of(g, k, &meta);
		flag_segment(&f, s, found, &meta,
			     meta.ip_summed == SEGOFF_CHECKSUM_PARTIAL);
		f.len = (uint32_t)segoff_gso_next(g, to, b->largest);
		f.orig_len = f.len;
		f.time = segment_time(c, s, k, b->segs);
		f.segment = b->segs > 1 ? (uint32_t)k + 1 : 0;
		c->report->partial += meta.gso_size != 0;
		end(c, s, to, &f, &meta);
	}
	return 0;
}

/* Leave it as it is, or out. */
static int spare(struct cutter *c, const struct seen *s,
		 const struct finding *f, struct port_error *e)
{
	report_note(c->report, s->rec.number, f->alone, f->refused);
	return f->refused ? 0 : copy(c, s, f, false, e);
}

/* Which superpackets a device gets as partial frames. */
static uint32_t partial_types(const struct cutter *c, const struct finding *f)
{
	if (!c->partial || !f->meta.gso_size ||
	    (c->vnet.size && !vnet_can_say(&c->vnet, &f->meta)))
		return 0;
	/* a receiver's checksum would not be that of every segment */
	return ~SEGOFF_GSO_TUNNEL_REMCSUM;
}

static void count_super(struct cutter *c, const struct finding *found,
			const struct segoff_bound *b)
{
	struct report *r = c->report;

	r->superpackets++;
	r->segments += b->segs;
	r->how[found->how]++;
	r->lengths += found->fix_length;
	c->frag_id++;
}

static int cut(struct cutter *c, const struct seen *s, struct finding *found,
	       struct port_error *e)
{
	bool waits = examine_unfinished(found);
	struct segoff_gso_opts o = { .sz = sizeof(o),
				     .frag_id = c->frag_id,
				     .partial = partial_types(c, found),
				     .ports = c->examine.ports };
	struct segoff_bound b;
	struct segoff_gso g;

	if ((c->keep && waits) || o.partial)
		o.csum = SEGOFF_OUT_PARTIAL;
	if (!examine_cut(s, &c->examine, &o, found, &g, &b))
		return spare(c, s, found, e);
	if (found->segments > 1) {
		count_super(c, found, &b);
		c->report->unsaid += c->partial && !o.partial;
	}
	c->report->sums += o.csum == SEGOFF_OUT_COMPLETE &&
			   (waits || found->fix_sum);
	return write_segments(c, s, found, &g, &b, e);
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
	return copy(c, s, &f,
		    c->examine.vnet || f.sum.state != SEGOFF_CSUM_NONE, e);
}

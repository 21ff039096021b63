/* SPDX-License-Identifier: MIT */
/* merge_out.c - merge's output: superpackets, and packets as they are */
#include "merge_out.h"

#include <string.h>

#include "merged.h"
#include "vnet_out.h"

/* The frame's place, behind its virtio_net_hdr. */
static uint8_t *begin(const struct merge_out *o,
		      const struct capture_record *rec, size_t len,
		      const struct segoff_meta *meta, struct port_error *e)
{
	size_t more = o->vnet + (o->comment ? CAPTURE_COMMENT_ROOM : 0);
	uint8_t *to = capture_begin(o->writer, rec, len + more, e);

	if (!to)
		return NULL;
	totals_wrote(o->totals, len);
	if (o->vnet)
		segoff_vnet_encode(meta, to, o->vnet, &VNET_SAYS);
	return to + o->vnet;
}

static int write_alone(const struct merge_out *o, const struct batch *b,
		       size_t i, struct port_error *e)
{
	static const struct segoff_meta nothing;
	const struct capture_record *rec = &b->rec[i];
	struct capture_frame f = { .len = o->vnet + rec->caplen,
				   .orig_len = o->vnet + rec->len,
				   .time = rec->time,
				   .changed = o->vnet };
	uint8_t *to;

	if (!o->vnet) {
		totals_wrote(o->totals, rec->caplen);
		return capture_copy(o->writer, rec, b->bytes[i], e);
	}
	to = begin(o, rec, rec->caplen, &nothing, e);
	if (!to)
		return e->code;
	memcpy(to, batch_frame(b, i), rec->caplen);
	capture_end(o->writer, rec, b->bytes[i], &f);
	return 0;
}

/* Say in pcapng how it is to be cut. */
static void describe(struct capture_frame *f, const struct capture_record *rec,
		     const struct joined *s, char text[CAPTURE_COMMENT_MAX + 1])
{
	merged_text(text, &s->meta, s->npkt);
	f->comment = text;
	f->has_flags = true;
	f->flags = rec->flags | EPB_CSUM_NOTREADY;
	if (!(s->meta.gso_type & SEGOFF_GSO_UDP_L4))
		f->flags |= EPB_TCP_PENDING;
}

static int write_super(const struct merge_out *o, const struct batch *b,
		       size_t i, const struct joined *s, struct port_error *e)
{
	const struct capture_record *rec = &b->rec[i];
	char text[CAPTURE_COMMENT_MAX + 1];
	struct capture_frame f = { .len = (uint32_t)(o->vnet + s->len),
				   .orig_len = (uint32_t)(o->vnet + s->len),
				   .time = rec->time,
				   .changed = true };
	uint8_t *to = begin(o, rec, s->len, &s->meta, e);

	if (!to)
		return e->code;
	for (size_t k = 0; k < s->niov; k++) {
		memcpy(to, s->iov[k].iov_base, s->iov[k].iov_len);
		to += s->iov[k].iov_len;
	}
	if (o->comment)
		describe(&f, rec, s, text);
	capture_end(o->writer, rec, b->bytes[i], &f);
	return 0;
}

int merge_write(const struct merge_out *o, const struct batch *b,
		const struct join *j, struct port_error *e)
{
	const struct joined *s;
	int err = 0;

	for (size_t i = 0; i < b->n && !err; i++) {
		s = join_super(j, i);
		if (s)
			err = write_super(o, b, i, s, e);
		else if (!join_merged(j, i))
			err = write_alone(o, b, i, e);
	}
	if (!err && b->has_block)
		err = capture_copy(o->writer, &b->block,
				   capture_bytes(b->reader, &b->block), e);
	return err;
}

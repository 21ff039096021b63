/* SPDX-License-Identifier: MIT */
/*
 * writer.c - writing capture files: what is the same in all formats
 *
 * Records are built in a buffer that goes out when the next one might not fit.
 */
#include "writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Like the reader's chunk, to stay in the cache. */
#define BUFFER_SIZE (256u << 10)

/* What a frame's record may need beyond those of the record it comes from:
 * padding, an epb_flags option, an opt_endofopt. */
#define FRAME_EXTRA 16u

int capture_flush(struct capture_writer *w, struct port_error *e)
{
	int err = output_write(w->out, w->buf, w->fill, e);

	if (err)
		return err;
	w->passed += w->fill;
	w->fill = 0;
	return 0;
}

static int grow(struct capture_writer *w, size_t size, struct port_error *e)
{
	uint8_t *buf = realloc(w->buf, size);

	if (!buf)
		return port_fail(e, -ENOMEM, "out of memory");
	w->buf = buf;
	w->size = size;
	return 0;
}

/* Make room for this many bytes. */
static int reserve(struct capture_writer *w, size_t n, struct port_error *e)
{
	int err;

	if (w->size - w->fill >= n)
		return 0;
	err = capture_flush(w, e);
	if (err || w->size >= n)
		return err;
	return grow(w, n, e);
}

int capture_create(struct capture_writer **w, const char *path,
		   const struct capture_reader *like, int from, int to,
		   struct port_error *e)
{
	struct capture_writer *c = calloc(1, sizeof(*c));
	int err;

	*w = NULL;
	if (!c)
		return port_fail(e, -ENOMEM, "out of memory");
	c->format = like->format;
	c->from = from;
	c->to = to;
	err = grow(c, BUFFER_SIZE, e);
	if (!err)
		err = output_open(&c->out, path, e);
	if (err) {
		capture_abandon(c);
		return err;
	}
	c->format->create(c, like);
	*w = c;
	return 0;
}

int capture_copy(struct capture_writer *w, const struct capture_record *rec,
		 const uint8_t *bytes, struct port_error *e)
{
	uint8_t *record;
	int err = reserve(w, rec->size, e);

	if (err)
		return err;
	record = w->buf + w->fill;
	memcpy(record, bytes, rec->size);
	w->fill += rec->size;
	if (rec->packet)
		w->packets++;
	else
		w->format->copied(w, record);
	return 0;
}

uint8_t *capture_begin(struct capture_writer *w,
		       const struct capture_record *rec, size_t room,
		       struct port_error *e)
{
	if (reserve(w, rec->size + room + FRAME_EXTRA, e))
		return NULL;
	return w->buf + w->fill + rec->data;
}

void capture_end(struct capture_writer *w, const struct capture_record *rec,
		 const uint8_t *bytes, const struct capture_frame *f)
{
	w->fill += w->format->frame(w, w->buf + w->fill, rec, bytes, f);
	w->packets++;
}

bool capture_direct(const struct capture_writer *w)
{
	return output_direct(w->out);
}

uint64_t capture_packets(const struct capture_writer *w)
{
	return w->packets;
}

uint64_t capture_written(const struct capture_writer *w)
{
	return w->passed + w->fill;
}

static void release(struct capture_writer *w)
{
	free(w->buf);
	free(w);
}

int capture_finish(struct capture_writer *w, struct port_error *e)
{
	int err = capture_flush(w, e);

	if (err)
		output_abandon(w->out);
	else
		err = output_finish(w->out, e);
	release(w);
	return err;
}

void capture_abandon(struct capture_writer *w)
{
	if (!w)
		return;
	output_abandon(w->out);
	release(w);
}

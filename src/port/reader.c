/* SPDX-License-Identifier: MIT */
/*
 * reader.c - reading capture files: what is the same in all formats
 */
#include "reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "lookslike.h"

/* More interfaces than a capture has; each costs memory. */
#define IFACES_MAX (1u << 20)

static const struct format *const formats[] = {
	&pcap_format,
	&pcapng_format,
	NULL,
};

static const char *name_of(const struct capture_reader *r)
{
	return input_name(r->span.in);
}

/* What the next record is, in words. */
static void describe(const struct capture_reader *r, char *text, size_t size)
{
	bool partly = span_ahead(&r->span) > 0;

	if (!reader_at(r))
		snprintf(text, size, "in the file header");
	else if (partly && r->format->in_packet(r))
		snprintf(text, size, "in packet %" PRIu64, r->packets + 1);
	else if (r->packets)
		snprintf(text, size, "after packet %" PRIu64, r->packets);
	else
		snprintf(text, size, "before the first packet");
}

int reader_damaged(const struct capture_reader *r, struct port_error *e,
		   const char *format, ...)
{
	char where[64], what[160];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	describe(r, where, sizeof(where));
	return port_fail(e, -EBADMSG,
			 PORT_NAME ": is damaged at byte %" PRIu64 ", %s: %s",
			 name_of(r), reader_at(r), where, what);
}

/* The file ends before the record does, of which @n bytes are needed. */
static int breaks_off(const struct capture_reader *r, size_t n,
		      struct port_error *e)
{
	size_t have = span_ahead(&r->span);
	char where[64];

	describe(r, where, sizeof(where));
	return port_fail(e, -EBADMSG,
			 PORT_NAME ": breaks off at byte %" PRIu64
				   ", %s: %zu of at least %zu bytes are there",
			 name_of(r), reader_at(r) + have, where, have, n);
}

/* Add to a failure of the input where in the capture it happened. */
static void locate(const struct capture_reader *r, struct port_error *e)
{
	size_t n = strlen(e->text);
	char where[64];

	describe(r, where, sizeof(where));
	snprintf(e->text + n, sizeof(e->text) - n,
		 ", at%s byte %" PRIu64 ", %s",
		 *input_compression(r->span.in) ? " uncompressed" : "",
		 reader_at(r) + span_ahead(&r->span), where);
}

int reader_wait(struct capture_reader *r, size_t n, struct port_error *e)
{
	int ret = span_fill(&r->span, n, e);

	if (ret < 0 && ret != -EAGAIN)
		locate(r, e);
	else if (!ret && span_ahead(&r->span))
		ret = breaks_off(r, n, e);
	return ret;
}

int reader_add_iface(struct capture_reader *r, const struct iface *iface,
		     struct port_error *e)
{
	uint32_t room = r->iface_room ? 2 * r->iface_room : 4;
	struct iface *more;

	if (r->nifaces == IFACES_MAX)
		return reader_damaged(r, e, "more than %u interfaces",
				      IFACES_MAX);
	if (r->nifaces == r->iface_room) {
		more = realloc(r->iface, room * sizeof(*more));
		if (!more)
			return port_fail(e, -ENOMEM, "out of memory");
		r->iface = more;
		r->iface_room = room;
	}
	r->iface[r->nifaces++] = *iface;
	return 0;
}

/* No format was recognised by these first bytes. */
static int refuse(const struct capture_reader *r, struct port_error *e)
{
	const uint8_t *p = span_next(&r->span);
	size_t n = span_ahead(&r->span);
	const char *what = looks_like(p, n);

	if (!n)
		return port_fail(e, -EILSEQ,
				 PORT_NAME ": not a capture file (empty)",
				 name_of(r));
	if (what)
		return port_fail(e, -EILSEQ,
				 PORT_NAME ": not a pcap or pcapng file; it "
					   "looks like %s",
				 name_of(r), what);
	if (n < 4)
		return port_fail(e, -EILSEQ,
				 PORT_NAME ": not a pcap or pcapng file; it "
					   "has only %zu bytes",
				 name_of(r), n);
	return port_fail(e, -EILSEQ,
			 PORT_NAME ": not a pcap or pcapng file; it begins "
				   "with bytes %02x %02x %02x %02x",
			 name_of(r), p[0], p[1], p[2], p[3]);
}

static const struct format *format_of(const struct capture_reader *r)
{
	for (const struct format *const *f = formats; *f; f++)
		if ((*f)->match(span_next(&r->span), span_ahead(&r->span)))
			return *f;
	return NULL;
}

static int recognise(struct capture_reader *r, struct port_error *e)
{
	int ret = span_fill(&r->span, READER_HEAD, e);

	if (ret < 0) {
		locate(r, e);
		return ret;
	}
	r->format = format_of(r);
	return r->format ? r->format->begin(r, e) : refuse(r, e);
}

int capture_open(struct capture_reader **r, const char *path,
		 struct port_error *e)
{
	struct capture_reader *c = calloc(1, sizeof(*c));
	struct input *in = NULL;
	int err;

	*r = NULL;
	if (!c)
		return port_fail(e, -ENOMEM, "out of memory");
	err = input_open(&in, path, e);
	if (err) {
		free(c);
		return err;
	}
	err = span_open(&c->span, in, e);
	if (!err)
		err = recognise(c, e);
	if (err)
		capture_close(c);
	else
		*r = c;
	return err;
}

enum capture_format capture_format(const struct capture_reader *r)
{
	return r->format->id;
}

const char *capture_compression(const struct capture_reader *r)
{
	return input_compression(r->span.in);
}

void capture_patience(struct capture_reader *r, int ms)
{
	r->span.patience = ms;
}

int capture_next(struct capture_reader *r, struct capture_record *rec,
		 struct port_error *e)
{
	int ret;

	if (r->failed.code) {
		*e = r->failed;
		return e->code;
	}
	ret = r->format->next(r, rec, e);
	if (ret < 0 && ret != -EAGAIN)
		r->failed = *e;
	return ret;
}

const uint8_t *capture_bytes(const struct capture_reader *r,
			     const struct capture_record *rec)
{
	return r->span.buf + (rec->at - r->span.base);
}

void capture_release(struct capture_reader *r, uint64_t at)
{
	span_release(&r->span, at);
}

int capture_linktype(const struct capture_reader *r)
{
	return r->nifaces ? r->iface[0].linktype : -1;
}

uint64_t capture_ticks(const struct capture_reader *r, uint32_t iface)
{
	return r->iface[iface].ticks;
}

uint32_t capture_snaplen(const struct capture_reader *r, uint32_t iface)
{
	return r->iface[iface].snaplen;
}

uint64_t capture_progress(const struct capture_reader *r, uint64_t *total)
{
	return input_progress(r->span.in, total);
}

bool capture_same_file(const struct capture_reader *r, const char *path)
{
	return input_same_file(r->span.in, path);
}

void capture_close(struct capture_reader *r)
{
	if (!r)
		return;
	span_close(&r->span);
	free(r->iface);
	free(r);
}

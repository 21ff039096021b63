/* SPDX-License-Identifier: MIT */
/*
 * pcapng_options.c - options of pcapng blocks
 *
 * A damaged list of options spoils nothing but itself, so it is read as far as
 * it is good.
 */
#include <string.h>

#include "order.h"
#include "pcapng.h"

bool pcapng_next_option(struct options *list, struct option *o)
{
	size_t room = (size_t)(list->end - list->p);

	if (room < OPTION_HEADER)
		return false;
	o->start = list->p;
	o->value = list->p + OPTION_HEADER;
	o->code = get16(list->p, list->big);
	o->len = get16(list->p + 2, list->big);
	if (o->code == OPTION_END || room < OPTION_HEADER + pad4(o->len))
		return false;
	list->p += OPTION_HEADER + pad4(o->len);
	return true;
}

void pcapng_read_options(struct options list, struct capture_record *rec)
{
	struct option o;

	rec->big = list.big;
	while (pcapng_next_option(&list, &o)) {
		if (o.code != OPTION_FLAGS || o.len != OPTION_FLAGS_LEN ||
		    rec->has_flags) {
			rec->extras = true;
			continue;
		}
		rec->has_flags = true;
		rec->flags = get32(o.value, list.big);
	}
}

static bool begins_with(const struct option *o, const char *prefix)
{
	size_t n = strlen(prefix);

	return o->len >= n && !memcmp(o->value, prefix, n);
}

const char *capture_comment(const struct capture_record *rec,
			    const uint8_t *bytes, const char *prefix,
			    size_t *len)
{
	struct options list = { .end = bytes + rec->size - BLOCK_TRAILER,
				.big = rec->big };
	struct option o;

	if (!rec->extras)
		return NULL;
	list.p = bytes + PACKET_HEADER + pad4(rec->caplen);
	while (pcapng_next_option(&list, &o)) {
		if (o.code != OPTION_COMMENT || !begins_with(&o, prefix))
			continue;
		*len = o.len;
		return (const char *)o.value;
	}
	return NULL;
}

/* The highest bit says of which base the others are the exponent. */
static uint64_t power(uint8_t resolution)
{
	uint64_t base = resolution & 0x80 ? 2 : 10, ticks = 1;

	for (int i = resolution & 0x7f; i; i--) {
		if (ticks > UINT64_MAX / base)
			return 0;
		ticks *= base;
	}
	return ticks;
}

uint64_t pcapng_find_ticks(struct options list)
{
	struct option o;

	while (pcapng_next_option(&list, &o))
		if (o.code == OPTION_IF_TICKS && o.len == 1)
			return power(*o.value);
	return 1000000;
}

/* Does an option hold for this frame, too? */
static bool holds(const struct option *o, const struct capture_frame *f)
{
	switch (o->code) {
	case OPTION_FLAGS:
	case OPTION_QUEUE:
	case OPTION_VERDICT:
	case OPTION_PROCESS:
		return true;
	case OPTION_HASH:
		return f->segment < 2 && !f->changed;
	default:
		return f->segment < 2;
	}
}

static uint8_t *put_header(uint8_t *to, uint16_t code, uint16_t len, bool big)
{
	put16(to, code, big);
	put16(to + 2, len, big);
	return to + OPTION_HEADER;
}

static uint8_t *put_flags(uint8_t *to, uint32_t flags, bool big)
{
	to = put_header(to, OPTION_FLAGS, OPTION_FLAGS_LEN, big);
	put32(to, flags, big);
	return to + OPTION_FLAGS_LEN;
}

static uint8_t *put_comment(uint8_t *to, const char *text, bool big)
{
	size_t n = strlen(text);

	to = put_header(to, OPTION_COMMENT, (uint16_t)n, big);
	strncpy((char *)to, text, pad4(n)); /* pads with zeros */
	return to + pad4(n);
}

/* Is an option written as it is, or not at all? */
static bool stays(const struct option *o, const struct capture_frame *f)
{
	if (o->code == OPTION_FLAGS && f->no_flags)
		return false;
	return (const char *)o->value != f->without && holds(o, f);
}

size_t pcapng_put_options(uint8_t *to, struct options list,
			  const struct capture_frame *f)
{
	bool missing = f->has_flags;
	uint8_t *p = to;
	struct option o;
	size_t n;

	while (pcapng_next_option(&list, &o)) {
		n = OPTION_HEADER + pad4(o.len);
		if (o.code == OPTION_FLAGS && f->has_flags) {
			if (missing)
				p = put_flags(p, f->flags, list.big);
			missing = false;
		} else if (stays(&o, f)) {
			memcpy(p, o.start, n);
			p += n;
		}
	}
	if (missing)
		p = put_flags(p, f->flags, list.big);
	if (f->comment)
		p = put_comment(p, f->comment, list.big);
	if (p != to)
		p = put_header(p, OPTION_END, 0, list.big);
	return (size_t)(p - to);
}

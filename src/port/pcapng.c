/* SPDX-License-Identifier: MIT */
/*
 * pcapng.c - reading the pcapng format
 *
 * Theory of operation
 * -------------------
 * The file is a row of blocks, each of which says twice how large it is. A
 * Section Header Block fixes byte order until the next one and voids all
 * interfaces; an Interface Description Block adds one. Three kinds of block
 * hold a packet, which names its interface by its number in the section.
 * Everything else is not looked into. As the caller may still keep records of
 * an earlier section, interfaces are numbered through the whole file.
 */
#include "pcapng.h"

#include <errno.h>

#include "order.h"
#include "writer.h"

/* Does a section header begin here, and in which byte order? */
static bool section_order(const uint8_t *p, bool *big)
{
	*big = get32(p + SECTION_ORDER_AT, true) == SECTION_ORDER;
	return *big || get32(p + SECTION_ORDER_AT, false) == SECTION_ORDER;
}

static bool is_section(const uint8_t *p)
{
	return get32(p, true) == BLOCK_SECTION;
}

static bool pcapng_match(const uint8_t *p, size_t n)
{
	bool big;

	if (n < 4 || !is_section(p))
		return false;
	return n < BLOCK_MIN || section_order(p, &big);
}

static bool pcapng_in_packet(const struct capture_reader *r)
{
	uint32_t type;

	if (span_ahead(&r->span) < sizeof(type))
		return false;
	type = get32(span_next(&r->span), r->big);
	return type == BLOCK_ENHANCED || type == BLOCK_SIMPLE ||
	       type == BLOCK_OLD;
}

static int read_section(struct capture_reader *r,
			const struct capture_record *rec, struct port_error *e)
{
	const uint8_t *p = span_next(&r->span);

	if (rec->size < SECTION_HEADER + BLOCK_TRAILER)
		return reader_damaged(r, e, "a section header of %u bytes",
				      rec->size);
	if (get16(p + SECTION_MAJOR_AT, r->big) != 1)
		return reader_damaged(r, e,
				      "pcapng version %u.%u, only 1 is known",
				      get16(p + SECTION_MAJOR_AT, r->big),
				      get16(p + SECTION_MINOR_AT, r->big));
	r->section = r->nifaces;
	return 0;
}

static struct options options_at(const struct capture_reader *r,
				 const struct capture_record *rec, size_t at)
{
	const uint8_t *p = span_next(&r->span);

	return (struct options){ p + at, p + rec->size - BLOCK_TRAILER,
				 r->big };
}

static int read_interface(struct capture_reader *r,
			  const struct capture_record *rec,
			  struct port_error *e)
{
	const uint8_t *p = span_next(&r->span);
	struct iface iface;

	if (rec->size < INTERFACE_HEADER + BLOCK_TRAILER)
		return reader_damaged(r, e, "an interface block of %u bytes",
				      rec->size);
	iface.linktype = get16(p + INTERFACE_LINKTYPE_AT, r->big);
	iface.snaplen = get32(p + INTERFACE_SNAPLEN_AT, r->big);
	iface.ticks = pcapng_find_ticks(options_at(r, rec, INTERFACE_HEADER));
	if (!iface.ticks)
		return reader_damaged(r, e,
				      "an interface whose ticks of time "
				      "are too short");
	return reader_add_iface(r, &iface, e);
}

/* The packet names its interface. */
static int on_iface(struct capture_reader *r, struct capture_record *rec,
		    uint32_t number, struct port_error *e)
{
	uint32_t n = r->nifaces - r->section;

	if (number >= n)
		return reader_damaged(r, e,
				      "it is of interface %u, but the section "
				      "has %u",
				      number, n);
	rec->iface = r->section + number;
	rec->linktype = r->iface[rec->iface].linktype;
	return 0;
}

/* Enhanced and obsolete packets. */
static int read_packet(struct capture_reader *r, struct capture_record *rec,
		       bool old, struct port_error *e)
{
	const uint8_t *p = span_next(&r->span);
	struct options options;
	uint32_t room;

	if (rec->size < PACKET_HEADER + BLOCK_TRAILER)
		return reader_damaged(r, e, "a packet block of %u bytes",
				      rec->size);
	room = rec->size - PACKET_HEADER - BLOCK_TRAILER;
	rec->packet = true;
	rec->data = PACKET_HEADER;
	rec->caplen = get32(p + PACKET_CAPLEN_AT, r->big);
	rec->len = get32(p + PACKET_LEN_AT, r->big);
	rec->has_time = true;
	rec->time = (uint64_t)get32(p + PACKET_TIME_AT, r->big) << 32 |
		    get32(p + PACKET_TIME_AT + 4, r->big);
	if (rec->caplen > room)
		return reader_damaged(r, e,
				      "%u bytes of a packet in a block of %u",
				      rec->caplen, rec->size);
	options = options_at(r, rec, PACKET_HEADER + pad4(rec->caplen));
	pcapng_read_options(options, rec);
	rec->extras |= old;
	return on_iface(r, rec,
			old ? get16(p + PACKET_IFACE_AT, r->big) :
			      get32(p + PACKET_IFACE_AT, r->big),
			e);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* A packet of the first interface whose captured length is not told. */
static int read_simple(struct capture_reader *r, struct capture_record *rec,
		       struct port_error *e)
{
	uint32_t snaplen;
	int err;

	if (rec->size < SIMPLE_HEADER + BLOCK_TRAILER)
		return reader_damaged(r, e, "a packet block of %u bytes",
				      rec->size);
	err = on_iface(r, rec, 0, e);
	if (err)
		return err;
	rec->packet = true;
	rec->data = SIMPLE_HEADER;
	rec->len = get32(span_next(&r->span) + SIMPLE_LEN_AT, r->big);
	rec->caplen =
		least(rec->len, rec->size - SIMPLE_HEADER - BLOCK_TRAILER);
	snaplen = r->iface[rec->iface].snaplen;
	if (snaplen)
		rec->caplen = least(rec->caplen, snaplen);
	return 0;
}

static int read_body(struct capture_reader *r, struct capture_record *rec,
		     struct port_error *e)
{
	switch (get32(span_next(&r->span), r->big)) {
	case BLOCK_SECTION:
		return read_section(r, rec, e);
	case BLOCK_INTERFACE:
		return read_interface(r, rec, e);
	case BLOCK_ENHANCED:
		return read_packet(r, rec, false, e);
	case BLOCK_OLD:
		return read_packet(r, rec, true, e);
	case BLOCK_SIMPLE:
		return read_simple(r, rec, e);
	default:
		return 0;
	}
}

/* The size that the block ahead gives itself; 0 if that cannot be. */
static uint32_t block_size(struct capture_reader *r, struct port_error *e)
{
	const uint8_t *p = span_next(&r->span);
	uint32_t size;

	if (is_section(p) && !section_order(p, &r->big)) {
		reader_damaged(r, e, "no byte-order mark in a section header");
		return 0;
	}
	size = get32(p + BLOCK_SIZE_AT, r->big);
	if (size >= BLOCK_MIN && size <= CAPTURE_RECORD_MAX && !(size % 4))
		return size;
	reader_damaged(r, e, "a block of %u bytes", size);
	return 0;
}

/* Describe the block ahead, and learn what it says: as capture_next(). */
static int read_block(struct capture_reader *r, struct capture_record *rec,
		      struct port_error *e)
{
	int ret = reader_need(r, BLOCK_MIN, e);
	uint32_t size, again;

	if (ret <= 0)
		return ret;
	size = block_size(r, e);
	if (!size)
		return -EBADMSG;
	ret = reader_need(r, size, e);
	if (ret < 0)
		return ret;
	again = get32(span_next(&r->span) + size - BLOCK_TRAILER, r->big);
	if (again != size)
		return reader_damaged(r, e,
				      "a block that begins with size %u "
				      "ends with size %u",
				      size, again);
	*rec = (struct capture_record){ .at = reader_at(r), .size = size };
	ret = read_body(r, rec, e);
	return ret < 0 ? ret : 1;
}

/*
 * The first section header is a block like any other, which capture_next()
 * will return; but without a good one there is no capture to speak of.
 */
static int pcapng_begin(struct capture_reader *r, struct port_error *e)
{
	struct capture_record first;
	int ret = read_block(r, &first, e);

	return ret < 0 ? ret : 0;
}

static int pcapng_next(struct capture_reader *r, struct capture_record *rec,
		       struct port_error *e)
{
	int ret = read_block(r, rec, e);

	if (ret > 0)
		reader_pass(r, rec);
	return ret;
}

const struct format pcapng_format = {
	.id = CAPTURE_PCAPNG,
	.match = pcapng_match,
	.begin = pcapng_begin,
	.next = pcapng_next,
	.in_packet = pcapng_in_packet,
	.create = pcapng_create,
	.copied = pcapng_copied,
	.frame = pcapng_frame,
};

/* SPDX-License-Identifier: MIT */
/*
 * pcap.c - the classic capture format
 *
 *	file:	magic, major, minor, zone, accuracy, snap length, link type
 *	packet:	seconds, fraction, captured length, original length, bytes
 *
 * The magic number tells byte order and the unit of the fraction. The link
 * type has 16 bits; what stands above them (whether frames end in a checksum)
 * is kept.
 */
#include <string.h>

#include "order.h"
#include "writer.h"

#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO  0xa1b23c4du

#define FILE_HEADER   24u
#define MAJOR_AT      4
#define MINOR_AT      6
#define SNAPLEN_AT    16
#define LINKTYPE_AT   20
#define PACKET_HEADER 16u
#define FRACTION_AT   4
#define CAPLEN_AT     8
#define LEN_AT	      12

static bool is_magic(uint32_t magic)
{
	return magic == MAGIC_MICRO || magic == MAGIC_NANO;
}

static bool pcap_match(const uint8_t *p, size_t n)
{
	return n >= 4 &&
	       (is_magic(get32(p, false)) || is_magic(get32(p, true)));
}

static int pcap_begin(struct capture_reader *r, struct port_error *e)
{
	int ret = reader_need(r, FILE_HEADER, e);
	const uint8_t *p = span_next(&r->span);
	struct iface iface;

	if (ret < 0)
		return ret;
	r->big = is_magic(get32(p, true));
	if (get16(p + MAJOR_AT, r->big) != 2)
		return reader_damaged(r, e,
				      "pcap version %u.%u, only 2 is known",
				      get16(p + MAJOR_AT, r->big),
				      get16(p + MINOR_AT, r->big));
	iface.ticks = get32(p, r->big) == MAGIC_NANO ? 1000000000 : 1000000;
	iface.snaplen = get32(p + SNAPLEN_AT, r->big);
	iface.linktype = (uint16_t)get32(p + LINKTYPE_AT, r->big);
	memcpy(r->header, p, FILE_HEADER);
	r->span.at += FILE_HEADER;
	return reader_add_iface(r, &iface, e);
}

static int pcap_next(struct capture_reader *r, struct capture_record *rec,
		     struct port_error *e)
{
	int ret = reader_need(r, PACKET_HEADER, e);
	uint32_t caplen;
	const uint8_t *p;

	if (ret <= 0)
		return ret;
	caplen = get32(span_next(&r->span) + CAPLEN_AT, r->big);
	if (caplen > CAPTURE_RECORD_MAX - PACKET_HEADER)
		return reader_damaged(r, e, "a packet of %u bytes", caplen);
	ret = reader_need(r, PACKET_HEADER + caplen, e);
	if (ret < 0)
		return ret;
	p = span_next(&r->span);
	*rec = (struct capture_record){
		.at = reader_at(r),
		.size = PACKET_HEADER + caplen,
		.data = PACKET_HEADER,
		.caplen = caplen,
		.len = get32(p + LEN_AT, r->big),
		.linktype = r->iface->linktype,
		.packet = true,
		.has_time = true,
		.time = get32(p, r->big) * r->iface->ticks +
			get32(p + FRACTION_AT, r->big),
	};
	reader_pass(r, rec);
	return 1;
}

static bool pcap_in_packet(const struct capture_reader *r)
{
	(void)r;
	return true;
}

static void pcap_create(struct capture_writer *w,
			const struct capture_reader *r)
{
	uint32_t linktype = get32(r->header + LINKTYPE_AT, r->big);

	if ((int)(linktype & 0xffff) == w->from)
		linktype = (linktype & ~0xffffu) | (uint32_t)w->to;
	memcpy(w->buf, r->header, FILE_HEADER);
	put32(w->buf + LINKTYPE_AT, linktype, r->big);
	w->fill = FILE_HEADER;
	w->big = r->big;
	w->ticks = r->iface->ticks;
}

/* Only packets come here. */
static void pcap_copied(struct capture_writer *w, uint8_t *record)
{
	(void)w;
	(void)record;
}

static size_t pcap_frame(const struct capture_writer *w, uint8_t *record,
			 const struct capture_record *rec, const uint8_t *bytes,
			 const struct capture_frame *f)
{
	(void)rec;
	(void)bytes;
	put32(record, (uint32_t)(f->time / w->ticks), w->big);
	put32(record + FRACTION_AT, (uint32_t)(f->time % w->ticks), w->big);
	put32(record + CAPLEN_AT, f->len, w->big);
	put32(record + LEN_AT, f->orig_len, w->big);
	return PACKET_HEADER + f->len;
}

const struct format pcap_format = {
	.id = CAPTURE_PCAP,
	.match = pcap_match,
	.begin = pcap_begin,
	.next = pcap_next,
	.in_packet = pcap_in_packet,
	.create = pcap_create,
	.copied = pcap_copied,
	.frame = pcap_frame,
};

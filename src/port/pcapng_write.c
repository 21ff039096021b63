/* SPDX-License-Identifier: MIT */
/*
 * pcapng_write.c - writing the pcapng format
 *
 * Records come in the order of the file, so the byte order of a block is that
 * of the section header that was copied last. A block cannot tell by itself:
 * an unknown block of one order may read like a known one of the other.
 */
#include <string.h>

#include "order.h"
#include "pcapng.h"
#include "writer.h"

/* The file header is the first section header, which is still to come. */
void pcapng_create(struct capture_writer *w, const struct capture_reader *r)
{
	(void)w;
	(void)r;
}

void pcapng_copied(struct capture_writer *w, uint8_t *record)
{
	if (get32(record, true) == BLOCK_SECTION) {
		w->big = get32(record + SECTION_ORDER_AT, true) ==
			 SECTION_ORDER;
		memset(record + SECTION_LENGTH_AT, 0xff, 8);
	} else if (get32(record, w->big) == BLOCK_INTERFACE &&
		   get16(record + INTERFACE_LINKTYPE_AT, w->big) == w->from) {
		put16(record + INTERFACE_LINKTYPE_AT, (uint16_t)w->to, w->big);
	}
}

/* Close a block whose body ends at @end. */
static size_t close_block(uint8_t *record, size_t end, bool big)
{
	uint32_t size = (uint32_t)(end + BLOCK_TRAILER);

	put32(record + BLOCK_SIZE_AT, size, big);
	put32(record + end, size, big);
	return size;
}

/* Pad the frame; returns where it ends then. */
static size_t pad(uint8_t *record, size_t end)
{
	while (end % 4)
		record[end++] = 0;
	return end;
}

/*
 * A Simple Packet Block has no captured length: readers take the original one
 * or the snap length. So a frame of another length than the record's has to
 * be told as if it were whole.
 */
static size_t simple_frame(const struct capture_writer *w, uint8_t *record,
			   const struct capture_record *rec,
			   const struct capture_frame *f)
{
	bool same = f->len == rec->caplen && f->orig_len == rec->len;

	put32(record, BLOCK_SIMPLE, w->big);
	put32(record + SIMPLE_LEN_AT, same ? f->orig_len : f->len, w->big);
	return close_block(record, pad(record, SIMPLE_HEADER + f->len), w->big);
}

/*
 * How many packets were lost before this one is said once. 0xffff: not known.
 */
static void clear_drops(uint8_t *record, bool big)
{
	if (get32(record, big) == BLOCK_OLD &&
	    get16(record + PACKET_DROPS_AT, big) != 0xffff)
		put16(record + PACKET_DROPS_AT, 0, big);
}

size_t pcapng_frame(const struct capture_writer *w, uint8_t *record,
		    const struct capture_record *rec, const uint8_t *bytes,
		    const struct capture_frame *f)
{
	struct options list = { .end = bytes + rec->size - BLOCK_TRAILER,
				.big = w->big };
	size_t end;

	if (rec->data == SIMPLE_HEADER)
		return simple_frame(w, record, rec, f);
	memcpy(record, bytes, PACKET_TIME_AT);
	put32(record + PACKET_TIME_AT, (uint32_t)(f->time >> 32), w->big);
	put32(record + PACKET_TIME_AT + 4, (uint32_t)f->time, w->big);
	put32(record + PACKET_CAPLEN_AT, f->len, w->big);
	put32(record + PACKET_LEN_AT, f->orig_len, w->big);
	if (f->segment > 1)
		clear_drops(record, w->big);
	end = pad(record, PACKET_HEADER + f->len);
	list.p = bytes + PACKET_HEADER + pad4(rec->caplen);
	end += pcapng_put_options(record + end, list, f);
	return close_block(record, end, w->big);
}

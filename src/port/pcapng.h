/* SPDX-License-Identifier: MIT */
/*
 * pcapng.h - blocks and options of the pcapng format
 *
 *	block:	type, size, body, size again
 *	option:	code, length, value, padding to four bytes
 */
#ifndef SEGOFF_PORT_PCAPNG_H
#define SEGOFF_PORT_PCAPNG_H

#include "capture.h"

/* Block types. */
#define BLOCK_SECTION	0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_OLD	2u /* Packet Block, obsolete */
#define BLOCK_SIMPLE	3u
#define BLOCK_ENHANCED	6u

/* All blocks. */
#define BLOCK_SIZE_AT 4
#define BLOCK_HEADER  8u
#define BLOCK_TRAILER 4u
#define BLOCK_MIN     (BLOCK_HEADER + BLOCK_TRAILER)

/* Section Header Block. */
#define SECTION_ORDER_AT  8
#define SECTION_MAJOR_AT  12
#define SECTION_MINOR_AT  14
#define SECTION_LENGTH_AT 16
#define SECTION_HEADER	  24u
#define SECTION_ORDER	  0x1a2b3c4du

/* Interface Description Block. */
#define INTERFACE_LINKTYPE_AT 8
#define INTERFACE_SNAPLEN_AT  12
#define INTERFACE_HEADER      16u

/* Simple Packet Block. */
#define SIMPLE_LEN_AT 8
#define SIMPLE_HEADER 12u

/* Enhanced Packet Block; the Packet Block has the first field split. */
#define PACKET_IFACE_AT	 8
#define PACKET_DROPS_AT	 10
#define PACKET_TIME_AT	 12
#define PACKET_CAPLEN_AT 20
#define PACKET_LEN_AT	 24
#define PACKET_HEADER	 28u

/* Options of interfaces and of packets. */
#define OPTION_END	 0
#define OPTION_IF_TICKS	 9 /* if_tsresol */
#define OPTION_COMMENT	 1
#define OPTION_FLAGS	 2
#define OPTION_HASH	 3
#define OPTION_QUEUE	 6
#define OPTION_VERDICT	 7
#define OPTION_PROCESS	 8
#define OPTION_HEADER	 4u
#define OPTION_FLAGS_LEN 4u

static inline size_t pad4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/**
 * struct options - a list of options that is walked through
 * @p: the next one
 * @end: of the list
 * @big: numbers are big-endian
 */
struct options {
	const uint8_t *p;
	const uint8_t *end;
	bool big;
};

/**
 * struct option - one of them
 * @start: its first byte
 * @value: of its value
 * @code: OPTION_*
 * @len: bytes of the value, without padding
 */
struct option {
	const uint8_t *start;
	const uint8_t *value;
	uint16_t code;
	uint16_t len;
};

/**
 * pcapng_next_option() - the next option
 * @list: where we are
 * @o: receives it
 *
 * Return: false at the end, which is also where an option is damaged.
 */
bool pcapng_next_option(struct options *list, struct option *o);

/**
 * pcapng_read_options() - what the options of a packet say
 * @list: its options; not walked through
 * @rec: receives its flags, and whether there is more
 */
void pcapng_read_options(struct options list, struct capture_record *rec);

/**
 * pcapng_find_ticks() - look for if_tsresol
 * @list: options of an interface; not walked through
 *
 * Return: ticks per second; 0 if they are too many for 64 bits.
 */
uint64_t pcapng_find_ticks(struct options list);

/**
 * pcapng_put_options() - write the options of a frame
 * @to: receives them; room for the old ones, 12 bytes and a comment
 * @list: options of the record that it comes from; not walked through
 * @f: what is to be said of the frame
 *
 * Return: bytes written, which may be none.
 */
size_t pcapng_put_options(uint8_t *to, struct options list,
			  const struct capture_frame *f);

/* What the writer does; see struct format. */
void pcapng_create(struct capture_writer *w, const struct capture_reader *r);
void pcapng_copied(struct capture_writer *w, uint8_t *record);
size_t pcapng_frame(const struct capture_writer *w, uint8_t *record,
		    const struct capture_record *rec, const uint8_t *bytes,
		    const struct capture_frame *f);

#endif

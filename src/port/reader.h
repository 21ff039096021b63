/* SPDX-License-Identifier: MIT */
/*
 * reader.h - what the readers of all formats have in common
 */
#ifndef SEGOFF_PORT_READER_H
#define SEGOFF_PORT_READER_H

#include "capture.h"
#include "span.h"

/* Bytes of a file that are enough to recognise its format. */
#define READER_HEAD 12

/**
 * struct iface - where packets were captured
 * @ticks: of time per second
 * @snaplen: bytes of a packet that are kept at most; 0 means all
 * @linktype: LINKTYPE_ number
 */
struct iface {
	uint64_t ticks;
	uint32_t snaplen;
	uint16_t linktype;
};

/**
 * struct capture_reader - a file that is read
 * @format: its format
 * @span: its bytes
 * @packets: how many were returned
 * @iface: interfaces of all sections so far; pcap files have one
 * @nifaces: how many
 * @iface_room: how many fit into @iface
 * @section: the first interface of this section
 * @big: numbers (of this section) are big-endian
 * @header: of the file, to be taken over (pcap)
 * @failed: what went wrong, to be said again to whoever goes on
 */
struct capture_reader {
	const struct format *format;
	struct span span;
	uint64_t packets;
	struct iface *iface;
	uint32_t nifaces;
	uint32_t iface_room;
	uint32_t section;
	bool big;
	uint8_t header[24];
	struct port_error failed;
};

/**
 * struct format - how a format is read and written
 * @id: its number
 * @match: is it this format? Gets the first READER_HEAD bytes, or all if the
 *	file is shorter
 * @begin: read the file header
 * @next: as capture_next()
 * @in_packet: do the bytes ahead begin a packet?
 * @create: write the file header of the file that is continued
 * @copied: something that is no packet was copied; change what must change
 * @frame: write what surrounds a frame; returns the size of the record
 */
struct format {
	enum capture_format id;
	bool (*match)(const uint8_t *p, size_t n);
	int (*begin)(struct capture_reader *r, struct port_error *e);
	int (*next)(struct capture_reader *r, struct capture_record *rec,
		    struct port_error *e);
	bool (*in_packet)(const struct capture_reader *r);
	void (*create)(struct capture_writer *w,
		       const struct capture_reader *r);
	void (*copied)(struct capture_writer *w, uint8_t *record);
	size_t (*frame)(const struct capture_writer *w, uint8_t *record,
			const struct capture_record *rec, const uint8_t *bytes,
			const struct capture_frame *f);
};

extern const struct format pcap_format, pcapng_format;

/* One more interface: 0 or a negative errno. */
int reader_add_iface(struct capture_reader *r, const struct iface *iface,
		     struct port_error *e);

/* The record ahead is damaged; say where, and this. Return: -EBADMSG. */
int reader_damaged(const struct capture_reader *r, struct port_error *e,
		   const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* reader_need() when not everything is in memory. */
int reader_wait(struct capture_reader *r, size_t n, struct port_error *e);

/**
 * reader_need() - the next record has this many bytes
 * @r: reader
 * @n: bytes
 * @e: receives the reason of a failure
 *
 * Return: 1 when they are there; 0 at the end of the file, where no record
 * begins; a negative errno.
 */
static inline int reader_need(struct capture_reader *r, size_t n,
			      struct port_error *e)
{
	return span_ahead(&r->span) >= n ? 1 : reader_wait(r, n, e);
}

/* Where the next record is in the file. */
static inline uint64_t reader_at(const struct capture_reader *r)
{
	return r->span.base + r->span.at;
}

/* The record is complete; go behind it. */
static inline void reader_pass(struct capture_reader *r,
			       struct capture_record *rec)
{
	if (rec->packet)
		rec->number = ++r->packets;
	r->span.at += rec->size;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * capture.h - capture files, record by record
 *
 * Theory of operation
 * -------------------
 * A reader keeps a window of the file in memory: records stay where they are
 * until the caller lets them go, so that a caller may look ahead. Everything
 * that is no packet (pcapng blocks of any type) comes as a record too and can
 * be copied to a writer as it is. A writer has the format of the reader that
 * it continues; a packet is built in place in its output buffer:
 *
 *	reader --> [ released | held by the caller | read ahead ]
 *	writer <-- capture_copy() a record, or
 *		   capture_begin(), bytes of a frame, capture_end()
 */
#ifndef SEGOFF_PORT_CAPTURE_H
#define SEGOFF_PORT_CAPTURE_H

#include "stream.h"

/* The largest record that is read, in bytes. */
#define CAPTURE_RECORD_MAX (16u << 20)

/* LINKTYPE_ numbers */
#define LINKTYPE_NULL	    0
#define LINKTYPE_ETHERNET   1
#define LINKTYPE_RAW	    101
#define LINKTYPE_LOOP	    108
#define LINKTYPE_LINUX_SLL  113
#define LINKTYPE_USER0	    147
#define LINKTYPE_IPV4	    228
#define LINKTYPE_IPV6	    229
#define LINKTYPE_LINUX_SLL2 276

/* epb_flags (pcapng draft, Enhanced Packet Block Flags Word) */
#define EPB_INBOUND	  0x001u
#define EPB_OUTBOUND	  0x002u
#define EPB_CSUM_NOTREADY 0x200u
#define EPB_CSUM_VALID	  0x400u
#define EPB_TCP_PENDING	  0x800u

/* The longest comment that is added to a packet, in bytes, a multiple of four;
 * and what capture_begin() needs to know of it. */
#define CAPTURE_COMMENT_MAX  128u
#define CAPTURE_COMMENT_ROOM (4u + CAPTURE_COMMENT_MAX)

enum capture_format {
	CAPTURE_PCAP,
	CAPTURE_PCAPNG,
};

/**
 * struct capture_record - one record of a file
 * @at: where it starts in the uncompressed file; names it
 * @size: its bytes, headers and padding included
 * @packet: it is a packet (else a block to be copied as it is)
 * @number: packets: which, from 1
 * @data: packets: offset of the frame in the record
 * @caplen: packets: bytes of the frame that are there
 * @len: packets: bytes that it had
 * @linktype: packets: LINKTYPE_ number
 * @iface: packets: interface, 0 in pcap; numbered through all sections of a
 *	pcapng file, as records of an earlier section may still be held
 * @has_time: packets: @time is known (pcapng Simple Packets have none)
 * @time: packets: ticks since 1970, less the interface's if_tsoffset; see
 *	capture_ticks()
 * @has_flags: packets: @flags was there
 * @flags: packets: EPB_* and other bits of epb_flags, else 0
 * @extras: packets: more is said of it than all this: pcapng options, or the
 *	fields of an obsolete Packet Block
 * @big: packets: numbers in its options are big-endian
 */
struct capture_record {
	uint64_t at;
	uint64_t number;
	uint64_t time;
	uint32_t size;
	uint32_t data;
	uint32_t caplen;
	uint32_t len;
	uint32_t iface;
	uint32_t flags;
	uint16_t linktype;
	bool packet;
	bool has_time;
	bool has_flags;
	bool extras;
	bool big;
};

/* -------------------------------------------------------------- reader */

struct capture_reader;

/**
 * capture_open() - open a pcap or pcapng file, compressed or not
 * @r: receives the reader
 * @path: "-" is standard input
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno (-EILSEQ: no capture file; -EBADMSG: it breaks
 * off or is damaged in the file header; -ENOTSUP: this build cannot undo the
 * compression; -EINTR after port_stop()).
 */
int capture_open(struct capture_reader **r, const char *path,
		 struct port_error *e);

enum capture_format capture_format(const struct capture_reader *r);

/* Which compression the input has: "", "gzip" or "zstd". */
const char *capture_compression(const struct capture_reader *r);

/**
 * capture_next() - the next record
 * @r: reader
 * @rec: receives its description
 * @e: receives the reason of a failure
 *
 * Return: 1; 0 at the end; a negative errno. -EBADMSG: the file (or its
 * compression) breaks off or is damaged here; the text names byte and packet;
 * what came before is good. -EINTR after port_stop(). -EAGAIN: see
 * capture_patience(). Any other failure is final: it
 * comes again at each further call.
 */
int capture_next(struct capture_reader *r, struct capture_record *rec,
		 struct port_error *e);

/**
 * capture_patience() - how long capture_next() waits for a live pipe
 * @r: reader
 * @ms: milliseconds after which it returns -EAGAIN, to be called again later;
 *	-1: for ever, as at the beginning
 *
 * Files and compressed input are always waited for.
 */
void capture_patience(struct capture_reader *r, int ms);

/**
 * capture_bytes() - the bytes of a record
 * @r: reader
 * @rec: a record that was not released
 *
 * Return: its first byte; valid until the next capture_next(), which may move
 * the window. A caller who holds on to records asks again.
 */
const uint8_t *capture_bytes(const struct capture_reader *r,
			     const struct capture_record *rec);

/**
 * capture_release() - let go of all records before this place
 * @r: reader
 * @at: as in struct capture_record
 */
void capture_release(struct capture_reader *r, uint64_t at);

/**
 * capture_comment() - look for a comment of a packet
 * @rec: record
 * @bytes: its bytes
 * @prefix: what the comment begins with
 * @len: receives its bytes, @prefix included
 *
 * Return: the first such comment, inside @bytes and without a zero byte at its
 * end; NULL if there is none.
 */
const char *capture_comment(const struct capture_record *rec,
			    const uint8_t *bytes, const char *prefix,
			    size_t *len);

/**
 * capture_linktype() - what frames begin with in a file without packets
 * @r: reader
 *
 * Return: LINKTYPE_ number of the first interface; -1 if none was met so far.
 */
int capture_linktype(const struct capture_reader *r);

/**
 * capture_ticks() - ticks of time per second
 * @r: reader
 * @iface: interface
 *
 * Return: 1000000, 1000000000 or what the interface says.
 */
uint64_t capture_ticks(const struct capture_reader *r, uint32_t iface);

/**
 * capture_snaplen() - how much of a packet is kept
 * @r: reader
 * @iface: interface
 *
 * Readers of capture files may cut or refuse what is larger, so no larger
 * frame should be written.
 *
 * Return: bytes; 0 means all.
 */
uint32_t capture_snaplen(const struct capture_reader *r, uint32_t iface);

/* As input_progress() and input_same_file(). */
uint64_t capture_progress(const struct capture_reader *r, uint64_t *total);
bool capture_same_file(const struct capture_reader *r, const char *path);

void capture_close(struct capture_reader *r);

/* -------------------------------------------------------------- writer */

struct capture_writer;

/**
 * struct capture_frame - what is to be said of a frame
 * @len: bytes of it that were written at capture_begin()'s place
 * @orig_len: bytes that it had on the wire
 * @time: in the ticks of the record's interface
 * @flags: epb_flags to write, if @has_flags; pcapng only
 * @has_flags: write an epb_flags option
 * @segment: 0: the whole packet of the record; 1: the first of the frames
 *	that it was cut into; above: a later one
 * @no_flags: write no epb_flags option, even if the record has one
 * @changed: its bytes are not those of the record
 * @comment: one more comment, at most CAPTURE_COMMENT_MAX bytes; NULL: none.
 *	Packets of pcapng with room for options (@has_time) only
 * @without: a comment that capture_comment() found, not to be written; NULL:
 *	none
 */
struct capture_frame {
	uint64_t time;
	uint32_t len;
	uint32_t orig_len;
	uint32_t flags;
	uint32_t segment;
	bool has_flags;
	bool no_flags;
	bool changed;
	const char *comment;
	const char *without;
};

/**
 * capture_create() - begin a file in the format of another
 * @w: receives the writer
 * @path: "-" is standard output; ".gz" and ".zst" compress
 * @like: the reader whose records will come; its file header is taken over
 * @from: link type to be replaced in headers, or -1
 * @to: what with
 * @e: receives the reason of a failure
 *
 * Byte order, time resolution, snap length, and in pcapng every block are
 * kept. A section length is replaced by "unknown".
 *
 * Return: 0 or a negative errno.
 */
int capture_create(struct capture_writer **w, const char *path,
		   const struct capture_reader *like, int from, int to,
		   struct port_error *e);

/**
 * capture_copy() - write a record as it is
 * @w: writer
 * @rec: record
 * @bytes: its bytes
 * @e: receives the reason of a failure
 *
 * Every block that is no packet must be copied, the first (pcapng's section
 * header) before anything else, and nothing that belongs to one section may be
 * written after the header of the next.
 *
 * Return: 0 or a negative errno.
 */
int capture_copy(struct capture_writer *w, const struct capture_record *rec,
		 const uint8_t *bytes, struct port_error *e);

/**
 * capture_begin() - make room for a frame
 * @w: writer
 * @rec: the record that the frame comes from
 * @room: bytes that may be needed, at most CAPTURE_RECORD_MAX: of the frame,
 *	and CAPTURE_COMMENT_ROOM more if it gets a comment
 * @e: receives the reason of a failure
 *
 * Return: where to put the frame; NULL if writing failed. capture_end() must
 * follow, or another capture_begin(), which forgets this one.
 */
uint8_t *capture_begin(struct capture_writer *w,
		       const struct capture_record *rec, size_t room,
		       struct port_error *e);

/**
 * capture_end() - the frame is there
 * @w: writer
 * @rec: the record that it comes from
 * @bytes: its bytes; options are taken from it
 * @f: what is to be said of it
 *
 * pcapng options: the first frame of a record keeps all of them; later ones
 * keep what holds for each (flags, queue, verdict, process). A hash is dropped
 * from a frame that changed. The kind of block stays; a Simple Packet has no
 * time and no flags, so those of @f are not written. No error: writing happens
 * at the next capture_begin(), capture_copy() or capture_finish().
 */
void capture_end(struct capture_writer *w, const struct capture_record *rec,
		 const uint8_t *bytes, const struct capture_frame *f);

/**
 * capture_flush() - hand on what was built so far
 * @w: writer
 * @e: receives the reason of a failure
 *
 * Compressed output may still keep some of it.
 *
 * Return: 0 or a negative errno.
 */
int capture_flush(struct capture_writer *w, struct port_error *e);

/* As output_direct(). */
bool capture_direct(const struct capture_writer *w);

/* Packets and bytes (before compression) written so far. */
uint64_t capture_packets(const struct capture_writer *w);
uint64_t capture_written(const struct capture_writer *w);

/**
 * capture_finish() - write the rest and give the file its name
 * @w: writer; gone afterwards, whatever is returned
 * @e: receives the reason of a failure
 *
 * Return: 0 or a negative errno.
 */
int capture_finish(struct capture_writer *w, struct port_error *e);

/**
 * capture_abandon() - give up, leaving no file
 * @w: writer; gone afterwards; may be NULL
 */
void capture_abandon(struct capture_writer *w);

#endif

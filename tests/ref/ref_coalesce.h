/* SPDX-License-Identifier: MIT */
/*
 * ref_coalesce.h - a slow and obvious model of coalescing as Linux 6.18 does it
 *
 * Theory of operation
 * -------------------
 * The library keeps masks over headers, hash tags and chains of references.
 * The model keeps every packet whole, in one list, oldest first; a bucket is
 * whatever in that list has the same last three bits of the hash. A packet is
 * compared field by field with each that is held, as the rules word it
 * (R-GRO-1 to R-GRO-23). When something leaves, its header is made anew from
 * the first packet, and the IPv4 checksum is summed over all of it.
 */
#ifndef SEGOFF_TESTS_REF_COALESCE_H
#define SEGOFF_TESTS_REF_COALESCE_H

#include "ref.h"

/**
 * struct ref_arrival - a packet that arrives
 * @p: its bytes; copied
 * @meta: what is said of it, or NULL
 * @cookie: a name for it
 * @time: when
 * @hash: of its flow; 0 if not known
 */
struct ref_arrival {
	struct ref_pkt p;
	const struct segoff_meta *meta;
	uint64_t cookie;
	uint64_t time;
	uint32_t hash;
};

/* One packet, whole. */
struct ref_one {
	struct ref_one *next;
	uint64_t cookie;
	size_t len;
	uint8_t at[];
};

/* Where the headers of a packet with TCP or UDP are. */
struct ref_head {
	int version;
	uint8_t proto;
	size_t tags_at;
	size_t net;
	size_t th;
	size_t data;
};

/**
 * struct ref_held - packets that are held together, or leave together
 * @next: held after it; leaves after it
 * @first: its packets, in order
 * @last: the newest of them
 * @h: headers of the first
 * @link: what it begins with
 * @meta: what is said of it
 * @time: of its first packet
 * @hash: of its flow
 * @npkt: packets
 * @count: segments
 * @gso_size: payload of the first, or of a segment of it
 * @payload: of all
 * @list: they are members of a list
 * @summed: what is known of the first one's checksum
 * @fixed_id: all have the same IPv4 identification
 * @frame: its bytes, once it has left
 * @len: how many
 */
struct ref_held {
	struct ref_held *next;
	struct ref_one *first;
	struct ref_one *last;
	struct ref_head h;
	unsigned int link;
	struct segoff_meta meta;
	uint64_t time;
	uint32_t hash;
	size_t npkt;
	size_t count;
	size_t gso_size;
	size_t payload;
	bool list;
	uint8_t summed;
	bool fixed_id;
	uint8_t *frame;
	size_t len;
};

/**
 * struct ref_gro - the model's state
 * @udp: datagrams are coalesced, too
 * @list: SEGOFF_GRO_FRAGLIST
 * @vouched: transport checksums are right
 * @max_size: as in struct segoff_gro_opts
 * @held: what is held, oldest first
 * @ready: what has left, in order
 */
struct ref_gro {
	bool udp;
	bool list;
	bool vouched;
	size_t max_size;
	struct ref_held *held;
	struct ref_held *ready;
};

void ref_gro_init(struct ref_gro *g, const struct segoff_gro_opts *o);

/* Return: was it merged? */
bool ref_gro_push(struct ref_gro *g, const struct ref_arrival *a);
void ref_gro_flush(struct ref_gro *g, uint64_t until);
void ref_gro_flush_flow(struct ref_gro *g, const struct ref_arrival *a);

/* The next that has left, or NULL; to be given to ref_gro_done(). */
struct ref_held *ref_gro_pop(struct ref_gro *g);
void ref_gro_done(struct ref_held *h);
void ref_gro_free(struct ref_gro *g);

/* ref_merged.c: the frame of what leaves, and its metadata */
void ref_merged(struct ref_held *h);

#endif

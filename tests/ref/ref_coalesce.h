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

#include "ref_nest.h"

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

/**
 * struct ref_head - where the headers of a packet with TCP or UDP are
 * @version: of the innermost IP header
 * @proto: protocol number at @th
 * @tags_at: where the link header ends
 * @outer: outermost IP header
 * @layer: headers from there to @net
 * @n: how many; 0: no tunnel
 * @net: innermost IP header
 * @th: transport header
 * @data: payload
 */
struct ref_head {
	int version;
	uint8_t proto;
	size_t tags_at;
	size_t outer;
	struct ref_layer layer[SEGOFF_LAYERS_MAX];
	size_t n;
	size_t net;
	size_t th;
	size_t data;
};

/**
 * struct ref_view - what the layers think of a packet that arrives
 * @a: the packet
 * @at: its bytes
 * @len: how many
 * @h: its headers
 * @known: TCP or UDP is there, whole
 * @early: R-GRO-9: it goes alone, and nobody looks for its flow
 * @late: R-GRO-10: it goes alone, after what is held of its flow
 * @remote: R-GRO-18: its checksum is a seed, and the outer one proves it
 * @payload: bytes
 * @super: it came as a superpacket
 * @gso_size: of that
 * @count: segments
 * @summed: what is known of its checksum, if not early or late
 */
struct ref_view {
	const struct ref_arrival *a;
	const uint8_t *at;
	size_t len;
	struct ref_head h;
	bool known;
	bool early;
	bool late;
	bool remote;
	size_t payload;
	bool super;
	size_t gso_size;
	size_t count;
	uint8_t summed;
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
 * @outer_fixed: the same of each header in @h.layer
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
	bool outer_fixed[SEGOFF_LAYERS_MAX];
	uint8_t *frame;
	size_t len;
};

/**
 * struct ref_gro - the model's state
 * @udp: datagrams are coalesced, too
 * @list: SEGOFF_GRO_FRAGLIST
 * @vouched: transport checksums are right
 * @ports: which UDP ports are of tunnels
 * @max_size: as in struct segoff_gro_opts
 * @held: what is held, oldest first
 * @ready: what has left, in order
 */
struct ref_gro {
	bool udp;
	bool list;
	bool vouched;
	const struct segoff_ports *ports;
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

/* ref_arrive.c */
void ref_look(const struct ref_gro *g, const struct ref_arrival *a,
	      struct ref_view *v);

/* ref_outer.c: tunnels, one level of them (R-GRO-18) */

/* May it be merged, by what is around the innermost IP header? */
void ref_outer_look(const struct ref_gro *g, struct ref_view *v);

/* Is it in the same tunnel? */
bool ref_outer_candidate(const struct ref_held *p, const struct ref_view *v);

/* Are the IP headers of the tunnel those of the next packet? */
bool ref_outer_fits(struct ref_held *p, const struct ref_view *v);

/* Of the IP header at @net, @end: what tells flows apart (R-GRO-11). */
bool ref_same_ip(const struct ref_held *p, const struct ref_view *v,
		 int version, size_t net, size_t end);

/* And what must be equal, or count (R-GRO-7, R-GRO-8). */
bool ref_ip_fits(const struct ref_held *p, const struct ref_view *v,
		 int version, size_t net, bool *fixed);

/* Headers of the tunnel in @h->frame, and what is said of them. */
void ref_outer_merged(struct ref_held *h);

/* ref_merged.c: the frame of what leaves, and its metadata */
void ref_merged(struct ref_held *h);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * train.h - packets in the order of their arrival, for coalescing
 *
 * Theory of operation
 * -------------------
 * A train is a list of packets, what is said of each, what happens between
 * them (pops, flushes), and options. The generator makes most of it from a few
 * flows whose packets follow each other, and then has one packet differ in one
 * place: that is where a rule decides. A fuzzer makes it from its own bytes.
 *
 * What a train claims is true: a checksum that somebody vouches for is right.
 * Everything else may be wrong.
 */
#ifndef SEGOFF_TESTS_TRAIN_H
#define SEGOFF_TESTS_TRAIN_H

#include <segoff.h>

#include "../ref/ref.h"
#include "gen.h"

#define TRAIN_MAX   80
#define TRAIN_BYTES (3u << 20)

/* struct train_pkt.then */
#define THEN_POP	1u
#define THEN_FLUSH	2u
#define THEN_FLUSH_AGE	4u
#define THEN_FLUSH_FLOW 8u

/**
 * struct train_pkt - one packet
 * @at: its bytes, in the train's
 * @len: how many
 * @has_meta: @meta is given
 * @time: when it arrives
 * @hash: of its flow
 * @cut: decides where it is cut into pieces; 0: nowhere
 * @then: THEN_*: what is done behind it
 */
struct train_pkt {
	uint8_t *at;
	size_t len;
	bool has_meta;
	struct segoff_meta meta;
	uint64_t time;
	uint32_t hash;
	uint32_t cut;
	uint8_t then;
};

/**
 * struct train - packets in the order of their arrival
 * @opts: options of coalescing
 * @link: what all begin with
 */
struct train {
	struct segoff_gro_opts opts;
	unsigned int link;
	struct train_pkt pkt[TRAIN_MAX];
	size_t n;
	uint8_t bytes[TRAIN_BYTES];
	size_t used;
};

/* train.c */
void train_begin(struct train *t, unsigned int link);

/* Room for one more packet; NULL: the train is full. Then t->n is raised. */
struct train_pkt *train_add(struct train *t, size_t len);

/* Take back what was said of checksums that are not right. */
void train_be_honest(struct train *t);

/* Bytes of a packet's first piece, which must hold its headers. */
size_t train_first(const struct train *t, const struct train_pkt *p);

#define TRAIN_PIECES 6

/**
 * struct load - a packet in pieces, each in memory of its own
 */
struct load {
	struct iovec iov[TRAIN_PIECES];
	unsigned int n;
};

void load_make(struct load *l, const struct train *t,
	       const struct train_pkt *p);
void load_free(struct load *l);

/* gen_train.c */
void gen_train(struct rnd *r, struct train *t, unsigned int profile);

/**
 * struct gen_outer - a header in front of the innermost IP header
 * @proto: enum segoff_proto
 * @off: where
 * @id: IPv4: of the next packet
 * @id_step: IPv4: 0 or 1
 */
struct gen_outer {
	unsigned int proto;
	size_t off;
	uint16_t id;
	uint16_t id_step;
};

/**
 * struct gen_flow - packets that follow each other
 * @head: headers up to the payload; a UDP header of a tunnel has a checksum if
 *	it is not zero there
 * @outer: tunnels: headers in front of @net, outermost first
 * @nouter: how many; 0: no tunnel
 * @bits: tunnels: their bits of gso_type
 * @remote: tunnels: the checksum at @th is left to the receiver
 * @net: innermost IP header
 * @th: transport header
 * @data: payload
 * @size: of a full packet's payload
 * @seq: of the next packet
 * @id: of the next packet
 * @id_step: 0, 1, or more
 * @hash: of the flow
 */
struct gen_flow {
	uint8_t head[1600];
	struct gen_outer outer[GEN_LAYERS];
	size_t nouter;
	uint32_t bits;
	bool remote;
	size_t net;
	size_t th;
	size_t data;
	int version;
	uint8_t proto;
	size_t size;
	uint32_t seq;
	uint16_t id;
	uint16_t id_step;
	uint32_t hash;
};

/* gen_flow.c */
void gen_flow(struct rnd *r, struct gen_flow *f, unsigned int link);

/* The same behind a link header and whatever is there, from @f->net on. */
void gen_inner(struct rnd *r, struct gen_flow *f);

/* gen_flow_tunnel.c: a flow in tunnels */
void gen_flow_tunnel(struct rnd *r, struct gen_flow *f, struct train *t);

/* A flow that differs from another in what tells flows apart. */
void gen_twin(struct rnd *r, const struct gen_flow *of, struct gen_flow *f);

/* Its headers of tunnels, when all behind them is right. */
void gen_outer_right(const struct gen_flow *f, struct train_pkt *p,
		     unsigned int link);

/* What is at @at in its packets is @n bytes further back from now on. */
void gen_shift(struct gen_flow *f, size_t at, size_t n);

/* Its transport checksum, from the bytes; @final as for ref_pseudo(). */
bool gen_checksum(const struct gen_flow *f, const struct train_pkt *p,
		  unsigned int link, bool final, struct ref_checksum *c);

/* The next packet of a flow, which is right; NULL: the train is full. */
struct train_pkt *gen_next(struct rnd *r, struct gen_flow *f, struct train *t,
			   size_t payload);

/* Lengths and checksums of a packet of this flow, anew. */
void gen_right(const struct gen_flow *f, struct train_pkt *p,
	       unsigned int link);

/* Its IPv4 header checksum alone. */
void gen_header_sum(const struct gen_flow *f, struct train_pkt *p);

/* gen_odd.c: make the packet that was added last odd in one place. */
void gen_odd(struct rnd *r, const struct gen_flow *f, struct train *t);

/* gen_odd_outer.c: odd in a header of a tunnel. Return: false: it has none. */
bool gen_odd_outer(struct rnd *r, const struct gen_flow *f, struct train *t);

/* gen_whole.c: the packet becomes a superpacket or unfinished. */
void gen_super(struct rnd *r, struct gen_flow *f, struct train *t);
void gen_partial(struct rnd *r, const struct gen_flow *f, struct train *t);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * state.h - what coalescing holds
 *
 * Theory of operation
 * -------------------
 * A superpacket in the making is a `held`: a reference to its first packet,
 * whose header stands for all, what the next packet must bring (sequence
 * number, identification), and a chain of `member`s, the packets after the
 * first. Both come from pools of fixed size in the caller's memory.
 *
 * Held ones are found through buckets of 8 by a hash over the flow. There are
 * twice as many places as may be held; of all that are, the oldest makes room.
 * Only who finds the hash's seed out can fill a bucket: then its oldest does.
 * So one push looks at 8 flows at most, whoever chose them. Linux has 8 buckets
 * of 8 and searches them by comparing headers; here the hash of the flow is
 * kept as a tag, and under the LINUX profile the caller's hash chooses the
 * bucket.
 *
 *	buckets --> held --> member --> member
 *	              |
 *	            ready (a queue, in order of delivery) --> popped
 */
#ifndef SEGOFF_CORE_GRO_STATE_H
#define SEGOFF_CORE_GRO_STATE_H

#include <segoff/gro.h>

#include "../../cpu/csum.h"
#include "shape.h"

#define WAYS	   8u
#define SHAPES	   72u /* more than LINUX holds packets */
#define NOBODY	   UINT32_MAX
#define TCP_ENDS   (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_URG)
#define UDP_MOST   64u
#define LIST_MOST  64u
#define SIZE_LIMIT 65536u

/* Payload of a packet after the first. */
struct member {
	const uint8_t *at;
	uint32_t len;  /* in the first piece, from @at on */
	uint32_t niov; /* pieces after that */
	const struct iovec *iov;
	uint64_t cookie;
	uint32_t next;
};

/* A superpacket in the making, waiting to be popped, or being popped. */
struct held {
	struct segoff_meta meta;     /* of the first packet, as it came */
	struct member first;	     /* all of it, headers included */
	struct segoff__shape *shape; /* while it is held */
	struct held *then;	     /* whose packet came after its last one */
	uint64_t time;
	uint64_t hash;
	uint32_t bucket;
	uint32_t older, newer; /* LOSSLESS: by age; older also links ready */
	uint32_t last;	       /* newest member, NOBODY: only the first */
	uint32_t hlen;
	uint32_t len;
	uint32_t l2;	/* bytes of that which size limits do not count */
	uint32_t count; /* packets, segments of superpackets counted each */
	uint32_t npkt;	/* pushes */
	uint32_t more;	/* pieces beyond one of each packet */
	uint32_t gso_size;
	uint32_t seq; /* of the next packet */
	/* what next.h wants to know */
	uint32_t full; /* bytes of the next if it is like the first; 0: none is */
	uint32_t most;	 /* bytes that this one stays below, with those */
	uint32_t pseudo; /* sum of its pseudo header */
	uint32_t link;
	uint16_t l3;
	uint16_t l4;
	uint16_t id;	   /* of the first */
	uint16_t id_check; /* that and the header checksum, added */
	uint8_t version;
	uint8_t proto;
	uint8_t flags; /* TCP flags that the last packet brought */
	bool fixed_id;
	bool vouched;	/* packets without metadata are, here */
	uint8_t summed; /* what is known of its checksum, verified */
	/* tunnels: identifications of the other IPv4 headers, of the first */
	bool wrapped;
	bool tunnel;
	bool remote; /* its transport checksum is left to the receiver */
	uint8_t outer_fixed; /* a bit for each that stays */
	uint16_t outer_id[SEGOFF_IP_MAX];
	uint16_t outer_check[SEGOFF_IP_MAX]; /* as id_check */
	uint32_t fixed_bits;		     /* TCP_FIXEDID, once it has left */
};

struct bucket {
	uint32_t tag[WAYS]; /* newest first */
	uint32_t at[WAYS];
	uint32_t n;
	uint32_t spare[15];
};

struct segoff_gro {
	struct segoff_gro_opts o;
	const struct segoff__cpu *cpu;
	uint32_t buckets; /* a power of two */
	uint32_t nheld, most;
	uint32_t nshape;
	uint32_t free_held;
	uint32_t free_member;
	uint32_t nfree_held;
	uint32_t nfree_member;
	uint32_t ready, ready_last;
	uint32_t popped;
	struct segoff_stack stack; /* its headers, if it is wrapped */
	uint32_t oldest, newest;
	struct held *recent; /* who was merged into last, or NULL */
	struct segoff__shape *recent_shape;
	uint64_t secret[4];
	struct bucket *bucket;
	struct held *held;
	struct member *member;
	struct segoff__shape shape[SHAPES];
};

/* A packet that arrives, and what is known of it. */
struct arrival {
	const struct segoff_gro_pkt *p;
	const uint8_t *h; /* its first piece */
	size_t avail;	  /* bytes of that */
	size_t len;
	struct segoff__shape *shape; /* NULL: no TCP or UDP in it */
	uint64_t hash;
	uint32_t hlen;
	uint32_t payload;
	uint32_t gso_size; /* of a superpacket, else 0 */
	uint32_t segs;
	uint16_t sum;	/* from the transport header on, if */
	bool has_sum;	/* it was summed */
	bool hold;	/* it may wait for others */
	bool remote;	/* its transport checksum is left to the receiver */
	uint8_t summed; /* what is known of its checksum by now */
	bool agrees;	/* with what is held of its flow, under the mask */
};

SEGOFF__INLINE bool is_linux(const struct segoff_gro *g)
{
	return g->o.profile == SEGOFF_GRO_LINUX;
}

SEGOFF__INLINE bool is_list(const struct segoff_gro *g)
{
	return g->o.flags & SEGOFF_GRO_FRAGLIST;
}

/**
 * segoff__gro_release() - give an entry and its members back (memory.c)
 * @g: state
 * @i: an entry that was popped
 */
void segoff__gro_release(struct segoff_gro *g, uint32_t i);

#endif

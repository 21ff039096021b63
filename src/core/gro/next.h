/* SPDX-License-Identifier: MIT */
/*
 * next.h - the packet that everybody expects
 *
 * Theory of operation
 * -------------------
 * Nearly every packet of a long transfer is as long as the first one of its
 * superpacket, next in sequence and identification, and right. What sound() and
 * follows() say of such a packet can be asked in a few comparisons with what
 * is held, without walking its headers: lengths are the first packet's, and so
 * is the pseudo header. Who is not found to be next here is asked everything.
 *
 * This is a header because gro.c asks for every packet.
 */
#ifndef SEGOFF_CORE_GRO_NEXT_H
#define SEGOFF_CORE_GRO_NEXT_H

#include "state.h"

#include "../pieces.h"

/* Take down what an IPv4 header's followers are compared with. */
static inline void note_id(const uint8_t *ip, uint16_t *id, uint16_t *check)
{
	*id = load16(ip + 4);
	*check = fold32((uint32_t)load_word(ip + 4) + load_word(ip + 10));
}

/*
 * An IPv4 header that is like the first but for identification and checksum:
 * is the one next, and the other right?
 */
SEGOFF__INLINE bool next_v4(const struct segoff_gro *g, const uint8_t *ip,
			    uint16_t id, uint16_t check)
{
	uint16_t sum = load_word(ip + 10);

	return load16(ip + 4) == id && add16(load_word(ip + 4), sum) == check &&
	       (is_linux(g) || sum != 0xffff);
}

SEGOFF__INLINE bool next_outer_v4(const struct segoff_gro *g,
				  const struct held *h, const uint8_t *p,
				  unsigned int i)
{
	uint32_t step = h->outer_fixed >> i & 1 ? 0 : h->count;

	return next_v4(g, p + h->shape->v4[i].at,
		       (uint16_t)(h->outer_id[i] + step), h->outer_check[i]);
}

/*
 * Is what is around the inner IP header next to the first packet's, which it is
 * like? Mostly it is one tunnel over IPv4.
 */
SEGOFF__INLINE bool next_outer(const struct segoff_gro *g, const struct held *h,
			       const uint8_t *p)
{
	unsigned int n = h->shape->nv4;

	if (likely(n == 1))
		return next_outer_v4(g, h, p, 0);
	for (unsigned int i = 0; i < n; i++)
		if (!next_outer_v4(g, h, p, i))
			return false;
	return true;
}

/* How far the next identification is from the first. */
static inline uint16_t id_step(const struct held *h)
{
	return h->fixed_id ? 0 : (uint16_t)h->count;
}

/* Is its transport checksum right? (RFC 9293 3.1) */
static inline bool next_sum(const struct segoff_gro *g, const struct held *h,
			    const struct segoff_pkt *pkt)
{
	const uint8_t *l4 = segoff__head(pkt) + h->l4;
	uint32_t len = h->full - h->l4;
	struct segoff__cursor c;
	uint32_t sum;

	if (pkt->niov == 1) {
		sum = g->cpu->sum(l4, len);
	} else {
		c = cursor_at(pkt, h->l4);
		sum = cursor_sum(&c, len, g->cpu);
	}
	return fold32((uint16_t)sum + h->pseudo) == 0xffff;
}

/* Only if h->full is its length. */
SEGOFF__INLINE bool is_next(const struct segoff_gro *g, const struct held *h,
			    const struct segoff_gro_pkt *p)
{
	const uint8_t *at = p->pkt.iov[0].iov_base;
	const uint8_t *ip = at + h->l3, *th = at + h->l4;

	if (!agree(at, h->first.at, h->shape->like, h->hlen) ||
	    load32(th + TCP_SEQ_AT) != h->seq ||
	    load_word(th + TCP_CHECK_AT) == 0xffff ||
	    h->len + h->gso_size >= h->most)
		return false;
	if (h->version == 4 &&
	    !next_v4(g, ip, (uint16_t)(h->id + id_step(h)), h->id_check))
		return false;
	if (unlikely(h->wrapped) && !next_outer(g, h, at))
		return false;
	return h->vouched || next_sum(g, h, &p->pkt);
}

/* Is it as long as what @h waits for, and may it be looked at? */
SEGOFF__INLINE bool may_be_next(const struct segoff_gro *g,
				const struct held *h,
				const struct segoff_gro_pkt *p, size_t len)
{
	return len == h->full && p->pkt.iov[0].iov_len >= h->hlen &&
	       h->link == p->pkt.link && (!is_linux(g) || h->hash == p->hash);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * emit.c - segments by a plan
 *
 * Theory of operation
 * -------------------
 * Segments come in runs whose headers differ only in what moves: the first one
 * (if it alone keeps CWR), the middle ones, the last one. For a run the first
 * header is built from the input's and the plan's words; the others are copied
 * from it, a few words are stored into them, and that is all:
 *
 *	  run header  | eth | ip: len | tcp: flags |
 *		| copy 16 bytes at a time
 *		v
 *	  segment k   | eth | ip: len id+k sum | tcp: seq+kS flags sum |
 *
 * A superpacket by members has a run of one segment for each.
 *
 * Payload that lies together is handed over whole; a segment in which a piece
 * of the packet ends goes a slower way through the same patching.
 *
 * The loops are written once, inline, with the shape of the plan as a
 * parameter, and instantiated for the shapes that matter.
 */
#include "emit.h"

#include <errno.h>

#include "cover.h"
#include "sctp_csum.h"

/* Segments with headers alike; moving values are carried along. */
struct run {
	const struct segoff_gso *g;
	const struct segoff__cpu *cpu;
	const uint8_t *header; /* of the run's first segment, NULL before */
	struct segoff__cursor in;
	size_t count;
	uint32_t size;
	uint32_t said; /* payload that lengths speak of */
	uint32_t seq;
	uint32_t l4;
	uint32_t value[SEGOFF_IP_MAX + 1];
	uint32_t base[SEGOFF_IP_MAX + 1];
	bool first;
	bool last;
};

/* What the segments of the next run have in common. */
static void run_begin(struct segoff_gso *g, struct run *r)
{
	size_t end = g->nseg - 1;

	r->g = g;
	r->cpu = g->cpu;
	r->header = NULL;
	r->first = !g->next;
	r->last = g->next == end;
	r->size = g->size;
	if (r->last) {
		r->count = 1;
		r->size = (uint32_t)(g->payload - g->next * g->size);
	} else {
		r->count = r->first && g->first_differs ? 1 : end - g->next;
	}
	r->in = (struct segoff__cursor){ g->at, g->left, g->piece, g->npiece,
					 g->skip };
	if (g->by_frags) {
		cursor_refill(&r->in);
		r->count = 1;
		r->size = (uint32_t)r->in.left;
	}
	/* a partial frame has the headers of one of its segments */
	r->said = g->mss && r->size > g->mss ? g->mss : r->size;
	r->seq = g->l4.seq;
	for (unsigned int i = 0; i < g->npair; i++)
		r->value[i] = g->pair[i].value;
}

/* The first @n segments of the run are out. */
static void run_end(struct segoff_gso *g, const struct run *r, size_t n)
{
	g->next += n;
	g->l4.seq = r->seq;
	for (unsigned int i = 0; i < g->npair; i++)
		g->pair[i].value = r->value[i];
	g->at = r->in.at;
	g->left = r->in.left;
	g->piece = r->in.next;
	g->npiece = r->in.more;
	g->skip = (uint32_t)r->in.skip;
}

/* The input's headers, with what is spliced in or out. */
static void copy_input(const struct segoff_gso *g, uint8_t *h)
{
	uint32_t at = g->splice_at, n = g->splice_len;

	if (likely(!n && !g->splice_skip)) {
		if (g->hlen)
			memcpy(h, g->head, g->hlen);
		return;
	}
	memcpy(h, g->head, at);
	memcpy(h + at, g->splice, n);
	memcpy(h + at + n, g->head + at + g->splice_skip, g->hlen - at - n);
}

/* Does the device that expands a frame leave the lengths as they are? */
static bool keeps_lengths(const struct run *r)
{
	return r->g->expand && r->size == r->g->size;
}

/* What a word holds in this run; @h has the input's. */
static uint16_t run_word(const struct run *r, const struct segoff__word *w,
			 const uint8_t *h)
{
	uint16_t v = w->value;

	if (w->is_length) {
		if (w->sum == SUM_L4)
			return (uint16_t)(v + r->size);
		return keeps_lengths(r) ? load16(h + w->at) :
					  (uint16_t)(v + r->said);
	}
	if (!r->first)
		v &= (uint16_t)~w->not_first;
	if (!r->last)
		v &= (uint16_t)~w->not_last;
	return v;
}

/* The words that all segments of the run share, and what they add to sums. */
static void run_words(struct run *r, uint8_t *h, uint32_t *cover)
{
	const struct segoff_gso *g = r->g;

	for (unsigned int i = 0; i < g->nword; i++) {
		const struct segoff__word *w = &g->word[i];
		uint16_t v = run_word(r, w, h);

		store16(h + w->at, v);
		if (w->sum == SUM_L4)
			r->l4 += be16(v);
		else if (w->sum < SUM_COVER)
			r->base[w->sum] += be16(v);
		else if (w->sum != SUM_NONE)
			cover[w->sum - SUM_COVER] += in_cover(
				&g->cover[w->sum - SUM_COVER], w->at, be16(v));
	}
}

/* The run's first header. */
static void run_header(struct run *r, uint8_t *h)
{
	const struct segoff_gso *g = r->g;
	uint32_t len = g->l4.hlen + r->size, cover[SEGOFF_COVER_MAX];

	if (g->l4.zero) /* UDP: as much of it as its header can hold */
		len = (uint16_t)len;
	copy_input(g, h);
	r->header = h;
	r->l4 = g->l4.base;
	for (unsigned int i = 0; i < g->npair; i++)
		r->base[i] = g->pair[i].base;
	for (unsigned int j = 0; j < g->ncover; j++)
		cover[j] = g->cover[j].base;
	run_words(r, h, cover);
	r->l4 += words32(len);
	if (g->l4.mode == L4_SEED)
		store_word(h + g->l4.check, fold32(g->l4.seed + words32(len)));
	if (g->ncover && !g->by_bytes && !keeps_lengths(r))
		segoff__close_covers(g, h, cover, r->said);
}

/* Headers are 20 bytes or more but for packets that stay whole. */
SEGOFF__INLINE void copy_header(uint8_t *to, const uint8_t *from, uint32_t n)
{
	uint32_t i = 0;

	if (unlikely(n < 16)) {
		memcpy(to, from, n);
		return;
	}
	if (likely(n > 48)) {
		memcpy(to, from, 48);
		i = 48;
	}
	for (; i + 64 < n; i += 64) /* tunnels */
		memcpy(to + i, from + i, 64);
	for (; i + 16 < n; i += 16)
		memcpy(to + i, from + i, 16);
	memcpy(to + n - 16, from + n - 16, 16);
}

/*
 * What moves from segment to segment: a copy of what the plan says of it. The
 * loops below keep it in registers, which they could not do with the plan
 * itself, since bytes stored into a header might be part of it.
 */
struct moving {
	struct segoff__pair pair[SEGOFF_IP_MAX + 1];
	struct segoff__l4 l4;
	const struct segoff_gso *g;
	unsigned int npair;
	uint32_t hlen;
	uint32_t size;
	bool by_bytes;
};

/*
 * The shape of a plan: which parts of patch() it needs. Known when compiled,
 * they cost nothing; so the loops exist once for each shape that matters.
 */
enum {
	SHAPE_PAIR = 1,	 /* one pair */
	SHAPE_SEQ = 2,	 /* a sequence number */
	SHAPE_SUM = 4,	 /* a transport checksum to finish */
	SHAPE_TWO = 8,	 /* a second pair */
	SHAPE_MORE = 16, /* and a third */
	/* pairs of fragments, or checksums of tunnels to finish */
	SHAPE_OTHER = 32,
};

static unsigned int shape_of(const struct segoff_gso *g)
{
	/* fragments: the first pair over IPv6, the last over IPv4 */
	if (g->by_bytes ||
	    (g->npair && (g->pair[0].more || g->pair[g->npair - 1].more)))
		return SHAPE_OTHER;
	return (g->npair > 0) * SHAPE_PAIR | (g->npair > 1) * SHAPE_TWO |
	       (g->npair > 2) * SHAPE_MORE | g->l4.has_seq * SHAPE_SEQ |
	       (g->l4.mode == L4_FULL) * SHAPE_SUM;
}

#define SHAPE(n, loop, ...)             \
	case n:                         \
		loop(__VA_ARGS__, (n)); \
		break

/* With a sequence number, a checksum, both, none. */
#define FOUR_SHAPES(n, loop, ...)                  \
	SHAPE(n, loop, __VA_ARGS__);               \
	SHAPE((n) | SHAPE_SEQ, loop, __VA_ARGS__); \
	SHAPE((n) | SHAPE_SUM, loop, __VA_ARGS__); \
	SHAPE((n) | SHAPE_SEQ | SHAPE_SUM, loop, __VA_ARGS__)

/* Call loop(..., shape) with a shape known when compiled. */
#define BY_SHAPE(g, loop, ...)                                          \
	switch (shape_of(g)) {                                          \
		FOUR_SHAPES(0, loop, __VA_ARGS__);                      \
		FOUR_SHAPES(SHAPE_PAIR, loop, __VA_ARGS__);             \
		FOUR_SHAPES(SHAPE_PAIR | SHAPE_TWO, loop, __VA_ARGS__); \
		FOUR_SHAPES(SHAPE_PAIR | SHAPE_TWO | SHAPE_MORE, loop,  \
			    __VA_ARGS__);                               \
	default:                                                        \
		loop(__VA_ARGS__, SHAPE_OTHER);                         \
	}

/* Pairs that @shape has: at least, and at most. */
SEGOFF__INLINE unsigned int pairs_from(const unsigned int shape)
{
	return shape & SHAPE_TWO ? 2 : shape & SHAPE_PAIR ? 1 : 0;
}

SEGOFF__INLINE unsigned int pairs_to(const struct segoff_gso *g,
				     const unsigned int shape)
{
	return shape & (SHAPE_MORE | SHAPE_OTHER) ? g->npair :
						    pairs_from(shape);
}

SEGOFF__INLINE void pair_begin(struct moving *m, const struct run *r,
			       unsigned int i)
{
	m->pair[i] = r->g->pair[i];
	/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): i < npair */
	m->pair[i].value = r->value[i];
	m->pair[i].base = fold32(r->base[i]);
	if (r->last)
		m->pair[i].more = 0;
}

/* If the run has no header yet, it is made at @h. */
SEGOFF__INLINE void moving_begin(struct moving *m, struct run *r, uint8_t *h,
				 const unsigned int shape)
{
	if (!r->header)
		run_header(r, h);
	for (unsigned int i = 0; i < pairs_to(r->g, shape); i++)
		pair_begin(m, r, i);
	m->g = r->g;
	m->by_bytes = r->g->by_bytes && !r->g->by_frags; /* seal() */
	m->npair = r->g->npair;
	m->l4 = r->g->l4;
	m->l4.seq = r->seq;
	m->l4.base = r->l4;
	m->hlen = r->g->hlen;
	m->size = r->size;
}

SEGOFF__INLINE void moving_end(const struct moving *m, struct run *r,
			       const unsigned int shape)
{
	for (unsigned int i = 0; i < pairs_to(r->g, shape); i++)
		r->value[i] = m->pair[i].value;
	r->seq = m->l4.seq;
}

/* The moving half of a pair, and the header checksum over it. */
SEGOFF__INLINE void patch_pair(struct segoff__pair *p, uint8_t *h, bool plain)
{
	uint32_t v = plain ? p->value : p->value >> p->shift | p->more;
	uint16_t w = be16((uint16_t)v);

	store_word(h + p->at, w);
	if (plain || p->check)
		store_word(h + p->check, (uint16_t)~fold17(p->base + w));
	p->value += p->step;
}

/* Make @h the next header, the run's being at @header. */
SEGOFF__INLINE void patch(struct moving *m, const uint8_t *header, uint8_t *h,
			  uint32_t payload_sum, const unsigned int shape)
{
	uint32_t sum = m->l4.base + payload_sum;

	if (likely(h != header))
		copy_header(h, header, m->hlen);
	if (shape & SHAPE_PAIR)
		patch_pair(&m->pair[0], h, true);
	if (shape & SHAPE_TWO)
		patch_pair(&m->pair[1], h, true);
	if (shape & (SHAPE_MORE | SHAPE_OTHER))
		for (unsigned int i = pairs_from(shape); i < m->npair; i++)
			patch_pair(&m->pair[i], h, shape & SHAPE_MORE);
	if (shape & SHAPE_SEQ || (shape & SHAPE_OTHER && m->l4.has_seq)) {
		store32(h + m->l4.seq_at, m->l4.seq);
		sum += words32(m->l4.seq);
		m->l4.seq += m->size;
	}
	if (shape & SHAPE_SUM ||
	    (shape & SHAPE_OTHER && m->l4.mode == L4_FULL)) {
		uint16_t v = (uint16_t)~fold32(sum);

		store_word(h + m->l4.check, likely(v) ? v : m->l4.zero);
	}
	if (shape & SHAPE_OTHER && unlikely(m->by_bytes))
		segoff__sum_covers(m->g, h, m->size,
				   (uint16_t)fold32(payload_sum));
}

/* Does this shape want to know the payload's sum? */
SEGOFF__INLINE bool wants_sum(const struct moving *m, const unsigned int shape)
{
	return shape & SHAPE_SUM ||
	       (shape & SHAPE_OTHER && (m->l4.mode == L4_FULL || m->by_bytes));
}

/*
 * SCTP: finish the CRC32c of a segment, which is one piece of the packet, and
 * the checksums of tunnels, which cover it.
 */
static void seal(const struct run *r, uint8_t *h, const uint8_t *payload)
{
	uint32_t crc = r->cpu->crc(r->g->l4.base, payload, r->size);

	store32(h + r->g->l4.check, segoff__sctp_stored(crc));
	if (r->g->by_bytes)
		segoff__sum_covers(r->g, h, r->size,
				   (uint16_t)r->cpu->sum(payload, r->size));
}

/* ------------------------------------------------------------- scatter */

/* Where the next segment's header and pieces go. */
struct scatter {
	uint8_t *hdr;
	struct iovec *iov;
	struct iovec *iov_end;
	unsigned int *pieces;
};

/* @n segments whose payload lies together. */
SEGOFF__INLINE void scatter_loop(struct run *r, struct scatter *s, size_t n,
				 const unsigned int shape)
{
	const size_t stride = hdr_stride(r->g->hlen);
	uint32_t (*sum)(const void *, size_t) = r->cpu->sum;
	const uint8_t *at = r->in.at, *header;
	struct iovec *iov = s->iov, *end = iov + 2 * n;
	uint8_t *h = s->hdr;
	struct moving m;

	moving_begin(&m, r, h, shape);
	header = r->header;
	for (; iov != end; iov += 2) {
		patch(&m, header, h, wants_sum(&m, shape) ? sum(at, m.size) : 0,
		      shape);
		iov[0].iov_base = h;
		iov[0].iov_len = m.hlen;
		iov[1].iov_base = (void *)(uintptr_t)at;
		iov[1].iov_len = m.size;
		at += m.size;
		h += stride;
	}
	moving_end(&m, r, shape);
	r->in.at = at;
	r->in.left -= n * r->size;
	s->hdr = h;
	s->iov = iov;
	for (size_t i = 0; i < n; i++)
		s->pieces[i] = 2;
	s->pieces += n;
}

static void scatter_together(struct run *r, struct scatter *s, size_t n)
{
	BY_SHAPE(r->g, scatter_loop, r, s, n);
}

/* One segment whose payload does not. False: no room for its pieces. */
static bool scatter_across(struct run *r, struct scatter *s)
{
	struct segoff__cursor in = r->in;
	struct segoff__sum sum = { 0, false };
	struct iovec *iov = s->iov + 1;
	size_t left = r->size, got;
	struct moving m;

	while (left) {
		const uint8_t *p = cursor_take(&in, left, &got);

		if (iov == s->iov_end)
			return false;
		iov->iov_base = (void *)(uintptr_t)p;
		iov->iov_len = got;
		iov++;
		left -= got;
		if (r->g->l4.mode == L4_FULL || r->g->by_bytes)
			sum_add(&sum, r->cpu->sum(p, got), got);
	}
	moving_begin(&m, r, s->hdr, SHAPE_OTHER);
	patch(&m, r->header, s->hdr, sum_done(&sum), SHAPE_OTHER);
	moving_end(&m, r, SHAPE_OTHER);
	s->iov[0].iov_base = s->hdr;
	s->iov[0].iov_len = r->g->hlen;
	*s->pieces++ = (unsigned int)(iov - s->iov);
	s->iov = iov;
	s->hdr += hdr_stride(r->g->hlen);
	r->in = in;
	return true;
}

/* A run as far as there is room; how many segments. */
static size_t scatter_run(struct run *r, struct scatter *s, size_t room)
{
	size_t n = r->count < room ? r->count : room, done = 0, k;
	struct iovec *header = s->iov;

	while (done < n) {
		cursor_refill(&r->in);
		k = r->size ? r->in.left / r->size : 0;
		if (k > n - done)
			k = n - done;
		if (k > (size_t)(s->iov_end - s->iov) / 2)
			k = (size_t)(s->iov_end - s->iov) / 2;
		if (!k) {
			if (s->iov_end == s->iov || !scatter_across(r, s))
				break;
			k = 1;
		} else {
			scatter_together(r, s, k);
		}
		done += k;
	}
	if (unlikely(r->g->l4.mode == L4_CRC) && done)
		seal(r, header->iov_base,
		     r->size ? header[1].iov_base : header->iov_base);
	return done;
}

ssize_t segoff_gso_scatter(struct segoff_gso *g,
			   const struct segoff_scatter *out)
{
	struct scatter s = { out->hdr, out->iov, out->iov, out->pieces };
	size_t stride = hdr_stride(g->hlen), room = out->nseg, n = 0, k;
	struct run r;

	if (g->next == g->nseg)
		return 0;
	if (unlikely(g->list.member))
		return segoff__list_scatter(g, out);
	if (!out->niov)
		return -ENOSPC;
	s.iov_end = s.iov + out->niov;
	if (stride && room > out->hdr_size / stride)
		room = out->hdr_size / stride;
	while (n < room && g->next < g->nseg) {
		run_begin(g, &r);
		k = scatter_run(&r, &s, room - n);
		run_end(g, &r, k);
		n += k;
		if (k < r.count)
			break;
	}
	return n ? (ssize_t)n : -ENOSPC;
}

/* ---------------------------------------------------------------- flat */

/* Copy @n bytes of payload, and sum them if somebody wants to know. */
SEGOFF__INLINE uint32_t flat_payload(struct run *r, uint8_t *to, size_t n,
				     bool want_sum)
{
	struct segoff__sum sum = { 0, false };
	size_t got;

	while (n) {
		const uint8_t *p = cursor_take(&r->in, n, &got);

		if (want_sum)
			sum_add(&sum, r->cpu->copy(to, p, got), got);
		else
			memcpy(to, p, got);
		to += got;
		n -= got;
	}
	return sum_done(&sum);
}

/* @n segments of a run, each where @seg says. */
SEGOFF__INLINE void flat_loop(struct run *r, const struct iovec *seg, size_t n,
			      const unsigned int shape)
{
	struct moving m;
	uint32_t sum;

	moving_begin(&m, r, seg[0].iov_base, shape);
	for (size_t i = 0; i < n; i++) {
		uint8_t *h = seg[i].iov_base;

		sum = flat_payload(r, h + m.hlen, m.size, wants_sum(&m, shape));
		patch(&m, r->header, h, sum, shape);
	}
	moving_end(&m, r, shape);
}

static void flat_run(struct run *r, const struct iovec *seg, size_t n)
{
	if (!n)
		return;
	BY_SHAPE(r->g, flat_loop, r, seg, n);
	if (unlikely(r->g->l4.mode == L4_CRC))
		seal(r, seg->iov_base, (uint8_t *)seg->iov_base + r->g->hlen);
}

/* Places for up to @n segments of a run, payloads on cache lines. */
static size_t flat_places(const struct run *r, uint8_t **buf, uint8_t *end,
			  struct iovec *seg, size_t n)
{
	size_t hlen = r->g->hlen, len = hlen + r->size, i;

	for (i = 0; i < n && i < r->count; i++) {
		size_t gap = flat_gap(*buf, hlen);

		if ((size_t)(end - *buf) < gap + len)
			break;
		seg[i].iov_base = *buf + gap;
		seg[i].iov_len = len;
		*buf += gap + len;
	}
	return i;
}

ssize_t segoff_gso_flat(struct segoff_gso *g, void *buf, size_t size,
			struct iovec *seg, size_t nseg)
{
	uint8_t *at = buf, *end;
	size_t n = 0, k;
	struct run r;

	if (g->next == g->nseg)
		return 0;
	if (unlikely(g->list.member))
		return segoff__list_flat(g, buf, size, seg, nseg);
	if (!size)
		return -ENOSPC;
	end = at + size;
	while (n < nseg && g->next < g->nseg) {
		run_begin(g, &r);
		k = flat_places(&r, &at, end, seg + n, nseg - n);
		flat_run(&r, seg + n, k);
		run_end(g, &r, k);
		n += k;
		if (k < r.count)
			break;
	}
	return n ? (ssize_t)n : -ENOSPC;
}

ssize_t segoff_gso_next(struct segoff_gso *g, void *buf, size_t size)
{
	struct iovec seg = { .iov_base = buf };
	struct run r;

	if (g->next == g->nseg)
		return 0;
	if (unlikely(g->list.member))
		return segoff__list_next(g, buf, size);
	run_begin(g, &r);
	if (size < (size_t)g->hlen + r.size)
		return -ENOSPC;
	flat_run(&r, &seg, 1);
	run_end(g, &r, 1);
	return (ssize_t)((size_t)g->hlen + r.size);
}

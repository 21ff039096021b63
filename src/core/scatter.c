/* SPDX-License-Identifier: MIT */
/*
 * scatter.c - segments as headers and references into the payload
 *
 * Payload that lies together is handed over whole; a segment in which a piece
 * of the packet ends goes a slower way through the same patching.
 */
#include <errno.h>

#include "patch.h"

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
	moving_end(&m, r);
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
	moving_end(&m, r);
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
		segoff__seal(r, header->iov_base,
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

/* SPDX-License-Identifier: MIT */
/* flat.c - segments that lie in one piece each */
#include <errno.h>

#include "patch.h"

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
	moving_end(&m, r);
}

static void flat_run(struct run *r, const struct iovec *seg, size_t n)
{
	if (!n)
		return;
	BY_SHAPE(r->g, flat_loop, r, seg, n);
	if (unlikely(r->g->l4.mode == L4_CRC))
		segoff__seal(r, seg->iov_base,
			     (uint8_t *)seg->iov_base + r->g->hlen);
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

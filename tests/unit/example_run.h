/* SPDX-License-Identifier: MIT */
/*
 * example_run.h - a superpacket in hex, and its segments, through all three
 * forms of output
 */
#ifndef SEGOFF_TEST_EXAMPLE_RUN_H
#define SEGOFF_TEST_EXAMPLE_RUN_H

#include <segoff.h>

#include "../test.h"

static size_t unhex(const char *s, uint8_t *out)
{
	unsigned int v;
	size_t n = 0;

	for (; *s; s++) {
		if (*s == ' ')
			continue;
		sscanf(s, "%2x", &v);
		out[n++] = (uint8_t)v;
		s++;
	}
	return n;
}

static uint8_t in[256], want[4][256], out[4096], hdr[4096];
static size_t nwant, want_len[4];

static void check_flat(struct segoff_gso *g)
{
	struct iovec seg[4];

	if (!eq(segoff_gso_flat(g, out, sizeof(out), seg, 4), nwant))
		return;
	for (size_t i = 0; i < nwant; i++)
		mem_eq(seg[i].iov_base, seg[i].iov_len, want[i], want_len[i]);
	eq(segoff_gso_flat(g, out, sizeof(out), seg, 4), 0);
}

static void check_next(struct segoff_gso *g)
{
	ssize_t n;

	for (size_t i = 0; i < nwant; i++) {
		n = segoff_gso_next(g, out + 1, want_len[i]);
		mem_eq(out + 1, (size_t)n, want[i], want_len[i]);
	}
	eq(segoff_gso_next(g, out, sizeof(out)), 0);
}

static void check_scatter(struct segoff_gso *g, const struct segoff_bound *b)
{
	struct iovec iov[256];
	unsigned int pieces[4], k = 0;
	struct segoff_scatter s = { hdr, b->hdr_bytes, iov, b->iovs, pieces, 4 };
	size_t n;

	if (!ok(b->iovs <= 256))
		return;
	if (!eq(segoff_gso_scatter(g, &s), nwant))
		return;
	for (size_t i = 0; i < nwant; i++) {
		n = 0;
		for (unsigned int j = 0; j < pieces[i]; j++, k++) {
			memcpy(out + n, iov[k].iov_base, iov[k].iov_len);
			n += iov[k].iov_len;
		}
		mem_eq(out, n, want[i], want_len[i]);
	}
	eq(segoff_gso_scatter(g, &s), 0);
}

/* The input in pieces: headers, then @step bytes at a time. */
static unsigned int chop(struct iovec *iov, size_t len, size_t head,
			 size_t step)
{
	unsigned int n = 0;

	iov[n].iov_base = in;
	iov[n++].iov_len = head;
	for (size_t at = head; at < len; at += step) {
		iov[n].iov_base = in + at;
		iov[n++].iov_len = len - at < step ? len - at : step;
	}
	return n;
}

static void all_forms(const struct segoff_pkt *pkt,
		      const struct segoff_meta *meta,
		      const struct segoff_gso_opts *o)
{
	struct segoff_bound b;
	struct segoff_gso g;

	for (int form = 0; form < 3; form++) {
		if (!eq(segoff_gso_init(&g, pkt, meta, o, &b), 0))
			return;
		eq(b.segs, nwant);
		if (form == 0)
			check_flat(&g);
		else if (form == 1)
			check_next(&g);
		else
			check_scatter(&g, &b);
	}
}

/* All forms; headers are @head bytes, the rest lies in pieces of @step. */
static void run_example(size_t len, size_t head, size_t step, unsigned int link,
			const struct segoff_meta *meta,
			const struct segoff_gso_opts *o)
{
	struct iovec iov[256];
	struct segoff_pkt pkt = { iov, 0, link };

	pkt.niov = chop(iov, len, head, step);
	all_forms(&pkt, meta, o);
}

/* What is wanted, from hex. */
static void want_hex(const char *const *hex, size_t n)
{
	for (nwant = 0; nwant < n && hex[nwant]; nwant++)
		want_len[nwant] = unhex(hex[nwant], want[nwant]);
}

#endif

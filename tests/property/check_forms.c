/* SPDX-License-Identifier: MIT */
/* check_forms.c - segments as they come, through each form of output */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define BATCH_MAX 6

/* The next segment is here; is it the one that must come? */
static bool take(struct run *u, const uint8_t *at, size_t len)
{
	const struct ref_seg *s = u->want;
	size_t k = u->list->count - u->left;

	if (!s)
		return complain(u->why, "one segment more than %zu",
				u->list->count);
	if (len != s->len)
		return complain(u->why, "segment %zu has %zu bytes, want %zu",
				k, len, s->len);
	for (size_t i = 0; i < len; i++)
		if (at[i] != s->at[i])
			return complain(
				u->why,
				"segment %zu byte %zu is %02x, want %02x", k, i,
				at[i], s->at[i]);
	u->want = s->next;
	u->left--;
	return true;
}

/* A call returned @n: is that possible at all, with room for @max? */
static bool plausible(struct run *u, const char *form, ssize_t n, size_t max)
{
	if (n < 0 && n != -ENOSPC)
		return complain(u->why, "%s returned %zd", form, n);
	if (n > 0 && (size_t)n > max)
		return complain(u->why, "%s returned %zd, room for %zu", form,
				n, max);
	if (n == 0 && u->want)
		return complain(u->why, "%s ended with %zu to come", form,
				u->left);
	if (n != 0 && !u->want)
		return complain(u->why, "%s returned %zd after the last", form,
				n);
	return true;
}

static bool next_into(struct run *u, size_t size)
{
	struct room m;
	ssize_t n;
	bool fine;

	room_make(&m, size, u->r);
	n = segoff_gso_next(&u->g, m.at, size);
	if (room_overrun(&m))
		fine = complain(u->why, "next wrote outside %zu bytes", size);
	else if (!u->want)
		fine = n == 0 || complain(u->why,
					  "next returned %zd after the "
					  "last",
					  n);
	else if (size < u->want->len)
		fine = n == -ENOSPC ||
		       complain(u->why,
				"next returned %zd for %zu bytes in "
				"%zu",
				n, u->want->len, size);
	else
		fine = n >= 0 ? take(u, m.at, (size_t)n) :
				complain(u->why, "next returned %zd", n);
	room_free(&m);
	return fine;
}

/* Too little room first, at times; then exactly enough. */
bool run_next(struct run *u)
{
	size_t len = u->want ? u->want->len : 0;

	if (len && rnd_percent(u->r, 30) &&
	    !next_into(u,
		       rnd_percent(u->r, 50) ? len - 1 : rnd_below(u->r, len)))
		return false;
	return next_into(
		u, len + (rnd_percent(u->r, 50) ? 0 : rnd_below(u->r, 100)));
}

/* Room for all was given, but not for so many: that many must come. */
static bool as_many(struct run *u, const char *form, ssize_t n, size_t nseg)
{
	size_t want = nseg < u->left ? nseg : u->left;

	if (want == 0 || n == (ssize_t)want)
		return true;
	return complain(u->why,
			"%s returned %zd with the room that was asked "
			"for and space for %zu of %zu",
			form, n, nseg, u->left);
}

static bool flat_into(struct run *u, size_t size, size_t nseg)
{
	struct iovec *seg = malloc((nseg + 1) * sizeof(*seg));
	const uint8_t *end;
	struct room m;
	bool fine;
	ssize_t n;

	room_make(&m, size, u->r);
	end = m.at;
	n = segoff_gso_flat(&u->g, m.at, size, seg, nseg);
	fine = plausible(u, "flat", n, nseg);
	if (room_overrun(&m))
		fine = complain(u->why, "flat wrote outside %zu bytes", size);
	if (fine && size >= u->b.flat_bytes)
		fine = as_many(u, "flat", n, nseg);
	for (ssize_t i = 0; fine && i < n; i++) {
		const uint8_t *at = seg[i].iov_base;

		if (at < end || at + seg[i].iov_len > m.at + size)
			fine = complain(u->why,
					"flat: segment %zd is outside "
					"or touches another",
					i);
		else
			fine = take(u, at, seg[i].iov_len);
		end = at + seg[i].iov_len;
	}
	room_free(&m);
	free(seg);
	return fine;
}

bool run_flat(struct run *u, bool all)
{
	size_t size = u->b.flat_bytes, nseg = rnd_below(u->r, BATCH_MAX);

	if (all)
		return flat_into(u, size, u->left);
	if (rnd_percent(u->r, 50))
		size = rnd_below(u->r, 3 * (u->list->largest + 128));
	if (rnd_percent(u->r, 20))
		size = rnd_below(u->r, u->list->largest + 1);
	return flat_into(u, size, nseg);
}

/* Pieces lie in the room for headers, in the packet, or in the state. */
static bool lies_well(const struct run *u, const struct room *hdr,
		      const uint8_t *at, size_t n)
{
	const uint8_t *g = (const uint8_t *)&u->g;

	return !u->p || (at >= hdr->at && at + n <= hdr->at + hdr->size) ||
	       (at >= g && at + n <= g + sizeof(u->g)) ||
	       pieces_own(u->p, at, n);
}

/* Put one scattered segment together, and see where its pieces lie. */
static bool take_pieces(struct run *u, const struct room *hdr,
			const struct iovec *iov, unsigned int pieces)
{
	size_t len = 0, room = u->want ? u->want->len : 0;
	uint8_t *all = malloc(room + 1);
	bool fine = true;

	for (unsigned int i = 0; fine && i < pieces; i++) {
		const uint8_t *at = iov[i].iov_base;
		size_t n = iov[i].iov_len;

		if (n && !lies_well(u, hdr, at, n))
			fine = complain(u->why, "piece %u lies elsewhere", i);
		else if (len + n > room)
			fine = complain(u->why, "pieces exceed %zu bytes",
					room);
		else if (n)
			memcpy(all + len, at, n);
		len += n;
	}
	fine = fine && take(u, all, len);
	free(all);
	return fine;
}

/* Room for a scatter; ASan watches the end of what is no bytes. */
struct scatter_room {
	struct segoff_scatter s;
	struct room hdr;
};

static void scatter_make(struct scatter_room *m, size_t hdr, size_t niov,
			 size_t nseg, struct rnd *r)
{
	room_make(&m->hdr, hdr, r);
	m->s.hdr = m->hdr.at;
	m->s.hdr_size = hdr;
	m->s.iov = calloc(niov ? niov : 1, sizeof(*m->s.iov));
	m->s.niov = niov;
	m->s.pieces = calloc(nseg ? nseg : 1, sizeof(*m->s.pieces));
	m->s.nseg = nseg;
}

static void scatter_free(struct scatter_room *m)
{
	room_free(&m->hdr);
	free(m->s.iov);
	free(m->s.pieces);
}

static bool scatter_into(struct run *u, size_t hdr, size_t niov, size_t nseg)
{
	struct scatter_room m;
	size_t used = 0;
	bool fine;
	ssize_t n;

	scatter_make(&m, hdr, niov, nseg, u->r);
	n = segoff_gso_scatter(&u->g, &m.s);
	fine = plausible(u, "scatter", n, nseg);
	if (room_overrun(&m.hdr))
		fine = complain(u->why, "scatter wrote outside %zu bytes", hdr);
	if (fine && hdr >= u->b.hdr_bytes && niov >= u->b.iovs)
		fine = as_many(u, "scatter", n, nseg);
	for (ssize_t i = 0; fine && i < n; i++) {
		if (used + m.s.pieces[i] > niov)
			fine = complain(u->why, "scatter: more pieces than "
						"room");
		else
			fine = take_pieces(u, &m.hdr, m.s.iov + used,
					   m.s.pieces[i]);
		used += m.s.pieces[i];
	}
	scatter_free(&m);
	return fine;
}

bool run_scatter(struct run *u, bool all)
{
	size_t hdr = u->b.hdr_bytes, niov = u->b.iovs;

	if (all)
		return scatter_into(u, hdr, niov, u->left);
	if (rnd_percent(u->r, 40))
		hdr = rnd_below(u->r, 400);
	if (rnd_percent(u->r, 40))
		niov = rnd_below(u->r, 10);
	return scatter_into(u, hdr, niov, rnd_below(u->r, BATCH_MAX));
}

/* SPDX-License-Identifier: MIT */
/* check_sctp.c - chunks into members and back, against the model */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../ref/ref.h"
#include "sctp_case.h"

#define HEADERS 32 /* IPv4 and SCTP */

/* Not an HMAC, but it depends on every byte that one covers, and on no more. */
static void stand_in(void *arg, uint8_t *auth, size_t len)
{
	uint32_t v = ref_crc32c((uint32_t)len, auth, len);
	size_t n = ref_get16(auth + 2);

	++*(size_t *)arg;
	for (size_t i = 8; i < n; i++)
		auth[i] = (uint8_t)(v >> 8 * (i % 4));
}

/* Every chunk in memory of its own, without a byte to spare. */
static void chunks_make(const struct sctp_case *c, struct iovec *v)
{
	size_t from = 0;

	for (size_t i = 0; i < c->n; from = c->end[i++]) {
		v[i].iov_len = c->end[i] - from;
		v[i].iov_base = malloc(v[i].iov_len + !v[i].iov_len);
		memcpy(v[i].iov_base, c->at + from, v[i].iov_len);
	}
}

static void chunks_free(const struct sctp_case *c, struct iovec *v)
{
	for (size_t i = 0; i < c->n; i++)
		free(v[i].iov_base);
}

static size_t bytes_of(const struct ref_members *m)
{
	size_t n = 0;

	for (size_t k = 0; k < m->n; k++)
		n += m->member[k].len;
	return n;
}

static bool as_wanted(const struct segoff_sctp_packed *got,
		      const struct iovec *member, const struct ref_members *m,
		      int chunks, struct complaint *why)
{
	if (got->chunks != (size_t)chunks || got->members != m->n ||
	    got->fragment != m->alone)
		return complain(why,
				"pack: %zu chunks, %zu members, fragment %d; "
				"want %d, %zu, %d",
				got->chunks, got->members, got->fragment,
				chunks, m->n, m->alone);
	for (size_t k = 0; k < m->n; k++)
		if (member[k].iov_len != m->member[k].len ||
		    memcmp(member[k].iov_base, m->member[k].at,
			   m->member[k].len))
			return complain(why, "pack: member %zu differs", k);
	return true;
}

/* A header for these members, and they behind it. */
static size_t make_flat(uint8_t *p, const uint8_t *chunks, size_t len)
{
	memset(p, 0, HEADERS);
	p[0] = 0x45;
	ref_put16(p + 2, HEADERS + len);
	p[9] = 132;
	memcpy(p + HEADERS, chunks, len);
	return HEADERS + len;
}

/* What was packed is found again in the flat packet. */
static bool found_again(const struct sctp_case *c, const struct ref_members *m,
			struct complaint *why)
{
	size_t len = 0, room = c->path.pathmtu - c->path.overhead, n;
	uint8_t *all = malloc(bytes_of(m) + 1);
	struct iovec piece[REF_MEMBERS + 1];
	struct segoff_stack st;
	struct segoff_pkt pkt;
	struct iovec v;
	bool fine;

	for (size_t k = 0; k < m->n; k++) {
		memcpy(all + len, m->member[k].at, m->member[k].len);
		len += m->member[k].len;
	}
	v.iov_base = malloc(HEADERS + len);
	v.iov_len = make_flat(v.iov_base, all, len);
	pkt = (struct segoff_pkt){ &v, 1, SEGOFF_LINK_RAW };
	segoff_dissect(&pkt, &st);
	n = (size_t)segoff_sctp_members(&pkt, &st, (uint32_t)(room + HEADERS),
					piece, REF_MEMBERS + 1, NULL);
	fine = n == m->n + 1;
	for (size_t k = 0; fine && k < m->n; k++)
		fine = piece[k + 1].iov_len == m->member[k].len;
	free(v.iov_base);
	free(all);
	return fine || complain(why, "members: %zd pieces, want %zu",
				(ssize_t)n, m->n + 1);
}

/* With less room than is needed it fails, and no byte more is written. */
static bool packs(const struct segoff_sctp_path *path, const struct iovec *v,
		  size_t n, const struct ref_members *m, int want,
		  struct rnd *r, struct complaint *why)
{
	struct iovec *member = malloc((m->n + 1) * sizeof(*member));
	struct segoff_sctp_packed got;
	struct room room;
	bool fine = true;
	int err;

	room_make(&room, want < 0 ? 0 : bytes_of(m), r);
	err = segoff_sctp_pack(path, v, n, room.at, room.size, member,
			       want < 0 ? 0 : m->n, &got);
	if (err != (want < 0 ? want : 0))
		fine = complain(why, "pack returned %d, want %d", err, want);
	else if (!err)
		fine = as_wanted(&got, member, m, want, why);
	if (fine && m->n &&
	    (segoff_sctp_pack(path, v, n, room.at, room.size - 1, member, m->n,
			      &got) != -ENOSPC ||
	     segoff_sctp_pack(path, v, n, room.at, room.size, member, m->n - 1,
			      &got) != -ENOSPC))
		fine = complain(why, "pack fits into less");
	if (room_overrun(&room))
		fine = complain(why, "pack wrote beyond its room");
	room_free(&room);
	free(member);
	return fine;
}

bool check_queue(const struct sctp_case *c, struct rnd *r,
		 struct complaint *why)
{
	static struct ref_members m;
	struct segoff_sctp_path path = c->path;
	struct iovec v[QUEUE_CHUNKS];
	size_t calls = 0;
	bool fine;
	int want;

	path.hmac = stand_in;
	path.arg = &calls;
	chunks_make(c, v);
	want = ref_pack(&path, v, c->n, &m);
	if (want < 0)
		m.n = 0;
	fine = packs(&path, v, c->n, &m, want, r, why);
	if (fine && m.n && !m.alone)
		fine = found_again(c, &m, why);
	chunks_free(c, v);
	return fine;
}

/* Pieces follow each other and are all of the packet. */
static bool whole(const struct segoff_pkt *pkt, const struct iovec *piece,
		  size_t n)
{
	const uint8_t *at = pkt->iov[0].iov_base;

	for (size_t i = 0; i < n; at += piece[i++].iov_len)
		if (piece[i].iov_base != at || !piece[i].iov_len)
			return false;
	return at ==
	       (const uint8_t *)pkt->iov[0].iov_base + pkt->iov[0].iov_len;
}

bool check_flat(const struct sctp_case *c, struct complaint *why)
{
	static size_t border[REF_CHUNKS];
	static struct iovec piece[REF_CHUNKS + 1];
	size_t n, room = c->mtu > HEADERS ? c->mtu - HEADERS : 0;
	enum segoff_verdict want, got;
	struct segoff_stack st;
	struct segoff_pkt pkt;
	struct iovec v;
	bool fine = true;
	ssize_t pieces;

	want = ref_cut_chunks(c->at, c->len, room, border, &n);
	v.iov_base = malloc(HEADERS + c->len);
	v.iov_len = make_flat(v.iov_base, c->at, c->len);
	pkt = (struct segoff_pkt){ &v, 1, SEGOFF_LINK_RAW };
	segoff_dissect(&pkt, &st);
	pieces = segoff_sctp_members(&pkt, &st, c->mtu, piece, REF_CHUNKS + 1,
				     &got);
	if (got != want ||
	    pieces != (want == SEGOFF_V_OK ? (ssize_t)n + 1 : -EINVAL))
		fine = complain(why, "members: %zd (%s), want %zu pieces (%s)",
				pieces, segoff_verdict_name(got), n + 1,
				segoff_verdict_name(want));
	else if (pieces > 0 && !whole(&pkt, piece, (size_t)pieces))
		fine = complain(why, "members: the pieces are not the packet");
	for (size_t i = 0; fine && pieces > 0 && i < n; i++)
		if ((const uint8_t *)piece[i + 1].iov_base +
			    piece[i + 1].iov_len !=
		    (const uint8_t *)v.iov_base + HEADERS + border[i])
			fine = complain(why, "members: border %zu", i);
	free(v.iov_base);
	return fine;
}

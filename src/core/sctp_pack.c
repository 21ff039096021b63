/* SPDX-License-Identifier: MIT */
/*
 * sctp_pack.c - a queue of chunks into the members of a superpacket
 *
 * Theory of operation
 * -------------------
 * Two walks over the queue. The first one, collect(), finds how far the queue
 * may go into this superpacket; it counts every chunk once, as the kernel does
 * when it appends chunks to a packet. The second one, fill(), lays the chunks
 * into members:
 *
 *	queue	  | AUTH | DATA | DATA | DATA |
 *	members	  | AUTH DATA DATA |  | AUTH DATA |
 *
 * An HMAC covers its chunk and what follows it in the same packet, so it is
 * made when a member is complete.
 */
#include <segoff/sctp.h>

#include <errno.h>

#include "opts.h"
#include "sctp_chunk.h"

#define AUTH_MIN 8u /* where its HMAC begins */

/* A queue on its way into members. */
struct packing {
	const struct segoff_sctp_path *path;
	const struct iovec *chunk;
	size_t room;		  /* for chunks in a member */
	const struct iovec *auth; /* once it was met */
	uint8_t *at;
	size_t left;
	struct iovec *member;
	size_t nmember;
	uint8_t *auth_at; /* in the member being filled, or NULL */
};

static uint8_t type_of(const struct iovec *c)
{
	return *(const uint8_t *)c->iov_base;
}

static bool is_auth(const struct iovec *c)
{
	return type_of(c) == CHUNK_AUTH;
}

static bool is_data(const struct iovec *c)
{
	return type_of(c) == CHUNK_DATA || type_of(c) == CHUNK_IDATA;
}

static bool is_right(const struct segoff_sctp_path *path, const struct iovec *c)
{
	const uint8_t *p = c->iov_base;

	if (c->iov_len < CHUNK_MIN || load16(p + CHUNK_LEN_AT) != c->iov_len)
		return false;
	return !is_auth(c) || (c->iov_len >= AUTH_MIN && path->hmac);
}

/* Chunks that were collected. */
struct collected {
	size_t n;
	size_t size; /* with the overhead, everything counted once */
	size_t auth; /* padded bytes of the AUTH chunk */
	bool data;
	bool fragment; /* the first one is too large for a packet */
};

/* May the chunk join those, which are not none? */
static bool joins(const struct packing *p, const struct collected *got,
		  const struct iovec *c)
{
	const struct segoff_sctp_path *path = p->path;
	size_t len = pad4(c->iov_len), size = got->size + len;
	size_t most = path->max_size;

	if (got->auth && is_auth(c))
		return false;
	if (size <= path->pathmtu)
		return true;
	if (!most || most > SEGOFF_SCTP_MAX)
		most = SEGOFF_SCTP_MAX;
	if (got->auth + len > p->room || (got->data && !is_data(c)))
		return false;
	return size <= most && (!path->window || size <= path->window);
}

/* How many chunks go into this superpacket; -errno. */
static int collect(const struct packing *p, size_t n, struct collected *got)
{
	*got = (struct collected){ .size = p->path->overhead };
	for (; got->n < n && !got->fragment; got->n++) {
		const struct iovec *c = &p->chunk[got->n];

		if (!is_right(p->path, c))
			return -EINVAL;
		if (got->n && !joins(p, got, c))
			break;
		got->fragment = pad4(c->iov_len) > p->room;
		got->size += pad4(c->iov_len);
		got->data |= is_data(c);
		if (is_auth(c))
			got->auth = pad4(c->iov_len);
	}
	/* an AUTH chunk at the end is for those behind it */
	if (got->n && got->n < n && is_auth(&p->chunk[got->n - 1]))
		got->n--;
	return n && !got->n ? -EMSGSIZE : 0;
}

static bool put(struct packing *p, const struct iovec *c)
{
	struct iovec *m = &p->member[p->nmember - 1];
	size_t len = c->iov_len, padded = pad4(len);

	if (padded > p->left)
		return false;
	memcpy(p->at, c->iov_base, len);
	memset(p->at + len, 0, padded - len);
	if (c == p->auth)
		p->auth_at = p->at;
	m->iov_len += padded;
	p->at += padded;
	p->left -= padded;
	return true;
}

/* The member is complete. */
static void end_member(struct packing *p)
{
	size_t len;

	if (!p->auth_at)
		return;
	len = load16(p->auth_at + CHUNK_LEN_AT);
	memset(p->auth_at + AUTH_MIN, 0, len - AUTH_MIN);
	p->path->hmac(p->path->arg, p->auth_at, (size_t)(p->at - p->auth_at));
	p->auth_at = NULL;
}

static bool begin_member(struct packing *p, size_t most)
{
	if (p->nmember == most)
		return false;
	p->member[p->nmember++] = (struct iovec){ p->at, 0 };
	return !p->auth || put(p, p->auth);
}

static bool fill(struct packing *p, size_t n, size_t most)
{
	for (size_t i = 0; i < n; i++) {
		const struct iovec *c = &p->chunk[i];

		if (!i || p->member[p->nmember - 1].iov_len + pad4(c->iov_len) >
				  p->room) {
			end_member(p);
			if (!begin_member(p, most))
				return false;
		}
		if (is_auth(c))
			p->auth = c;
		if (!put(p, c))
			return false;
	}
	end_member(p);
	return true;
}

int segoff_sctp_pack(const struct segoff_sctp_path *path,
		     const struct iovec *chunk, size_t nchunk, void *buf,
		     size_t size, struct iovec *member, size_t nmember,
		     struct segoff_sctp_packed *out)
{
	struct packing p = {
		.chunk = chunk, .at = buf, .left = size, .member = member
	};
	struct segoff_sctp_path own;
	struct collected got;
	int err;

	*out = (struct segoff_sctp_packed){ 0 };
	path = segoff__opts(path, &own, sizeof(own));
	if (!path)
		return -EINVAL;
	p.path = path;
	if (path->pathmtu > path->overhead)
		p.room = path->pathmtu - path->overhead;
	err = collect(&p, nchunk, &got);
	if (err)
		return err;
	if (!fill(&p, got.n, nmember))
		return -ENOSPC;
	out->chunks = got.n;
	out->members = p.nmember;
	out->fragment = got.fragment;
	return 0;
}

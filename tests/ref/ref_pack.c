/* SPDX-License-Identifier: MIT */
/*
 * ref_pack.c - chunks into members, and flat chunks into members again
 *
 * First it is decided which chunks go, then for each in which member it is, and
 * only then is anything written.
 */
#include <errno.h>
#include <string.h>

#include "ref.h"

static size_t padded(size_t n)
{
	return n % 4 ? n + 4 - n % 4 : n;
}

static uint8_t type(const struct iovec *c)
{
	return ((const uint8_t *)c->iov_base)[0];
}

static bool carries_data(const struct iovec *c)
{
	return type(c) == 0 || type(c) == 64;
}

static bool valid(const struct iovec *c)
{
	size_t least = 4;

	if (c->iov_len < least)
		return false;
	if (type(c) == 15)
		least = 8;
	return c->iov_len >= least &&
	       ref_get16((const uint8_t *)c->iov_base + 2) == c->iov_len;
}

/* What limits a packet that is above the path MTU. */
static size_t ceiling(const struct segoff_sctp_path *p)
{
	size_t most = 65536;

	if (p->max_size && p->max_size < most)
		most = p->max_size;
	if (p->window && p->window < most)
		most = p->window;
	return most;
}

/* R-SCTP-3: how many chunks go, or -errno. */
static int taken(const struct segoff_sctp_path *p, const struct iovec *c,
		 size_t n, bool *alone)
{
	size_t total = p->overhead, auth = 0, i;
	bool data = false;

	*alone = false;
	for (i = 0; i < n && !*alone; i++) {
		size_t len = padded(c[i].iov_len);

		if (!valid(&c[i]))
			return -EINVAL;
		if (i == 0)
			*alone = p->overhead + len > p->pathmtu;
		else if (auth && type(&c[i]) == 15)
			break;
		else if (total + len > p->pathmtu &&
			 (p->overhead + auth + len > p->pathmtu ||
			  (data && !carries_data(&c[i])) ||
			  total + len > ceiling(p)))
			break;
		total += len;
		if (carries_data(&c[i]))
			data = true;
		if (type(&c[i]) == 15)
			auth = len;
	}
	if (i && i < n && type(&c[i - 1]) == 15)
		i--;
	return n && !i ? -EMSGSIZE : (int)i;
}

static void append(struct ref_members *m, const struct iovec *c)
{
	struct ref_member_bytes *b = &m->member[m->n - 1];

	memset(b->at + b->len, 0, padded(c->iov_len));
	memcpy(b->at + b->len, c->iov_base, c->iov_len);
	if (type(c) == 15)
		b->auth = b->len + 1;
	b->len += padded(c->iov_len);
}

/* R-SCTP-4 */
static void sign(const struct segoff_sctp_path *p, struct ref_member_bytes *b)
{
	uint8_t *auth = b->at + b->auth - 1;

	if (!b->auth)
		return;
	memset(auth + 8, 0, ref_get16(auth + 2) - 8u);
	p->hmac(p->arg, auth, b->len - (b->auth - 1));
}

int ref_pack(const struct segoff_sctp_path *p, const struct iovec *c, size_t n,
	     struct ref_members *out)
{
	const struct iovec *auth = NULL;
	int go = taken(p, c, n, &out->alone);

	out->n = 0;
	for (int i = 0; i < go; i++) {
		size_t len = padded(c[i].iov_len);

		if (!out->n || p->overhead + out->member[out->n - 1].len + len >
				       p->pathmtu) {
			out->member[out->n].len = out->member[out->n].auth = 0;
			out->n++;
			if (auth)
				append(out, auth);
		}
		append(out, &c[i]);
		if (type(&c[i]) == 15)
			auth = &c[i];
	}
	for (size_t k = 0; k < out->n; k++)
		sign(p, &out->member[k]);
	return go;
}

/* Where chunks end; false: one of them has no possible length. */
static bool chunks(const uint8_t *p, size_t len, size_t *end, size_t *n)
{
	size_t at = 0, said;

	for (*n = 0; at < len; end[(*n)++] = at) {
		said = len - at < 4 ? 0 : ref_get16(p + at + 2);
		if (said < 4 || said > len - at)
			return false;
		at += padded(said);
		if (at > len)
			at = len;
	}
	return true;
}

enum segoff_verdict ref_cut_chunks(const uint8_t *p, size_t len, size_t room,
				   size_t *border, size_t *n)
{
	static size_t end[REF_CHUNKS];
	size_t nchunk, start = 0, from = 0;
	bool whole = chunks(p, len, end, &nchunk), auth = false;

	*n = 0;
	for (size_t i = 0; i < nchunk; start = end[i++]) {
		if (end[i] - start > room)
			return SEGOFF_V_MTU_LIMIT;
		if (end[i] - from > room || (auth && p[start] == 15)) {
			border[(*n)++] = from = start;
			auth = false;
		}
		if (p[start] == 15)
			auth = true;
	}
	if (!whole)
		return SEGOFF_V_SCTP_CHUNK;
	if (len > from)
		border[(*n)++] = len;
	return SEGOFF_V_OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * sctp_members.c - where a flat superpacket of SCTP is cut
 *
 * The sender filled every member as far as its path allowed (sctp_pack.c), so
 * doing the same again finds the borders, provided the path is known.
 */
#include <segoff/sctp.h>

#include <errno.h>

#include "dissect.h"
#include "pseudo.h"
#include "sctp_chunk.h"

/* Pieces as they are found, more than there is room for included. */
struct found {
	struct iovec *iov;
	size_t room;
	size_t n;
};

static void add(struct found *f, const uint8_t *at, size_t len)
{
	if (f->n < f->room)
		f->iov[f->n] = (struct iovec){ (void *)(uintptr_t)at, len };
	f->n++;
}

/* The padded chunk at @p, of which @left bytes are there; 0: impossible. */
static size_t chunk_at(const uint8_t *p, size_t left)
{
	size_t len;

	if (left < CHUNK_MIN)
		return 0;
	len = load16(p + CHUNK_LEN_AT);
	if (len < CHUNK_MIN || len > left)
		return 0;
	len = pad4(len);
	return len < left ? len : left; /* the last one's padding may lack */
}

/* Cut @len bytes of chunks into members of up to @room. */
static enum segoff_verdict cut(struct found *f, const uint8_t *p, size_t len,
			       size_t room)
{
	const uint8_t *end = p + len, *from = p;
	bool auth = false;
	size_t n;

	for (; p != end; p += n) {
		bool is_auth = *p == CHUNK_AUTH;

		n = chunk_at(p, (size_t)(end - p));
		if (!n)
			return SEGOFF_V_SCTP_CHUNK;
		if (n > room)
			return SEGOFF_V_MTU_LIMIT;
		if ((size_t)(p - from) + n > room || (auth && is_auth)) {
			add(f, from, (size_t)(p - from));
			from = p;
			auth = false;
		}
		auth |= is_auth;
	}
	if (from != end)
		add(f, from, (size_t)(end - from));
	return SEGOFF_V_OK;
}

static enum segoff_verdict members(const struct segoff_pkt *pkt,
				   const struct segoff_stack *st, uint32_t mtu,
				   struct found *f)
{
	const uint8_t *head = segoff__head(pkt);
	size_t headers;

	if (!segoff__has_sctp(st))
		return st->end == SEGOFF_V_OK ? SEGOFF_V_TRANSPORT : st->end;
	if (pkt->niov != 1)
		return SEGOFF_V_TRUNCATED;
	if (segoff__ip_end(pkt, st) != st->len)
		return SEGOFF_V_TRAILER;
	headers = st->payload - segoff__outer_ip(st)->off;
	add(f, head, st->payload);
	return cut(f, head + st->payload, st->len - st->payload,
		   mtu > headers ? mtu - headers : 0);
}

ssize_t segoff_sctp_members(const struct segoff_pkt *pkt,
			    const struct segoff_stack *st, uint32_t mtu,
			    struct iovec *iov, size_t niov,
			    enum segoff_verdict *why)
{
	struct found f = { iov, niov, 0 };
	enum segoff_verdict v = members(pkt, st, mtu, &f);

	if (why)
		*why = v;
	return v == SEGOFF_V_OK ? (ssize_t)f.n : -EINVAL;
}

/* SPDX-License-Identifier: MIT */
/* pieces.c - packets in pieces, as mbufs and multi-buffer receives have them */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "check.h"

bool complain(struct complaint *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return false;
}

/* A piece is exactly as large as its bytes, so that ASan sees its end. */
static void piece(struct pieces *p, const uint8_t *from, size_t n)
{
	struct iovec *v = &p->iov[p->n++];

	v->iov_len = n;
	v->iov_base = NULL;
	if (n) {
		v->iov_base = malloc(n);
		memcpy(v->iov_base, from, n);
	}
}

static size_t pick_step(struct rnd *r, size_t left)
{
	switch (rnd_below(r, 4)) {
	case 0:
		return rnd_below(r, 4);
	case 1:
		return rnd_below(r, 100);
	default:
		return rnd_below(r, left + 1);
	}
}

/* As the case has them. */
static void pieces_given(struct pieces *p, const struct gen_case *c)
{
	size_t at = 0;

	for (size_t i = 0; i < c->npiece; at += c->piece[i++])
		piece(p, c->at + at, c->piece[i]);
	p->pkt.niov = p->n;
}

void pieces_make(struct pieces *p, const struct gen_case *c, size_t first,
		 struct rnd *r)
{
	size_t at, n;

	p->n = 0;
	p->copy = c->at;
	p->pkt = (struct segoff_pkt){ p->iov, 0, c->link };
	if (c->npiece && first <= c->piece[0]) {
		pieces_given(p, c);
		return;
	}
	if (first > c->len)
		first = c->len;
	if (rnd_percent(r, 30))
		first = c->len;
	else if (rnd_percent(r, 50))
		first += rnd_below(r, c->len - first + 1);
	if (c->len || rnd_percent(r, 50))
		piece(p, c->at, first);
	for (at = first; at < c->len && p->n < PIECES_MAX - 1; at += n) {
		n = pick_step(r, c->len - at);
		if (n > c->len - at)
			n = c->len - at;
		piece(p, c->at + at, n);
	}
	if (at < c->len)
		piece(p, c->at + at, c->len - at);
	p->pkt.niov = p->n;
}

bool pieces_changed(const struct pieces *p)
{
	size_t at = 0;

	for (unsigned int i = 0; i < p->n; i++) {
		size_t n = p->iov[i].iov_len;

		if (n && memcmp(p->iov[i].iov_base, p->copy + at, n))
			return true;
		at += n;
	}
	return false;
}

bool pieces_own(const struct pieces *p, const uint8_t *at, size_t n)
{
	for (unsigned int i = 0; i < p->n; i++) {
		const uint8_t *from = p->iov[i].iov_base;

		if (from && at >= from && at + n <= from + p->iov[i].iov_len)
			return true;
	}
	return false;
}

void pieces_gather(const struct pieces *p, uint8_t *to)
{
	for (unsigned int i = 0; i < p->n; i++) {
		if (p->iov[i].iov_len)
			memcpy(to, p->iov[i].iov_base, p->iov[i].iov_len);
		to += p->iov[i].iov_len;
	}
}

void pieces_free(struct pieces *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		free(p->iov[i].iov_base);
}

/* All of it, if they do not end where they should. */
static size_t headers(const struct gen_case *c, const struct segoff_meta *m,
		      const struct segoff_ports *ports)
{
	struct ref_pkt p = { c->at, c->len, c->link };
	struct ref_nest n = { .p = &p, .m = m, .ports = ports };
	size_t l4 = 8;

	if (ref_nest_walk(&n) != SEGOFF_V_OK)
		return c->len;
	if (n.w.proto == 132)
		l4 = 12;
	if (n.w.proto == 6)
		l4 = c->len - n.w.th < 20 ? 20 : (c->at[n.w.th + 12] >> 4) * 4u;
	if (l4 < 20 && n.w.proto == 6)
		l4 = 20;
	return n.w.th + l4 < c->len ? n.w.th + l4 : c->len;
}

/* Where metadata end, ports may lead on. */
size_t headers_of(const struct gen_case *c)
{
	size_t said = headers(c, &c->meta, c->opts.ports);
	size_t there = headers(c, NULL, NULL);

	return said > there ? said : there;
}

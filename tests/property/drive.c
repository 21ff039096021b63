/* SPDX-License-Identifier: MIT */
/*
 * drive.c - a train through the library, and what left
 *
 * Memory that the library may no longer read is given back at once: metadata
 * behind the push, packets when what they are in was taken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"

static bool same_bytes(struct drive *d, const struct left *l,
		       const struct segoff_super *s)
{
	struct iovec *iov = calloc(s->niov + 1, sizeof(*iov));
	uint8_t *hdr = malloc(s->hlen + 1u);
	ssize_t n = segoff_super_scatter(s, hdr, s->hlen, iov, s->niov);
	bool fine = n >= 0 && (size_t)n <= s->niov;
	size_t at = 0;

	for (ssize_t i = 0; fine && i < n; at += iov[i++].iov_len)
		fine = at + iov[i].iov_len <= l->len &&
		       !memcmp(l->at + at, iov[i].iov_base, iov[i].iov_len);
	free(hdr);
	free(iov);
	if (!fine || at != l->len)
		return complain(d->why, "flat and scatter differ at out %zu",
				d->nout);
	return true;
}

/* Room that is too small by one. */
static bool refuses(struct drive *d, const struct segoff_super *s)
{
	uint8_t none[1];
	struct iovec iov;

	if (s->len && segoff_super_flat(s, none, s->len - 1) != -ENOSPC)
		return complain(d->why, "flat wrote into too little room");
	if (s->hlen && segoff_super_scatter(s, none, s->hlen - 1, &iov,
					    s->niov) != -ENOSPC)
		return complain(d->why, "scatter wrote a header too large");
	if (segoff_super_scatter(s, none, s->hlen, &iov, s->niov - 1) !=
	    -ENOSPC)
		return complain(d->why, "scatter wrote too many pieces");
	return true;
}

static bool flat(struct drive *d, struct left *l, const struct segoff_super *s)
{
	struct room m;
	ssize_t n;
	bool fine;

	room_make(&m, s->len, &d->r);
	n = segoff_super_flat(s, m.at, m.size);
	fine = n == (ssize_t)s->len && !room_overrun(&m);
	l->at = malloc(s->len + 1);
	memcpy(l->at, m.at, s->len);
	room_free(&m);
	return fine || complain(d->why, "flat returned %zd of %zu", n, s->len);
}

/* The packets of this one were taken; nobody may look at them again. */
static bool cookies(struct drive *d, struct left *l,
		    const struct segoff_super *s)
{
	uint64_t cookie[TRAIN_MAX + 1];
	size_t n = segoff_super_cookies(s, cookie, TRAIN_MAX + 1);

	if (n != s->npkt || n > TRAIN_MAX || s->cookie != cookie[0])
		return complain(d->why, "%zu cookies of %u", n, s->npkt);
	for (size_t i = 0; i < n; i++) {
		if (cookie[i] >= d->t->n || !d->load[cookie[i]].n)
			return complain(d->why, "cookie %zu of out %zu", i,
					d->nout);
		l->which[i] = (size_t)cookie[i];
		load_free(&d->load[cookie[i]]);
	}
	return true;
}

static bool take(struct drive *d, const struct segoff_super *s)
{
	struct left *l = &d->out[d->nout];

	*l = (struct left){ s->meta, NULL, s->len, s->npkt, { 0 }, s->time };
	if (!flat(d, l, s) || !same_bytes(d, l, s) || !refuses(d, s) ||
	    !cookies(d, l, s))
		return false;
	if (s->time != d->t->pkt[l->which[0]].time)
		return complain(d->why, "time of out %zu", d->nout);
	d->nout++;
	return true;
}

static bool pop_all(struct drive *d)
{
	struct segoff_super s;

	while (segoff_gro_pop(d->g, &s)) {
		if (d->nout == TRAIN_MAX)
			return complain(d->why, "more leaves than came");
		if (!take(d, &s))
			return false;
	}
	return true;
}

static void flush(struct drive *d, uint64_t until)
{
	segoff_gro_flush(d->g, until);
	if (d->model)
		ref_gro_flush(d->model, until);
}

static void flush_flow(struct drive *d, const struct train_pkt *p)
{
	struct iovec v = { p->at, p->len };
	struct segoff_gro_pkt arg = { .pkt = { &v, 1, d->t->link },
				      .hash = p->hash };
	struct ref_arrival a = { .p = { p->at, p->len, d->t->link },
				 .hash = p->hash };

	segoff_gro_flush_flow(d->g, &arg);
	if (d->model)
		ref_gro_flush_flow(d->model, &a);
}

static void argument(struct drive *d, size_t i, struct segoff_meta *meta,
		     struct segoff_gro_pkt *arg)
{
	const struct train_pkt *p = &d->t->pkt[i];

	*meta = p->meta;
	*arg = (struct segoff_gro_pkt){
		.pkt = { d->load[i].iov, d->load[i].n, d->t->link },
		.meta = p->has_meta ? meta : NULL,
		.cookie = i,
		.time = p->time,
		.hash = p->hash,
	};
}

static void show_model(struct drive *d, size_t i)
{
	const struct train_pkt *p = &d->t->pkt[i];
	struct ref_arrival a = {
		.p = { p->at, p->len, d->t->link },
		.meta = p->has_meta ? &p->meta : NULL,
		.cookie = i,
		.time = p->time,
		.hash = p->hash,
	};

	if (d->model)
		d->merged[i] = ref_gro_push(d->model, &a);
}

/* Packets @i to @end - 1, alone or together; how many were taken. */
static size_t push_some(struct drive *d, size_t i, size_t end)
{
	struct segoff_gro_pkt *arg = calloc(end - i, sizeof(*arg));
	struct segoff_meta *meta = calloc(end - i, sizeof(*meta));
	size_t n = 0;
	int err = 0;

	for (size_t k = i; k < end; k++)
		argument(d, k, &meta[k - i], &arg[k - i]);
	if (rnd_percent(&d->r, 50))
		n = segoff_gro_push_batch(d->g, arg, end - i);
	else
		while (n < end - i && !err) {
			err = segoff_gro_push(d->g, &arg[n]);
			n += !err;
		}
	for (size_t k = 0; k < n; k++) {
		d->verdict[i + k] = arg[k].why;
		show_model(d, i + k);
	}
	free(meta);
	free(arg);
	return err && err != -ENOBUFS ? SIZE_MAX : n;
}

/*
 * Pop if there is no room; if that is not enough, flush. Then there must be
 * room.
 */
static bool push(struct drive *d, size_t i, size_t end)
{
	unsigned int tries = 0;
	size_t n;

	for (; i < end; i += n) {
		n = push_some(d, i, end);
		if (n > end - i)
			return complain(d->why, "push of %zu failed", i);
		tries = n ? 0 : tries + 1;
		if (tries == 2)
			flush(d, UINT64_MAX);
		if (tries == 3)
			return complain(d->why, "no room for %zu, ever", i);
		if (i + n < end && !pop_all(d))
			return false;
	}
	return true;
}

/* What is done behind packet @i. */
static bool then(struct drive *d, size_t i)
{
	const struct train_pkt *p = &d->t->pkt[i];

	if (p->then & THEN_FLUSH)
		flush(d, UINT64_MAX);
	if (p->then & THEN_FLUSH_AGE)
		flush(d, p->time - 1);
	if (p->then & THEN_FLUSH_FLOW)
		flush_flow(d, p);
	return !(p->then & THEN_POP) || pop_all(d);
}

/* All packets up to one behind which something is done. */
static size_t batch_end(const struct drive *d, size_t i)
{
	while (i + 1 < d->t->n && !d->t->pkt[i].then)
		i++;
	return i + 1;
}

static bool step(struct drive *d, size_t i, size_t end)
{
	for (size_t k = i; k < end; k++)
		load_make(&d->load[k], d->t, &d->t->pkt[k]);
	return push(d, i, end) && then(d, end - 1);
}

bool drive(struct drive *d, const struct train *t, struct ref_gro *model,
	   struct complaint *why)
{
	size_t size = segoff_gro_size(&t->opts);
	void *mem = malloc(size);
	bool fine = true;

	memset(d, 0, sizeof(*d));
	d->t = t;
	d->model = model;
	d->why = why;
	d->r = rnd_seed(size, t->n);
	d->g = segoff_gro_init(mem, size, &t->opts);
	if (!d->g)
		fine = complain(why, "init refused the options");
	for (size_t i = 0, end; fine && i < t->n; i = end) {
		end = batch_end(d, i);
		fine = step(d, i, end);
	}
	if (fine) {
		flush(d, UINT64_MAX);
		fine = pop_all(d);
	}
	for (size_t i = 0; i < t->n; i++) {
		if (fine && d->load[i].n)
			fine = complain(why, "packet %zu never left", i);
		load_free(&d->load[i]);
	}
	free(mem);
	return fine;
}

void drive_free(struct drive *d)
{
	for (size_t i = 0; i <= TRAIN_MAX; i++)
		free(d->out[i].at);
}

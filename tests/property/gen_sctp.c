/* SPDX-License-Identifier: MIT */
/* gen_sctp.c - queues of chunks, and flat superpackets, right and hostile */
#include <string.h>

#include "../ref/ref.h"
#include "sctp_case.h"

static uint8_t pick_type(struct rnd *r)
{
	static const uint8_t control[] = { 3, 10, 12, 14, 192, 130 };

	if (rnd_percent(r, 75))
		return rnd_percent(r, 80) ? 0 : 64;
	return rnd_percent(r, 30) ? 15 : control[rnd_below(r, 6)];
}

/* Small ones, some that just fit a packet, some that just do not. */
static size_t pick_length(struct rnd *r, size_t room)
{
	switch (rnd_below(r, 6)) {
	case 0:
	case 1:
		return rnd_in(r, 4, 40);
	case 2:
		return room > 8 ? rnd_in(r, room - 8, room + 2) : 4;
	case 3:
		return rnd_in(r, 4, 2 * room + 4);
	default:
		return rnd_in(r, 4, room / 3 + 5);
	}
}

/* A chunk of @n bytes behind the others. */
static void add(struct rnd *r, struct sctp_case *c, size_t n)
{
	uint8_t *p = c->at + c->len;

	rnd_fill(r, p, n);
	p[0] = pick_type(r);
	if (p[0] == 15 && n > 60) /* as large as they are */
		n = rnd_in(r, 8, 60);
	ref_put16(p + 2, n);
	c->len += n;
	c->end[c->n++] = c->len;
}

static void pick_path(struct rnd *r, struct segoff_sctp_path *p)
{
	*p = (struct segoff_sctp_path){ .sz = sizeof(*p), .overhead = 32 };
	p->pathmtu = (uint32_t)(rnd_percent(r, 50) ? rnd_in(r, 60, 400) :
						     rnd_in(r, 400, 1600));
	if (rnd_percent(r, 20))
		p->overhead = (uint32_t)rnd_in(r, 12, 100);
	if (rnd_percent(r, 50))
		p->max_size = (uint32_t)rnd_in(r, 1, 9000);
	if (rnd_percent(r, 30))
		p->window = (uint32_t)rnd_in(r, 1, 9000);
}

void gen_queue(struct rnd *r, struct sctp_case *c)
{
	size_t n = rnd_in(r, 0, rnd_percent(r, 70) ? 12 : QUEUE_CHUNKS), room;

	c->n = c->len = 0;
	pick_path(r, &c->path);
	room = c->path.pathmtu > c->path.overhead ?
		       c->path.pathmtu - c->path.overhead :
		       4;
	while (c->n < n && c->len < QUEUE_BYTES - 8000)
		add(r, c, pick_length(r, room));
	if (c->n && rnd_percent(r, 3)) /* a length that is not its length */
		c->at[rnd_below(r, c->len)] ^= (uint8_t)(1u << rnd_below(r, 8));
}

void gen_flat(struct rnd *r, struct sctp_case *c)
{
	size_t n = rnd_in(r, 0, 60), room, start;

	c->n = c->len = 0;
	c->mtu = (uint32_t)rnd_in(r, 20, 1600);
	room = c->mtu > 32 ? c->mtu - 32 : 4;
	while (c->n < n && c->len < 60000) {
		start = c->len;
		add(r, c,
		    rnd_percent(r, 95) ? rnd_in(r, 4, room / 2 + 8) :
					 pick_length(r, room));
		while ((c->len - start) % 4)
			c->at[c->len++] = 0;
	}
	if (c->len && rnd_percent(r, 10))
		c->at[rnd_below(r, c->len)] = rnd8(r);
	if (rnd_percent(r, 10))
		c->len = rnd_below(r, c->len + 1);
}

/* SPDX-License-Identifier: MIT */
/* gen_damage.c - packets that nobody meant to send */
#include "gen.h"

static void break_bytes(struct rnd *r, struct gen_case *c, size_t from,
			size_t to)
{
	size_t n = rnd_in(r, 1, 3);

	if (to > c->len)
		to = c->len;
	while (n-- && from < to) {
		size_t at = rnd_in(r, from, to - 1);

		if (rnd_percent(r, 50))
			c->at[at] ^= (uint8_t)(1u << rnd_below(r, 8));
		else
			c->at[at] = rnd8(r);
	}
}

/* Where headers end, and a byte less or more. */
static size_t at_a_border(struct rnd *r, const struct gen_case *c)
{
	const size_t border[] = { c->net,    c->net + 20, c->net + 40, c->th,
				  c->th + 8, c->th + 20,  c->data,     1 };
	size_t at = border[rnd_below(r, 8)] + rnd_below(r, 3) - 1;

	return at < c->len ? at : c->len;
}

void gen_damage(struct rnd *r, struct gen_case *c)
{
	size_t kind = rnd_below(r, 1000);

	if (kind < 30) {
		break_bytes(r, c, 0, c->data);
	} else if (kind < 60) {
		break_bytes(r, c, c->net, c->data);
	} else if (kind < 80) {
		c->len = at_a_border(r, c);
	} else if (kind < 90) {
		c->len = rnd_below(r, rnd_percent(r, 50) ? c->len + 1 :
							   c->data + 1);
	} else if (kind < 95) {
		rnd_fill(r, c->at, c->len);
	} else if (kind < 100) {
		c->link = (unsigned int)rnd_below(r, SEGOFF_LINK_COUNT + 2);
	}
}

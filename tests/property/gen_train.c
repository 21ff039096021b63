/* SPDX-License-Identifier: MIT */
/* gen_train.c - trains of a few flows, and what happens between the packets */
#include <string.h>

#include "train.h"

#define FLOWS_MAX 12

static unsigned int pick_link(struct rnd *r)
{
	if (rnd_percent(r, 60))
		return SEGOFF_LINK_ETHERNET;
	return (unsigned int)rnd_below(r, SEGOFF_LINK_COUNT);
}

static uint32_t pick_max_size(struct rnd *r)
{
	switch (rnd_below(r, 5)) {
	case 0:
		return (uint32_t)rnd_in(r, 60, 4000);
	case 1:
		return (uint32_t)rnd_in(r, 65000, 66000);
	case 2:
		return (uint32_t)rnd_in(r, 66000, 600000);
	default:
		return 0;
	}
}

static void pick_opts(struct rnd *r, struct segoff_gro_opts *o)
{
	static const uint32_t flows[] = { 0, 1, 9, 200 };

	o->flags = rnd_percent(r, 85) ? SEGOFF_GRO_UDP : 0;
	if (rnd_percent(r, 10))
		o->flags |= SEGOFF_GRO_VOUCHED;
	if (rnd_percent(r, 25))
		o->flags |= SEGOFF_GRO_FRAGLIST;
	if (o->profile == SEGOFF_GRO_LOSSLESS && rnd_percent(r, 15))
		o->flags |= SEGOFF_GRO_COUNT_ID;
	o->max_size = pick_max_size(r);
	o->flows = flows[rnd_below(r, 4)];
	if (rnd_percent(r, 20))
		o->packets = (uint32_t)rnd_in(r, 2, 20);
	o->seed = rnd64(r);
}

static size_t pick_payload(struct rnd *r, const struct gen_flow *f)
{
	if (rnd_percent(r, 90))
		return f->size;
	if (rnd_percent(r, 30))
		return 0;
	return rnd_percent(r, 70) ? rnd_below(r, f->size + 1) : f->size + 1;
}

static uint8_t pick_then(struct rnd *r)
{
	unsigned int then = rnd_percent(r, 30) ? THEN_POP : 0;

	if (rnd_percent(r, 6))
		then |= THEN_FLUSH << rnd_below(r, 3);
	return (uint8_t)then;
}

/* The last packet once more, or before the one before it. */
static void disorder(struct rnd *r, struct train *t)
{
	struct train_pkt *last = &t->pkt[t->n - 1], *p;

	if (rnd_percent(r, 50)) {
		p = train_add(t, last->len);
		if (!p)
			return;
		memcpy(p->at, last->at, last->len);
		p->has_meta = last->has_meta;
		p->meta = last->meta;
		p->hash = last->hash;
	} else if (t->n > 1) {
		struct train_pkt swap = last[0];

		last[0] = last[-1];
		last[-1] = swap;
	}
}

static void one_more(struct rnd *r, struct gen_flow *f, struct train *t)
{
	size_t kind = rnd_below(r, 100), before = t->n;

	if (kind < 8)
		gen_super(r, f, t);
	else
		gen_next(r, f, t, pick_payload(r, f));
	if (t->n == before)
		return;
	if (kind >= 8 && kind < 14) {
		gen_partial(r, f, t);
	} else if (kind >= 14 && kind < 24) {
		t->pkt[before].has_meta = true;
		t->pkt[before].meta.ip_summed = (uint8_t)rnd_in(r, 1, 2);
	}
	if (rnd_percent(r, 12))
		gen_odd(r, f, t);
	if (rnd_percent(r, 8))
		disorder(r, t);
}

/* Times, pieces, and what is done behind each packet. */
static void schedule(struct rnd *r, struct train *t)
{
	uint64_t now = rnd_below(r, 1000);
	bool pieces = rnd_percent(r, 30);

	for (size_t i = 0; i < t->n; i++) {
		now += rnd_below(r, 3);
		t->pkt[i].time = now;
		t->pkt[i].then = pick_then(r);
		if (!pieces || rnd_percent(r, 50))
			continue;
		t->pkt[i].cut = rnd32(r);
		/* the model of Linux has whole packets only */
		if (t->opts.profile == SEGOFF_GRO_LINUX)
			t->pkt[i].cut &= ~1u;
	}
}

/* Half of the trains are in tunnels, some flows nearly the same. */
static void flows(struct rnd *r, struct train *t, struct gen_flow *f, size_t n)
{
	bool tunnels = rnd_percent(r, 50);

	if (rnd_percent(r, 50))
		t->opts.ports = &gen_ports;
	for (size_t i = 0; i < n; i++) {
		if (i && rnd_percent(r, 30))
			gen_twin(r, &f[i - 1], &f[i]);
		else if (tunnels && rnd_percent(r, 80))
			gen_flow_tunnel(r, &f[i], t);
		else
			gen_flow(r, &f[i], t->link);
	}
}

void gen_train(struct rnd *r, struct train *t, unsigned int profile)
{
	size_t n = rnd_percent(r, 70) ? rnd_in(r, 1, 12) : TRAIN_MAX;
	struct gen_flow flow[FLOWS_MAX], *f = flow;
	size_t nflow = rnd_percent(r, 40) ? 1 : rnd_in(r, 1, FLOWS_MAX);

	train_begin(t, pick_link(r));
	t->opts.profile = profile;
	pick_opts(r, &t->opts);
	flows(r, t, flow, nflow);
	while (t->n < n && n--) {
		if (rnd_percent(r, 25))
			f = &flow[rnd_below(r, nflow)];
		one_more(r, f, t);
	}
	schedule(r, t);
	train_be_honest(t);
}

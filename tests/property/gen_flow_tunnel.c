/* SPDX-License-Identifier: MIT */
/* gen_flow_tunnel.c - flows in tunnels, whose packets follow each other */
#include <string.h>

#include "../ref/ref_nest.h"
#include "stack.h"
#include "train.h"

/* The headers in front of the innermost IP header; identifications count. */
static void take_outer(struct rnd *r, const struct gen_case *c,
		       struct gen_flow *f)
{
	bool count = rnd_percent(r, 60);

	f->nouter = c->nlayer;
	for (size_t i = 0; i < c->nlayer; i++) {
		struct gen_outer *o = &f->outer[i];

		*o = (struct gen_outer){ .proto = c->layer[i].proto,
					 .off = c->layer[i].off };
		if (o->proto != SEGOFF_P_IPV4)
			continue;
		o->id = ref_get16(f->head + o->off + 4);
		o->id_step = count || rnd_percent(r, 50);
	}
}

static size_t pick_depth(struct rnd *r, const struct train *t)
{
	/* Linux does not look behind more than one */
	if (t->opts.profile == SEGOFF_GRO_LINUX)
		return rnd_percent(r, 95) ? 1 : 2;
	return rnd_percent(r, 60) ? 1 : rnd_in(r, 2, 4);
}

void gen_flow_tunnel(struct rnd *r, struct gen_flow *f, struct train *t)
{
	static struct gen_case c;
	struct stack s = { .r = r, .c = &c };
	size_t depth = pick_depth(r, t);

	c.nlayer = 0;
	c.link = t->link;
	s.version = rnd_percent(r, 50) ? 4 : 6;
	s.no_csum = rnd_percent(r, 40);
	s.tame = rnd_percent(r, 60);
	stack_link(&s);
	for (size_t i = 0; i < depth; i++)
		stack_encap(&s, i == depth - 1);
	*f = (struct gen_flow){ .version = s.version, .net = s.at };
	gen_inner(r, f);
	c.th = f->th;
	c.proto = f->proto;
	stack_remote(&s);
	memcpy(f->head, c.at, f->net);
	f->remote = s.remote;
	f->bits = s.bits;
	take_outer(r, &c, f);
	if (s.fou)
		t->opts.ports = &gen_ports;
}

/* A byte of a header that is of the flow and no length; 0: there is none. */
static size_t identity(struct rnd *r, const struct gen_flow *f,
		       const struct gen_outer *o)
{
	switch (o->proto) {
	case SEGOFF_P_ETHERNET:
		return o->off + 1 + rnd_below(r, 5);
	case SEGOFF_P_IPV4:
		return o->off + 15;
	case SEGOFF_P_IPV6:
		return o->off + 23;
	case SEGOFF_P_UDP:
		return o->off + 1;
	case SEGOFF_P_VXLAN:
	case SEGOFF_P_VXLAN_GPE:
	case SEGOFF_P_GENEVE:
		return o->off + 4 + rnd_below(r, 3);
	case SEGOFF_P_GRE:
		if (!(f->head[o->off] & 0x20))
			return 0;
		return o->off + (f->head[o->off] & 0x80 ? 8 : 4);
	}
	return 0;
}

void gen_twin(struct rnd *r, const struct gen_flow *of, struct gen_flow *f)
{
	size_t at = 0;

	*f = *of;
	if (f->nouter)
		at = identity(r, f, &f->outer[rnd_below(r, f->nouter)]);
	f->head[at ? at : f->th + 1] ^= 1;
}

/* The pseudo header of the IP header in front of a UDP header. */
static uint64_t pseudo(const struct gen_flow *f, const struct train_pkt *p,
		       unsigned int link, size_t i)
{
	const struct gen_outer *ip = &f->outer[i - 1];
	struct ref_pkt ref = { p->at, p->len, link };
	struct ref_walk w = { .net = ip->off,
			      .version = ip->proto == SEGOFF_P_IPV4 ? 4 : 6 };

	ref_walk_ip(&ref, &w);
	w.proto = 17;
	return ref_pseudo(&ref, &w, p->at[f->th + 1] & 1,
			  p->len - f->outer[i].off);
}

static void finish_udp(const struct gen_flow *f, struct train_pkt *p,
		       unsigned int link, size_t i)
{
	uint8_t *h = p->at + f->outer[i].off;
	size_t len = p->len - f->outer[i].off;
	uint16_t v;

	if (!ref_get16(h + 6))
		return;
	ref_put16(h + 6, 0);
	v = ref_not(ref_fold(pseudo(f, p, link, i) + ref_sum(h, len)));
	ref_put16(h + 6, v ? v : 0xffff);
}

static void finish_gre(uint8_t *h, size_t len)
{
	if (!(h[0] & 0x80))
		return;
	ref_put16(h + 4, 0);
	ref_put16(h + 4, ref_not(ref_fold(ref_sum(h, len))));
}

static void finish_ipv4(uint8_t *h)
{
	ref_put16(h + 10, 0);
	ref_put16(h + 10,
		  ref_not(ref_fold(ref_sum(h, (size_t)(h[0] & 15) * 4))));
}

/* What is outside covers what is inside. */
void gen_outer_right(const struct gen_flow *f, struct train_pkt *p,
		     unsigned int link)
{
	for (size_t i = f->nouter; i-- > 0;) {
		uint8_t *h = p->at + f->outer[i].off;
		size_t len = p->len - f->outer[i].off;

		ref_put_length(h, f->outer[i].proto, len);
		switch (f->outer[i].proto) {
		case SEGOFF_P_IPV4:
			finish_ipv4(h);
			break;
		case SEGOFF_P_UDP:
			finish_udp(f, p, link, i);
			break;
		case SEGOFF_P_GRE:
			finish_gre(h, len);
			break;
		}
	}
}

void gen_shift(struct gen_flow *f, size_t at, size_t n)
{
	for (size_t i = 0; i < f->nouter; i++)
		if (f->outer[i].off >= at)
			f->outer[i].off += n;
	if (f->net >= at)
		f->net += n;
	f->th += n;
}

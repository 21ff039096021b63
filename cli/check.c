/* SPDX-License-Identifier: MIT */
/* check.c - does segmentation give back what was merged? */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "vnet_out.h"

/* The largest frame: BIG TCP, and what may be around it. */
#define FRAME_MAX ((size_t)1 << 20)
#define VNET_MAX  24
#define FLOWS	  ((size_t)16384)

/* The last packet of a flow and direction on an interface. */
struct last {
	segoff_flow flow;
	uint64_t number;
	uint32_t iface;
};

#define LASTS (2 * FLOWS)

int check_open(struct check *c, uint32_t vnet, const struct segoff_ports *ports)
{
	size_t size = segoff_flows_size(FLOWS);
	void *mem = malloc(size);

	*c = (struct check){ .vnet = vnet, .ports = ports, .flows = mem };
	c->last = calloc(LASTS, sizeof(*c->last));
	c->flow = calloc(BATCH_MAX, sizeof(*c->flow));
	c->super = malloc(FRAME_MAX);
	c->segment = malloc(FRAME_MAX);
	if (!mem || !c->last || !c->flow || !c->super || !c->segment)
		return -ENOMEM;
	c->flows = segoff_flows_init(mem, size, 0, 0);
	return 0;
}

void check_close(struct check *c)
{
	free(c->flows);
	free(c->last);
	free(c->flow);
	free(c->super);
	free(c->segment);
}

static void differs(struct check *c, uint64_t number)
{
	if (!c->differences++)
		c->first = number;
}

static unsigned int link_at(const struct batch *b, size_t i)
{
	unsigned int link;

	link_of(b->rec[i].linktype, &link);
	return link;
}

/* The superpacket's metadata as its reader will know it. */
static bool describe(const struct check *c, const struct segoff_pkt *pkt,
		     struct segoff_meta *meta)
{
	uint8_t header[VNET_MAX];

	if (!c->vnet)
		return true;
	return !segoff_vnet_encode(meta, header, c->vnet, &VNET_SAYS) &&
	       !segoff_vnet_decode(header, c->vnet, pkt, &VNET_SAYS, meta,
				   NULL);
}

/* The next segment must be this packet. */
static bool gives(struct check *c, struct segoff_gso *g, const struct batch *b,
		  size_t i)
{
	ssize_t n = segoff_gso_next(g, c->segment, FRAME_MAX);

	return n == (ssize_t)b->rec[i].caplen &&
	       !memcmp(c->segment, batch_frame(b, i), (size_t)n);
}

static void check_super(struct check *c, const struct batch *b,
			const struct joined *s)
{
	struct segoff_meta meta = s->meta;
	struct iovec iov = { c->super, s->len };
	struct segoff_pkt pkt = { &iov, 1, link_at(b, s->member[0]) };
	const struct segoff_gso_opts o = { .sz = sizeof(o), .ports = c->ports };
	uint8_t *to = c->super;
	struct segoff_gso g;
	bool good;

	for (size_t k = 0; k < s->niov; k++) {
		memcpy(to, s->iov[k].iov_base, s->iov[k].iov_len);
		to += s->iov[k].iov_len;
	}
	good = describe(c, &pkt, &meta) &&
	       !segoff_gso_init(&g, &pkt, &meta, &o, NULL);
	for (uint32_t k = 0; k < s->npkt; k++)
		if (!good || !gives(c, &g, b, s->member[k]))
			differs(c, b->rec[s->member[k]].number);
	if (good && segoff_gso_next(&g, c->segment, FRAME_MAX))
		differs(c, b->rec[s->member[0]].number);
	c->packets += s->npkt;
}

/* A packet leaves: after all that came before it in its flow? */
static void check_order(struct check *c, const struct batch *b, size_t i)
{
	const struct capture_record *rec = &b->rec[i];
	size_t slot = segoff_flows_slot(c->flows, c->flow[i]);
	struct last *l = &c->last[(slot + rec->iface) % LASTS];

	if (c->flow[i] == SEGOFF_NO_FLOW)
		return;
	if (l->flow == c->flow[i] && l->iface == rec->iface &&
	    l->number > rec->number)
		differs(c, rec->number);
	*l = (struct last){ c->flow[i], rec->number, rec->iface };
}

static void learn(struct check *c, const struct batch *b, size_t i)
{
	struct iovec iov = { (void *)(uintptr_t)batch_frame(b, i),
			     b->rec[i].caplen };
	struct segoff_pkt pkt = { &iov, 1, link_at(b, i) };
	struct segoff_stack st;

	segoff_dissect_ports(&pkt, c->ports, &st);
	c->flow[i] = segoff_flows_learn(c->flows, &pkt, &st);
}

void check_batch(struct check *c, const struct batch *b, const struct join *j)
{
	const struct joined *s;

	for (size_t i = 0; i < b->n; i++)
		learn(c, b, i);
	for (size_t i = 0; i < b->n; i++) {
		s = join_super(j, i);
		if (!s && !join_merged(j, i))
			check_order(c, b, i);
		if (!s)
			continue;
		check_super(c, b, s);
		for (uint32_t k = 0; k < s->npkt; k++)
			check_order(c, b, s->member[k]);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * fuzz_gro.c - coalescing: the law, and the model of Linux
 *
 * Theory of operation
 * -------------------
 * An input is a list of packets: what is to be done in general, then for each
 * packet what is said of it, and its bytes. So that changes to a header get
 * past the checksums, an input may ask for lengths and checksums to be made
 * right. Under LOSSLESS whatever comes of it must keep the law (order, every
 * packet back); under LINUX it must be what the model says.
 */
#include <stdlib.h>
#include <string.h>

#include "../ref/ref_nest.h"
#include "fuzz_train.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No more headers of different shapes than the library remembers. */
#define LINUX_MOST 30

static void options(struct train *t, const struct fuzz_opts *o)
{
	train_begin(t, o->link % (SEGOFF_LINK_COUNT + 1));
	t->opts.profile = o->profile & 1;
	if (o->profile & FUZZ_TRAIN_PORTS)
		t->opts.ports = &gen_ports;
	t->opts.flags = o->flags & (SEGOFF_GRO_UDP | SEGOFF_GRO_VOUCHED |
				    SEGOFF_GRO_FRAGLIST);
	if (t->opts.profile == SEGOFF_GRO_LOSSLESS)
		t->opts.flags |= o->flags & SEGOFF_GRO_COUNT_ID;
	t->opts.max_size = o->max_size % 600000;
	t->opts.flows = o->flows;
	t->opts.packets = o->packets ? o->packets + 1u : 0;
	t->opts.seed = o->seed;
}

/* The length fields that this packet should have, and its checksums. */
static void put_right(struct train *t, struct train_pkt *p)
{
	struct ref_pkt ref = { p->at, p->len, t->link };
	struct segoff_stack st;

	if (ref_dissect_ports(&ref, t->opts.ports, &st) != SEGOFF_V_OK)
		return;
	for (size_t i = 0; i < st.nlayer; i++)
		ref_put_length(p->at + st.layer[i].off, st.layer[i].proto,
			       p->len - st.layer[i].off);
	ref_rewrite(p->at, p->len, t->link);
}

/* Linux: a type that contradicts the packet is nobody's rule. */
static void sensible_type(const struct train *t, struct train_pkt *p)
{
	struct ref_pkt ref = { p->at, p->len, t->link };
	struct ref_nest n = { .p = &ref,
			      .ports = t->opts.ports,
			      .as_kernel = true };
	uint32_t keep = SEGOFF_GSO_DODGY | SEGOFF_GSO_TCP_FIXEDID;

	if (t->opts.profile != SEGOFF_GRO_LINUX)
		return;
	ref_nest_walk(&n);
	p->meta.gso_type &= keep;
	p->meta.gso_type |= n.w.proto == 17  ? SEGOFF_GSO_UDP_L4 :
			    n.w.version == 4 ? SEGOFF_GSO_TCPV4 :
					       SEGOFF_GSO_TCPV6;
}

static void describe(const struct train *t, struct train_pkt *p,
		     const struct fuzz_pkt *f)
{
	const struct train_pkt *before = t->n > 1 ? p - 1 : NULL;

	p->time = f->later + (before ? before->time : 0);
	p->hash = f->hash;
	p->then = f->then & 15;
	p->cut = t->opts.profile == SEGOFF_GRO_LINUX ? f->cut & ~1u : f->cut;
	p->has_meta = f->has_meta & 1;
	if (!p->has_meta)
		return;
	p->meta = (struct segoff_meta){
		.gso_type = f->gso_type,
		.gso_size = f->gso_size,
		.gso_segs = f->gso_segs,
		.ip_summed = f->ip_summed & 3,
		.csum_start = f->csum_start,
		.csum_offset = f->csum_offset,
	};
	sensible_type(t, p);
}

/* Bytes of the input that this packet took; 0: it is at its end. */
static size_t packet(struct train *t, const uint8_t *data, size_t size)
{
	struct train_pkt *p;
	struct fuzz_pkt f;

	if (size < sizeof(f))
		return 0;
	memcpy(&f, data, sizeof(f));
	size -= sizeof(f);
	if (f.len > size)
		f.len = (uint16_t)size;
	p = train_add(t, (size_t)f.len + f.more);
	if (!p)
		return 0;
	memcpy(p->at, data + sizeof(f), f.len);
	memset(p->at + f.len, 0x55, f.more);
	if (f.put_right & 1)
		put_right(t, p);
	describe(t, p, &f);
	return sizeof(f) + f.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct train t;
	struct complaint why;
	struct fuzz_opts o;
	size_t most = TRAIN_MAX, n;
	bool fine;

	if (size < sizeof(o))
		return 0;
	memcpy(&o, data, sizeof(o));
	options(&t, &o);
	if (t.opts.profile == SEGOFF_GRO_LINUX)
		most = LINUX_MOST;
	data += sizeof(o);
	size -= sizeof(o);
	for (; t.n < most && (n = packet(&t, data, size)); size -= n)
		data += n;
	train_be_honest(&t);
	fine = t.opts.profile == SEGOFF_GRO_LINUX ? check_linux(&t, &why) :
						    check_law(&t, &why);
	if (fine)
		return 0;
	train_report(&t, "fuzz_gro", 0, 0, &why);
	abort();
}

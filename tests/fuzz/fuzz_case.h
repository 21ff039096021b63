/* SPDX-License-Identifier: MIT */
/*
 * fuzz_case.h - a case of the property tests, out of a fuzzer's bytes
 *
 * Theory of operation
 * -------------------
 * 64 bytes say what is to be done, the rest is the packet: link type, metadata,
 * options, the virtio_net_hdr, a number that decides how the packet is cut
 * into pieces and how much room there is for output, and how much payload is
 * to be added (so that an input of 100 bytes reaches packets above 65,535).
 * Where metadata has offsets of a tunnel, 12 bytes with them come in between.
 * Every value is allowed; nothing is put right. The checks are those of the
 * property tests: the library against the model.
 */
#ifndef SEGOFF_TESTS_FUZZ_CASE_H
#define SEGOFF_TESTS_FUZZ_CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../property/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* fuzz_head.encapsulation */
#define FUZZ_ENCAPSULATION 1
#define FUZZ_OFFSETS	   2  /* struct fuzz_offsets follows */
#define FUZZ_PORTS	   4  /* gen_ports, not the well-known ones */
#define FUZZ_PARTIAL	   8  /* for a GSO_PARTIAL device that takes all */
#define FUZZ_PARTIAL_TYPE  16 /* that takes gso_type, but for one bit */

/* What the first bytes of an input are, in their order. */
struct fuzz_head {
	uint8_t link;
	uint8_t ip_summed;
	uint8_t encapsulation;
	uint8_t gso_flags;
	uint8_t gso_csum;
	uint8_t no_opts;
	uint8_t vnet_size;
	uint8_t writer;
	uint8_t vnet_flags;
	uint8_t more_payload;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t gso_size;
	uint32_t gso_type;
	uint32_t frag_id;
	uint64_t chop;
	uint16_t headroom;
	uint16_t mtu;
	uint8_t vnet[24];
	uint8_t spare[4];
};

_Static_assert(sizeof(struct fuzz_head) == 64, "no padding");

struct fuzz_offsets {
	uint16_t net_off;
	uint16_t th_off;
	uint16_t inner_mac_off;
	uint16_t inner_net_off;
	uint16_t inner_th_off;
	uint16_t inner_protocol;
};

_Static_assert(sizeof(struct fuzz_offsets) == 12, "no padding");

static inline void fuzz_options(const struct fuzz_head *h, struct gen_case *c)
{
	struct segoff_vnet_opts *o = &c->vopts;

	c->opts = (struct segoff_gso_opts){ .sz = sizeof(c->opts) };
	c->no_opts = h->no_opts & 1;
	if (!c->no_opts) {
		c->opts.flags = h->gso_flags & 3;
		c->opts.csum = h->gso_csum % 3;
		c->opts.frag_id = h->frag_id;
		if (h->encapsulation & FUZZ_PORTS)
			c->opts.ports = &gen_ports;
		if (h->encapsulation & FUZZ_PARTIAL)
			c->opts.partial = UINT32_MAX;
		if (h->encapsulation & FUZZ_PARTIAL_TYPE)
			c->opts.partial = h->gso_type &
					  ~(UINT32_C(1) << (h->spare[0] & 31));
	}
	*o = (struct segoff_vnet_opts){ .sz = sizeof(*o) };
	o->writer = h->writer % 4;
	o->big_endian = h->vnet_flags & 1;
	o->tunnel = h->vnet_flags & 2;
	o->tunnel_csum = h->vnet_flags & 4;
	o->data_valid = h->vnet_flags & 8;
	o->vlan_outside = h->vnet_flags & 16;
	o->headroom = h->headroom;
	o->mtu = h->mtu;
}

static inline void fuzz_set_offsets(const struct fuzz_offsets *o,
				    struct segoff_meta *m)
{
	m->net_off = o->net_off;
	m->th_off = o->th_off;
	m->inner_mac_off = o->inner_mac_off;
	m->inner_net_off = o->inner_net_off;
	m->inner_th_off = o->inner_th_off;
	m->inner_protocol = o->inner_protocol;
}

/* false: not even the first bytes are there */
static inline bool fuzz_case(const uint8_t *data, size_t size,
			     struct gen_case *c, struct rnd *r)
{
	struct fuzz_offsets o = { 0 };
	size_t more, used = sizeof(struct fuzz_head);
	struct fuzz_head h;

	if (size < used || size > 65536)
		return false;
	memcpy(&h, data, used);
	if (h.encapsulation & FUZZ_OFFSETS) {
		if (size - used < sizeof(o))
			return false;
		memcpy(&o, data + used, sizeof(o));
		used += sizeof(o);
	}
	c->link = h.link;
	c->len = size - used;
	memcpy(c->at, data + used, c->len);
	more = (size_t)h.more_payload * 512;
	memset(c->at + c->len, 0x55, more);
	c->len += more;
	c->meta = (struct segoff_meta){
		.gso_type = h.gso_type,
		.gso_size = h.gso_size,
		.ip_summed = h.ip_summed & 3,
		.encapsulation = h.encapsulation & FUZZ_ENCAPSULATION,
		.csum_start = h.csum_start,
		.csum_offset = h.csum_offset,
	};
	fuzz_set_offsets(&o, &c->meta);
	fuzz_options(&h, c);
	memcpy(c->vnet, h.vnet, sizeof(c->vnet));
	c->vnet_size = h.vnet_size % 25;
	*r = rnd_seed(h.chop, 0);
	gen_members(r, c);
	return true;
}

static inline void fuzz_check(const char *name, check_fn *check,
			      const struct gen_case *c, struct rnd *r)
{
	struct complaint why;

	if (check(c, r, &why))
		return;
	report(c, name, 0, 0, &why);
	fflush(stdout);
	abort();
}

#endif

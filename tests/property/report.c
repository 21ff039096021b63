/* SPDX-License-Identifier: MIT */
/* report.c - a case that failed, in full */
#include <inttypes.h>
#include <stdio.h>

#include "check.h"

static void hex(const char *name, const uint8_t *p, size_t n)
{
	printf("# %s ", name);
	for (size_t i = 0; i < n; i++)
		printf("%02x", p[i]);
	printf("\n");
}

void report(const struct gen_case *c, const char *check, uint64_t seed,
	    uint64_t number, const struct complaint *why)
{
	const struct segoff_meta *m = &c->meta;
	const struct segoff_vnet_opts *o = &c->vopts;

	printf("# %s: %s\n", check, why->text);
	printf("# again: %s 1 %" PRIu64 " %" PRIu64 "\n", check, seed, number);
	printf("# link %u, %zu bytes, IPv%d at %zu, protocol %u at %zu, "
	       "payload at %zu\n",
	       c->link, c->len, c->version, c->net, c->proto, c->th, c->data);
	printf("# meta: gso_type %#x gso_size %u ip_summed %u csum_start %u "
	       "csum_offset %u encapsulation %d\n",
	       m->gso_type, m->gso_size, m->ip_summed, m->csum_start,
	       m->csum_offset, m->encapsulation);
	printf("# opts: flags %u csum %u frag_id %08x%s\n", c->opts.flags,
	       c->opts.csum, c->opts.frag_id, c->no_opts ? " (NULL)" : "");
	printf("# vnet: writer %u big_endian %d tunnel %d tunnel_csum %d "
	       "data_valid %d vlan_outside %d headroom %u mtu %u\n",
	       o->writer, o->big_endian, o->tunnel, o->tunnel_csum,
	       o->data_valid, o->vlan_outside, o->headroom, o->mtu);
	hex("header", c->vnet, c->vnet_size);
	hex("packet", c->at, c->len);
}

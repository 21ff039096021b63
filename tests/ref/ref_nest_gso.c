/* SPDX-License-Identifier: MIT */
/* ref_nest_gso.c - superpackets with tunnels: admission, and the segments */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ref_nest.h"

/* gso_type bits that nobody here deals with. */
#define REF_NEVER (SEGOFF_GSO_FCOE | SEGOFF_GSO_ESP)

#define ANY_UDP_TUNNEL (SEGOFF_GSO_UDP_TUNNEL | SEGOFF_GSO_UDP_TUNNEL_CSUM)

/*
 * R-TUN-6 and its like: the bits of which the header @l asks for one. GRE asks
 * for encapsulation instead. Decision: a checksum in a GRE header that only GRE
 * speaks of is copied, as in Linux.
 */
static uint32_t wants(const struct ref_layer *l)
{
	switch (l->proto) {
	case SEGOFF_P_IPV4:
	case SEGOFF_P_IPV6:
		if (!l->inner)
			return 0;
		return l[-1].proto == SEGOFF_P_IPV4 ? SEGOFF_GSO_IPXIP4 :
						      SEGOFF_GSO_IPXIP6;
	case SEGOFF_P_UDP:
		return ANY_UDP_TUNNEL;
	}
	return 0;
}

static bool bits_right(const struct ref_nest *n)
{
	for (size_t i = 0; i < n->n; i++) {
		uint32_t bits = wants(&n->layer[i]);

		if (bits && !(n->m->gso_type & bits))
			return false;
		if (n->layer[i].proto == SEGOFF_P_GRE && !n->m->encapsulation)
			return false;
	}
	return true;
}

/* What is said of the innermost packet alone: its identification. */
static void innermost(struct ref_deep *d)
{
	const struct ref_layer *l = &d->n.layer[d->n.n - 1];

	d->m = *d->meta;
	if (l->inner) {
		d->m.gso_type &= ~SEGOFF_GSO_TCP_FIXEDID;
		if (d->meta->gso_type & SEGOFF_GSO_TCP_FIXEDID_INNER)
			d->m.gso_type |= SEGOFF_GSO_TCP_FIXEDID;
	}
	d->s.m = &d->m;
	d->s.w = d->n.w;
}

/* Behind the outermost link header, or one in a tunnel. */
static bool too_many_tags(const struct ref_deep *d)
{
	struct ref_walk w;
	size_t row = 0;

	ref_walk_link(d->s.p, &w);
	for (size_t i = 0; i < d->n.n && row < 8; i++)
		row = d->n.layer[i].proto == SEGOFF_P_VLAN ? row + 1 : 0;
	return row == 8 || w.ntag == 8;
}

static int admit(struct ref_deep *d, enum segoff_verdict *why)
{
	if (d->meta->gso_type & REF_NEVER) {
		*why = SEGOFF_V_GSO_UNSUPPORTED;
		return -EOPNOTSUPP;
	}
	*why = ref_nest_walk(&d->n);
	if (d->s.strict && too_many_tags(d)) {
		*why = SEGOFF_V_VLAN_DEPTH;
		return -EINVAL;
	}
	if (*why != SEGOFF_V_OK)
		return d->n.err;
	if (d->n.nip > REF_IP_MAX) {
		*why = SEGOFF_V_DEPTH;
		return -EINVAL;
	}
	if (!bits_right(&d->n)) {
		*why = SEGOFF_V_GSO_TYPE;
		return -EINVAL;
	}
	innermost(d);
	return ref_admit_at(&d->s, why);
}

/* R-TCP-12, and R-UDP-5 with it: its members are not here. */
static void forget_list(struct ref_deep *d)
{
	if (!(d->meta->gso_type & SEGOFF_GSO_FRAGLIST))
		return;
	d->s.own = *d->meta;
	d->s.own.gso_type &= ~SEGOFF_GSO_FRAGLIST;
	if (d->s.own.gso_size)
		d->s.own.ip_summed = SEGOFF_CHECKSUM_NONE;
	d->s.m = d->meta = &d->s.own;
}

int ref_admit(const struct ref_pkt *p, const struct ref_pieces *pieces,
	      const struct segoff_meta *m, const struct segoff_gso_opts *o,
	      struct ref_deep *d, enum segoff_verdict *why)
{
	*d = (struct ref_deep){ .meta = m, .opts = { .sz = sizeof(*o) } };
	if (o)
		d->opts = *o;
	ref_begin(&d->s, p, m, &d->opts);
	d->s.pieces = pieces;
	forget_list(d);
	d->n = (struct ref_nest){ .p = p,
				  .m = d->meta,
				  .ports = d->opts.ports };
	*why = SEGOFF_V_OK;
	return m->gso_size ? admit(d, why) : 0;
}

/*
 * The checksum is finished first, whatever is asked for, since the checksums
 * in front are about finished ones; a seed goes in last. R-TUN-9: with remote
 * checksums it is the seed that is covered. Decision: SCTP has no seed that a
 * receiver could finish.
 */
uint32_t ref_nest_first(const struct ref_deep *d, uint32_t csum)
{
	if (csum == SEGOFF_OUT_KEEP)
		return csum;
	return d->meta->gso_type & SEGOFF_GSO_TUNNEL_REMCSUM && !d->s.by_frags ?
		       SEGOFF_OUT_PARTIAL :
		       SEGOFF_OUT_COMPLETE;
}

struct ref_seg *ref_nest_build(const struct ref_deep *d, size_t k,
			       uint32_t csum)
{
	struct ref_super s = d->s;
	struct ref_seg *seg, *seeded;

	s.csum = ref_nest_first(d, csum);
	seg = ref_build(&s, k);
	for (size_t i = d->n.n - 1; i-- > 0;)
		ref_nest_fix(d, seg, i, k);
	if (csum != SEGOFF_OUT_PARTIAL)
		return seg;
	/* R-TUN-4: a CRC is never left to a device below another checksum */
	if (d->s.by_frags && ref_is_covered(d))
		return seg;
	s.csum = SEGOFF_OUT_PARTIAL;
	seeded = ref_build(&s, k);
	memcpy(seg->at + s.w.net, seeded->at + s.w.net, seg->len - s.w.net);
	free(seeded);
	return seg;
}

/*
 * Frames if a device takes them, or what it makes of them. Return: 1 if neither.
 * Decision: datagrams that become fragments are no partial frames, nor is what
 * is one segment or cut by members, whatever is said of them.
 */
static int partial(const struct ref_deep *d, struct ref_list *out,
		   enum segoff_verdict *why)
{
	struct ref_frames f;
	int err;

	if (d->s.ufo || d->s.by_frags)
		return 1;
	if (d->meta->gso_type & SEGOFF_GSO_PARTIAL)
		return d->s.count > 1 && !d->s.jumbo ? ref_expand(d, out) : 1;
	err = ref_partial(d->s.p, d->meta, &d->opts, &f, why);
	if (err == 0) {
		*out = f.list;
		f.list = (struct ref_list){ 0 };
		ref_frames_free(&f);
	}
	return err;
}

/* One packet as it is; none if its metadata is impossible. */
static int leave(struct ref_seg *seg, struct ref_list *out,
		 enum segoff_verdict *why)
{
	*why = seg ? SEGOFF_V_OK : SEGOFF_V_META_CSUM_END;
	if (!seg)
		return -EINVAL;
	ref_append(out, seg);
	return 0;
}

int ref_segment(const struct ref_pkt *p, const struct ref_pieces *pieces,
		const struct segoff_meta *m, const struct segoff_gso_opts *o,
		struct ref_list *out, enum segoff_verdict *why)
{
	struct ref_deep d;
	int err = ref_admit(p, pieces, m, o, &d, why);

	*out = (struct ref_list){ 0 };
	if (err)
		return err;
	if (m->gso_size == 0) {
		err = leave(ref_ordinary(&d.s), out, why);
		if (p->len == 0)
			ref_free(out); /* nothing is no segment */
		return err;
	}
	err = partial(&d, out, why);
	if (err <= 0)
		return err;
	for (size_t k = 0; k < d.s.count; k++)
		ref_append(out, ref_nest_build(&d, k, d.s.csum));
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* ref_nest_fix.c - one header of a tunnel, when all behind it is right */
#include "ref_nest.h"

/* R-TUN-2, R-TUN-7, R-TUN-8: which bit speaks of this identification */
static bool is_fixed(const struct ref_deep *d, const struct ref_layer *l)
{
	return d->meta->gso_type & (l->inner ? SEGOFF_GSO_TCP_FIXEDID_INNER :
					       SEGOFF_GSO_TCP_FIXEDID);
}

void ref_nest_id(const struct ref_deep *d, struct ref_seg *seg, size_t i,
		 size_t k)
{
	const struct ref_layer *l = &d->n.layer[i];
	uint8_t *ip = seg->at + l->off;

	if (l->proto != SEGOFF_P_IPV4)
		return;
	if (!is_fixed(d, l))
		ref_put16(ip + 4, (ref_get16(ip + 4) + k) & 0xffff);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10,
		  ref_not(ref_fold(ref_sum(ip, (size_t)(ip[0] & 15) * 4))));
}

/*
 * Which destination of a Routing header an outer seed is about. Decision: as
 * for the innermost (ref_about_final()).
 */
static bool about_final(const struct ref_deep *d, const struct ref_layer *ip,
			const struct ref_layer *udp)
{
	const struct ref_pkt *p = d->s.p;
	uint16_t old = ref_get16(p->at + udp->off + 6);
	size_t len = p->len - udp->off;

	if (old == ref_fold(ref_pseudo(p, &ip->w, false, len)))
		return false;
	if (old == ref_fold(ref_pseudo(p, &ip->w, true, len)))
		return true;
	return !d->s.strict;
}

/*
 * R-TUN-4. A trusted seed is about the bytes that are there; in a partial frame,
 * about the length that the header says.
 */
static uint16_t seed(const struct ref_deep *d, const struct ref_layer *ip,
		     const struct ref_layer *udp, size_t len)
{
	const uint8_t *old = d->s.p->at + udp->off;
	size_t all = d->s.p->len - udp->off;

	if (!d->s.trust)
		return ref_fold(ref_pseudo(d->s.p, &ip->w,
					   about_final(d, ip, udp), len));
	if (d->meta->gso_type & SEGOFF_GSO_PARTIAL)
		all = ref_get16(old + 4);
	return ref_fold((uint64_t)ref_get16(old + 6) + ref_not(ref_fold(all)) +
			ref_fold(len));
}

/*
 * R-TUN-4, R-TUN-5. Of several UDP headers in one another those without a
 * checksum stay so; the kernel knows one, and there the bit alone decides.
 */
static bool has_check(const struct ref_deep *d, const struct ref_layer *l,
		      const uint8_t *h)
{
	if (d->s.csum == SEGOFF_OUT_KEEP)
		return false;
	if (l->proto == SEGOFF_P_GRE)
		return d->meta->gso_type & SEGOFF_GSO_GRE_CSUM && h[0] & 0x80;
	return l->proto == SEGOFF_P_UDP &&
	       d->meta->gso_type & SEGOFF_GSO_UDP_TUNNEL_CSUM &&
	       (d->n.nudp == 1 || ref_get16(h + 6));
}

bool ref_is_covered(const struct ref_deep *d)
{
	for (size_t i = 0; i < d->n.n; i++)
		if (has_check(d, &d->n.layer[i],
			      d->s.p->at + d->n.layer[i].off))
			return true;
	return false;
}

/* R-TUN-3 */
static void udp(const struct ref_deep *d, struct ref_seg *seg, size_t i)
{
	const struct ref_layer *l = &d->n.layer[i];
	uint8_t *h = seg->at + l->off;
	size_t len = seg->len - l->off;
	uint16_t v;

	if (!has_check(d, l, h))
		return;
	ref_put16(h + 6, 0);
	v = ref_not(
		ref_fold((uint64_t)seed(d, l - 1, l, len) + ref_sum(h, len)));
	ref_put16(h + 6, v ? v : 0xffff);
}

static void gre(const struct ref_deep *d, struct ref_seg *seg, size_t i)
{
	uint8_t *h = seg->at + d->n.layer[i].off;

	if (!has_check(d, &d->n.layer[i], h))
		return;
	ref_put32(h + 4, 0);
	ref_put16(h + 4,
		  ref_not(ref_fold(ref_sum(h, seg->len - d->n.layer[i].off))));
}

void ref_put_length(uint8_t *h, unsigned int proto, size_t len)
{
	switch (proto) {
	case SEGOFF_P_IPV4:
		ref_put16(h + 2, len & 0xffff);
		break;
	case SEGOFF_P_IPV6:
		ref_put16(h + 4, (len - 40) & 0xffff);
		break;
	case SEGOFF_P_PPPOE:
		ref_put16(h + 4, (len - 6) & 0xffff);
		break;
	case SEGOFF_P_UDP:
		ref_put16(h + 4, len & 0xffff);
		break;
	default:
		break;
	}
}

void ref_nest_fix(const struct ref_deep *d, struct ref_seg *seg, size_t i,
		  size_t k)
{
	const struct ref_layer *l = &d->n.layer[i];
	uint8_t *h = seg->at + l->off;

	ref_put_length(h, l->proto, seg->len - l->off);
	switch (l->proto) {
	case SEGOFF_P_IPV4:
		ref_nest_id(d, seg, i, k);
		break;
	case SEGOFF_P_UDP:
		udp(d, seg, i);
		break;
	case SEGOFF_P_GRE:
		gre(d, seg, i);
		break;
	default: /* R-TUN-1: repeated */
		break;
	}
}

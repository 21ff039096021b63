/* SPDX-License-Identifier: MIT */
/* ref_remcsum.c - remote checksums: who may ask for one, and who completes it */
#include <errno.h>

#include "ref_nest.h"

#define VXLAN_RCO	    0x20 /* in byte 1 */
#define GUE_PRIVATE	    0x0001
#define GUE_PRIVATE_REMCSUM 0x80000000

int ref_remcsum_vxlan(size_t csum_start, size_t csum_offset)
{
	if (csum_start % 2 || csum_start > 254)
		return -EINVAL;
	if (csum_offset == 6)
		return (int)(0x80 | csum_start / 2);
	return csum_offset == 16 ? (int)(csum_start / 2) : -EINVAL;
}

/* Where the sum begins and where it goes, from the byte behind the header. */
struct remote {
	size_t start;
	size_t field;
};

static int vxlan(const uint8_t *h, struct remote *r)
{
	if (!(h[1] & VXLAN_RCO))
		return 0;
	r->start = (size_t)(h[7] & 0x7f) * 2;
	r->field = r->start + (h[7] & 0x80 ? 6 : 16);
	return 1;
}

/*
 * Private flags are the first optional field, and their own come behind. With
 * other flags Linux drops the packet (validate_gue_flags).
 */
static int gue(const uint8_t *h, size_t len, struct remote *r)
{
	if (ref_get16(h + 2) != GUE_PRIVATE)
		return 0;
	if (len < 8)
		return -EINVAL;
	if (!(ref_get32(h + 4) & GUE_PRIVATE_REMCSUM))
		return 0;
	if (len < 12)
		return -EINVAL;
	r->start = ref_get16(h + 8);
	r->field = ref_get16(h + 10);
	return r->field < r->start ? -EINVAL : 1;
}

static int option(const struct ref_pkt *p, const struct ref_layer *l,
		  struct remote *r)
{
	if (l->proto == SEGOFF_P_VXLAN)
		return vxlan(p->at + l->off, r);
	if (l->proto == SEGOFF_P_GUE)
		return gue(p->at + l->off, l->len, r);
	return 0;
}

bool ref_is_remote(const struct ref_nest *n, size_t start, size_t field)
{
	struct remote r = { 0 };

	for (const struct ref_layer *l = n->layer; l < n->layer + n->n; l++) {
		size_t from = l->off + l->len;
		int found = option(n->p, l, &r);

		if (found)
			return found == 1 && from + r.start == start &&
			       from + r.field == field;
	}
	return false;
}

/*
 * What is summed is everything from @start on, with the seed that stands in the
 * field.
 */
int ref_remcsum_receive(uint8_t *pkt, size_t len, unsigned int link,
			const struct segoff_ports *ports)
{
	const struct ref_pkt p = { pkt, len, link };
	struct ref_nest n = { .p = &p, .ports = ports };
	struct remote r = { 0 };
	const struct ref_layer *l;
	size_t from;
	int found = 0;

	ref_nest_walk(&n);
	for (l = n.layer; l < n.layer + n.n && !found; l++)
		found = option(&p, l, &r);
	if (found <= 0)
		return found;
	l--;
	from = l->off + l->len;
	if (r.field + 2 > len - from)
		return -EINVAL;
	ref_put16(pkt + from + r.field,
		  ref_not(ref_fold(ref_sum(pkt + from + r.start,
					   len - from - r.start))));
	return 1;
}

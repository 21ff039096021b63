/* SPDX-License-Identifier: MIT */
/* partial_offer.c - what the device of partial_module/ is made to take */
#include "partial_offer.h"

#include <stdio.h>
#include <string.h>

#include "net.h"
#include "partial_module/record.h"
#include "wire.h"

#define PARAMETER  "/sys/module/segoff_partial/parameters/offer"
#define FIXED_6_1  (1u << 3) /* TCP_FIXEDID before Linux 6.17 */
#define FIXED_BITS (SEGOFF_GSO_TCP_FIXEDID | SEGOFF_GSO_TCP_FIXEDID_INNER)
#define DF	   0x40
#define ALL	   UINT32_MAX
#define TAGS_MOST  7 /* a bridge drops what has more, see known.c */

#define TSO \
	(SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6 | SEGOFF_GSO_TCP_ECN | FIXED_BITS)
#define SUMMED	(SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_UDP_TUNNEL_CSUM)
#define UDP_L4	SEGOFF_GSO_UDP_L4
#define PARTIAL SEGOFF_GSO_PARTIAL

/* What is to become of superpackets. */
#define SOME_WHOLE    (1u << FATE_WHOLE)
#define SOME_ORDINARY (1u << FATE_ORDINARY)
#define SOME_PARTIAL  (1u << FATE_PARTIAL)

/* clang-format off */
const struct offer offers[OFFERS + 1] = {
	{ "all", PARTIAL, TSO | UDP_L4 | TUNNEL_TYPES, ALL, true, false,
		SOME_PARTIAL },
	{ "all, ID fixed", PARTIAL, TSO | UDP_L4 | TUNNEL_TYPES, ALL, true, true,
		SOME_PARTIAL },
	{ "tunnels", PARTIAL | TSO | UDP_L4, TUNNEL_TYPES, ALL, true, false,
		SOME_PARTIAL },
	{ "tunnels, ID fixed", PARTIAL | TSO, TUNNEL_TYPES, ALL, true, true,
		SOME_PARTIAL | SOME_ORDINARY },
	{ "tunnels with sums", PARTIAL | TSO | (TUNNEL_TYPES & ~SUMMED), SUMMED,
		ALL, true, false, SOME_PARTIAL | SOME_ORDINARY | SOME_WHOLE },
	{ "no ECN", PARTIAL, (TSO & ~SEGOFF_GSO_TCP_ECN) | UDP_L4 | TUNNEL_TYPES,
		ALL, true, false, SOME_PARTIAL | SOME_ORDINARY },
	{ "no fixed ID", PARTIAL, (TSO & ~FIXED_BITS) | TUNNEL_TYPES, ALL, true,
		true, SOME_PARTIAL | SOME_ORDINARY },
	{ "not in tunnels", PARTIAL, TSO | UDP_L4 | TUNNEL_TYPES, TSO | TUNNEL_TYPES, true,
		false, SOME_ORDINARY },
	{ "no sums", PARTIAL, TSO | UDP_L4 | TUNNEL_TYPES, ALL, false, false,
		SOME_ORDINARY },
	{ "no partial frames", TSO, UDP_L4 | TUNNEL_TYPES, ALL, true, false,
		SOME_ORDINARY },
	{ 0 },
};
/* clang-format on */

static uint32_t for_kernel(uint32_t type)
{
	return type & FIXED_BITS ? (type & ~FIXED_BITS) | FIXED_6_1 : type;
}

/* Is the inner IP header directly behind another? */
static bool ip_in_ip(const struct tunnel_dev *t)
{
	return !t->encap &&
	       t->gso_type & (SEGOFF_GSO_IPXIP4 | SEGOFF_GSO_IPXIP6);
}

uint32_t offer_type(uint32_t kernel, const struct tunnel_dev *t)
{
	if (!(kernel & FIXED_6_1))
		return kernel;
	return (kernel & ~FIXED_6_1) |
	       (ip_in_ip(t) ? SEGOFF_GSO_TCP_FIXEDID_INNER :
			      SEGOFF_GSO_TCP_FIXEDID);
}

/*
 * To Linux 6.1 the bit is about the innermost header alone; later, and to
 * libsegoff, also about an outer one that is IPv4. Behind labels it is forgotten.
 */
static bool markable(const struct tunnel_dev *t)
{
	return tunnel_is_none(t) || ip_in_ip(t) || t->outer == 6;
}

void offer_make(const struct offer *o, const struct tunnel_dev *t)
{
	FILE *f = fopen(PARAMETER, "w");

	if (!f)
		net_die(PARAMETER);
	fprintf(f, PARTIAL_OFFER, for_kernel(o->native), for_kernel(o->partial),
		for_kernel(o->encap), o->sums,
		o->mark && markable(t) ? FIXED_6_1 : 0);
	if (fclose(f))
		net_die(o->name);
}

uint32_t offer_mark(const struct offer *o, const struct tunnel_dev *t,
		    uint32_t gso_type)
{
	if (!o->mark || !markable(t) || !(gso_type & SEGOFF_GSO_TCPV4))
		return 0;
	return offer_type(FIXED_6_1, t);
}

/* Tags before the first IP header. */
static unsigned int tags(const struct layers *l)
{
	return ((unsigned int)l->net - 14) / 4;
}

static bool fragmentable(const uint8_t *frame, const struct layers *l)
{
	return l->inner == 4 && !(frame[l->inner_net + 6] & DF);
}

/* Linux 6.1 drops what may be fragmented and shares one identification. */
struct course offer_course(const struct offer *o, uint32_t features,
			   bool encapsulated, const uint8_t *frame,
			   const struct layers *l, const struct segoff_meta *m)
{
	uint32_t has = features & FIXED_6_1 ? features | FIXED_BITS : features;
	uint32_t takes = has & ~o->partial;
	struct course c = { .csum = o->sums ? SEGOFF_OUT_PARTIAL :
					      SEGOFF_OUT_COMPLETE };

	if (m->gso_type & SEGOFF_GSO_TCPV4 && fragmentable(frame, l))
		takes &= ~FIXED_BITS;
	if (encapsulated)
		takes &= o->encap;
	if (tags(l) > 1 || !o->sums)
		takes = 0;
	c.dropped = tags(l) > TAGS_MOST ||
		    (m->gso_type & FIXED_BITS && fragmentable(frame, l));
	c.whole = !m->gso_size || !(m->gso_type & ~takes);
	if (takes & SEGOFF_GSO_PARTIAL)
		c.partial = (takes | (has & o->partial)) & ~SEGOFF_GSO_PARTIAL;
	return c;
}

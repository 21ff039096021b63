/* SPDX-License-Identifier: MIT */
/* partial_offer.h - what the device of partial_module/ is made to take */
#ifndef SEGOFF_ORACLE_PARTIAL_OFFER_H
#define SEGOFF_ORACLE_PARTIAL_OFFER_H

#include <segoff.h>

#include "tunnel_dev.h"

/* What the kernel did with a superpacket. */
enum fate {
	FATE_EARLY,    /* refused, dropped, or segmented before the tunnel */
	FATE_SINGLE,   /* it was none */
	FATE_WHOLE,    /* passed as it is */
	FATE_ORDINARY, /* segmented */
	FATE_PARTIAL,  /* cut into partial frames */
	FATES
};

#define OFFERS 10

/**
 * struct offer - features of a device, in bits of gso_type
 * @name: for reports
 * @native: what it takes as it is; SEGOFF_GSO_PARTIAL: partial frames at all
 * @partial: what it takes as partial frames alone
 * @encap: of both, what may be in a tunnel
 * @sums: it makes checksums
 * @mark: superpackets of TCP over IPv4 get TCP_FIXEDID, where libsegoff has a
 *	word for what it means in their tunnel
 * @expect: what happens to some superpacket of some tunnel, FOU and GUE or
 *	not: bits 1 << enum fate
 */
struct offer {
	const char *name;
	uint32_t native;
	uint32_t partial;
	uint32_t encap;
	bool sums;
	bool mark;
	uint32_t expect;
};

/* All of them, ended by one without a name; the first takes everything. */
extern const struct offer offers[OFFERS + 1];

/**
 * struct course - what such a device does to a packet
 * @dropped: the kernel drops it
 * @whole: it takes it as it is
 * @csum: enum segoff_csum_out for the segments otherwise
 * @partial: as in struct segoff_gso_opts
 */
struct course {
	bool dropped;
	bool whole;
	uint32_t csum;
	uint32_t partial;
};

/* Make the device so, for packets of this tunnel. */
void offer_make(const struct offer *o, const struct tunnel_dev *t);

/**
 * offer_type() - a gso_type that the kernel says
 * @kernel: as Linux 6.1 has the bits
 * @t: tunnel of the packet
 *
 * Return: the same for libsegoff.
 */
uint32_t offer_type(uint32_t kernel, const struct tunnel_dev *t);

/* The bits that the kernel adds to a superpacket of this tunnel and type. */
uint32_t offer_mark(const struct offer *o, const struct tunnel_dev *t,
		    uint32_t gso_type);

/**
 * offer_course() - what the kernel is to do with a packet
 * @o: the offer
 * @features: what the device has in the end, in the kernel's bits
 * @encapsulated: to the kernel, it is in a tunnel
 * @frame: packet
 * @l: where its headers are
 * @m: its metadata
 *
 * netif_skb_features() and net_gso_ok() in __skb_gso_segment(), from the rules
 * (R-PART-1, R-PART-6), not from libsegoff.
 */
struct course offer_course(const struct offer *o, uint32_t features,
			   bool encapsulated, const uint8_t *frame,
			   const struct layers *l, const struct segoff_meta *m);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * vantage.h - where was this captured?
 *
 * Theory of operation
 * -------------------
 * Only a host's own packets, before its NIC, have partial checksums. So an
 * address whose ordinary packets (not superpackets: merging makes checksums
 * partial too) are mostly partial belongs to the host, or the virtual machine
 * or container beside it, where the capture was taken. A superpacket from such
 * an address is on its way out; one to it was merged on its way in.
 */
#ifndef SEGOFF_CLI_VANTAGE_H
#define SEGOFF_CLI_VANTAGE_H

#include <segoff.h>

/* An IP address; IPv4 in the first 4 bytes. */
struct address {
	uint8_t bytes[16];
	uint8_t version;
};

struct vantage;

/* Return: NULL without memory. */
struct vantage *vantage_new(void);
void vantage_free(struct vantage *v);

/* The addresses of a packet that has an IP header. */
void packet_addresses(const struct segoff_pkt *pkt,
		      const struct segoff_stack *st, struct address *from,
		      struct address *to);

/**
 * vantage_see() - learn from a packet
 * @v: vantage
 * @from: its source
 * @to: its destination
 * @super: it is a superpacket
 * @unfinished: its checksum is partial or absent
 */
void vantage_see(struct vantage *v, const struct address *from,
		 const struct address *to, bool super, bool unfinished);

/* Does this address belong to the capturing host? */
bool vantage_local(const struct vantage *v, const struct address *a);

enum vantage_point {
	POINT_NONE,	/* no offload shows */
	POINT_SENDER,	/* superpackets or partial checksums going out */
	POINT_RECEIVER, /* superpackets coming in */
	POINT_BOTH,	/* a host that sends and receives them */
	POINT_INSIDE,	/* both ends of some traffic are local */
	POINT_MERGED,	/* superpackets, but nobody's checksums are partial */
};

enum vantage_point vantage_point(const struct vantage *v);

/* The point in a few words. */
const char *vantage_name(enum vantage_point p);
const char *vantage_text(enum vantage_point p);

/**
 * vantage_why() - how the point shows
 * @p: point
 * @mixed: there are checksums that are not complete, or packets above the
 *	MTU, that do not decide it
 *
 * Return: static text.
 */
const char *vantage_why(enum vantage_point p, bool mixed);

#endif

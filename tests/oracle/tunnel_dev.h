/* SPDX-License-Identifier: MIT */
/* tunnel_dev.h - the kinds of tunnel devices, and how their packets are laid out */
#ifndef SEGOFF_ORACLE_TUNNEL_DEV_H
#define SEGOFF_ORACLE_TUNNEL_DEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <segoff.h>

#include "random.h"
#include "wire.h"

#define ENCAP_PORT 5555 /* of FOU and GUE */

/* What the kinds of tunnels add to gso_type; a remote checksum is beside it. */
#define TUNNEL_TYPES                                                \
	(SEGOFF_GSO_GRE | SEGOFF_GSO_GRE_CSUM | SEGOFF_GSO_IPXIP4 | \
	 SEGOFF_GSO_IPXIP6 | SEGOFF_GSO_UDP_TUNNEL |                \
	 SEGOFF_GSO_UDP_TUNNEL_CSUM)

#define TUNNEL_ATTRS 5
#define TUNNEL_MAX   64 /* kinds of devices */

/* How the value of an attribute is written. */
enum attr_form {
	ATTR_U8 = 1,
	ATTR_U16,
	ATTR_U32,
	ATTR_BE16,
	ATTR_BE32,
	ATTR_FLAG,
};

/* Who says that a packet goes into the tunnel, and how. */
enum tunnel_by {
	BY_DEVICE = 0,
	BY_LABEL, /* a route; there is no device */
	BY_LABELS,
	BY_METADATA, /* a route; the device takes what it is told */
};

struct attr {
	uint8_t form; /* 0: there are no more */
	uint8_t type;
	uint32_t value;
};

/**
 * struct tunnel_dev - one sort of tunnel device
 * @name: for -k and for reports
 * @device: kind of the device, as rtnetlink calls it; NULL: MPLS has none, and
 *	what goes into no tunnel
 * @local: attribute with its own address; 0: none
 * @remote: attribute with the other's; 0: none
 * @outer: IP version outside; 0: MPLS has none
 * @inner: IP version inside; 0: either
 * @ethernet: what is inside has an Ethernet header
 * @gso_type: what the kernel calls its superpackets
 * @attr: what else it is told
 * @encap: what is around it, TUNNEL_ENCAP_*: FOU, GUE, or nothing
 * @encap_flags: TUNNEL_ENCAP_FLAG_*
 * @by: enum tunnel_by
 */
struct tunnel_dev {
	const char *name;
	const char *device;
	uint8_t local;
	uint8_t remote;
	uint8_t outer;
	uint8_t inner;
	bool ethernet;
	uint32_t gso_type;
	struct attr attr[TUNNEL_ATTRS];
	uint8_t encap;
	uint8_t encap_flags;
	uint8_t by;
};

/* All kinds of devices, ended by one without a name. */
extern const struct tunnel_dev tunnel_devs[];

/* The kind of this name, or NULL. */
const struct tunnel_dev *tunnel_named(const char *name);

/* What goes into no tunnel. */
extern const struct tunnel_dev tunnel_none;

static inline bool tunnel_is_none(const struct tunnel_dev *t)
{
	return !t->device && !t->by;
}

/* Both ends of the tunnel, outside. */
struct tunnel_ends {
	uint8_t local[16];
	uint8_t remote[16];
};

/* The addresses outside, by IP version. */
const struct tunnel_ends *tunnel_ends(unsigned int version);

/* Add an attribute to a message about a device, or about a route into it. */
struct rtnl;
void tunnel_put(struct rtnl *m, enum attr_form form, uint8_t type,
		uint32_t value);

/**
 * tunnel_add() - make the device
 * @t: its kind; not one of MPLS
 * @ends: its addresses outside
 * @name: its name
 *
 * Return: 0 or a negative errno: the kernel's.
 */
int tunnel_add(const struct tunnel_dev *t, const struct tunnel_ends *ends,
	       const char *name);

/**
 * tunnel_route() - make or take away a route that leads everything into it
 * @t: kind that is not BY_DEVICE
 * @version: IP version of what is led there
 * @device: where to
 * @gateway: who is there, an address of @version; NULL: nobody has to be
 * @add: make it
 *
 * Return: 0 or a negative errno: the kernel's.
 */
int tunnel_route(const struct tunnel_dev *t, unsigned int version,
		 const char *device, const uint8_t *gateway, bool add);

/**
 * struct layers - where the headers of a packet in a tunnel are
 * @net: outer IP header
 * @th: what follows it: UDP, GRE, or the inner IP header
 * @inner_mac: first byte behind the tunnel's header
 * @inner_net: inner IP header
 * @inner_th: inner TCP or UDP header
 * @payload: behind that
 * @outer: IP version outside; 0: there are labels
 * @inner: IP version inside
 * @proto: inner protocol, 6 or 17
 * @tunnel_proto: protocol number that the outer IP header leads to
 * @remote: the tunnel's header says where a remote checksum is
 */
struct layers {
	size_t net;
	size_t th;
	size_t inner_mac;
	size_t inner_net;
	size_t inner_th;
	size_t payload;
	uint8_t outer;
	uint8_t inner;
	uint8_t proto;
	uint8_t tunnel_proto;
	bool remote;
};

/**
 * layers_find() - walk the headers of a frame
 * @l: receives where they are
 * @t: tunnel that it came from
 * @frame: from the Ethernet header on
 * @len: its bytes
 *
 * Return: false if they are not what @t makes.
 */
bool layers_find(struct layers *l, const struct tunnel_dev *t,
		 const uint8_t *frame, size_t len);

/**
 * tunnel_lengths() - lengths in the outer headers, and what depends on them
 * @l: where the headers are
 * @t: tunnel
 * @frame: the frame, whose headers are of a shorter one
 * @len: its bytes
 */
void tunnel_lengths(const struct layers *l, const struct tunnel_dev *t,
		    uint8_t *frame, size_t len);

#endif

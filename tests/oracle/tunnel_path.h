/* SPDX-License-Identifier: MIT */
/*
 * tunnel_path.h - the way of a superpacket through a tunnel device
 *
 * Theory of operation
 * -------------------
 *	TAP | bridge, packet socket or UDP socket
 *		-> t0, the tunnel device
 *		-> v0, which takes superpackets of almost every kind
 *		-> v1 | bridge | tb, a TAP without offloads -> read
 *
 * A packet socket on v0 sees the superpacket as the tunnel device built it,
 * with a virtio_net_hdr that says where the innermost checksum begins. What is
 * read from tb is that superpacket, segmented in software.
 *
 * TCP comes from a TAP if there are Ethernet headers in the tunnel, else from a
 * packet socket on t0; so its headers may say anything. UDP, which a
 * virtio_net_hdr cannot say before Linux 6.2, comes from a socket with
 * UDP_SEGMENT.
 *
 * What a route leads into the tunnel comes from a TUN and is forwarded; UDP
 * comes from a socket that is not bound. MPLS has no device but v0.
 *
 * Where there is no tunnel, v0 takes its place: TCP comes from a packet socket
 * on it, with Ethernet headers of its own.
 *
 * What tb is can be another device, which says something before each frame.
 *
 * With remote checksum offload v0 takes no superpackets, nor does any device.
 * They are seen on t0 then, before they are in the tunnel, and the headers are
 * taken from the first segment.
 */
#ifndef SEGOFF_ORACLE_TUNNEL_PATH_H
#define SEGOFF_ORACLE_TUNNEL_PATH_H

#include "answer.h"
#include "path.h"
#include "superpacket.h"
#include "tunnel_dev.h"

#define BUILT_VNET   10
#define TUNNEL_LOWER "v0"

/**
 * struct tunnel_path - the way through a tunnel device
 * @tunnel: its kind
 * @tap: TAP that may be bridged to the tunnel device
 * @tun: TUN from which is forwarded
 * @in: what TCP is written to
 * @udp4: UDP socket bound to the tunnel device, where none to v0; not bound
 *	where a route leads into the tunnel; -1: no IPv4 is inside
 * @udp6: the same for IPv6
 * @lower: packet socket that writes below the tunnel device
 * @seen: packet socket that sees what the tunnel device built
 * @inside: packet socket that sees what it gets; -1: that need not be known
 * @out: what is read from tb
 */
struct tunnel_path {
	const struct tunnel_dev *tunnel;
	int tap;
	int tun;
	int in;
	int udp4;
	int udp6;
	int lower;
	int seen;
	int inside;
	struct path out;
};

/* Make all but the tunnel device. */
void tunnel_path_open(struct tunnel_path *p);

/**
 * tunnel_path_open_to() - the same, where tb is there already
 * @p: path; @out of it says how to read
 * @last: name of the last device
 */
void tunnel_path_open_to(struct tunnel_path *p, const char *last);

/**
 * tunnel_path_enter() - make the tunnel device
 * @p: path
 * @t: its kind
 *
 * Return: false if this kernel has no such device; errno is what it says.
 */
bool tunnel_path_enter(struct tunnel_path *p, const struct tunnel_dev *t);

/* Take the tunnel device away. */
void tunnel_path_leave(struct tunnel_path *p);

/**
 * tunnel_path_ask() - send a superpacket into the tunnel
 * @p: path
 * @sp: superpacket; of UDP only payload, size and a few fields are sent
 * @built: receives what the tunnel device built, each frame behind a
 *	virtio_net_hdr of BUILT_VNET bytes
 * @wire: receives what came out
 */
void tunnel_path_ask(struct tunnel_path *p, const struct superpacket *sp,
		     struct answer *built, struct answer *wire);

#endif

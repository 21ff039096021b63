/* SPDX-License-Identifier: MIT */
/*
 * path.h - the way of a superpacket through the kernel
 *
 * Theory of operation
 * -------------------
 *	TAP		writev -> ta | bridge | tb -> read
 *	TAP, partial	the same, but tb takes unfinished checksums
 *	AF_PACKET	sendmsg -> tb -> read
 *	TUN		writev -> tn
 *	encapsulation	writev -> ta, BPF | bridge | tb -> read
 *
 * The offloads of tb are off, so what is read from it was segmented and
 * checksummed in software (or only segmented). Behind every superpacket a marker is sent, a small
 * frame that is known by its bytes: what comes out before it is the answer,
 * and if nothing comes, the superpacket was dropped. No clock decides.
 */
#ifndef SEGOFF_ORACLE_PATH_H
#define SEGOFF_ORACLE_PATH_H

#include <errno.h>

#include <segoff.h>

#include "answer.h"
#include "superpacket.h"

#define PATH_MARKER	 60    /* bytes of a marker */
#define PATH_PATIENCE_MS 20000 /* then something is broken, not slow */

/**
 * struct path - the way through the kernel
 * @writer: enum segoff_writer
 * @in: written to
 * @out: read from; -1: only the errno of the write is known
 * @vnet_size: bytes of the virtio_net_hdr that @in now takes
 * @mtu: of the device that @out reads
 * @headroom: bytes that the writer's device keeps before a frame
 * @kernel: version, as net_kernel() has it
 * @tunnel: UDP tunnel GSO was negotiated
 * @partial: what comes out has its checksums unfinished
 * @record: bytes before each frame that are said of it, and are kept
 * @mobile_ipv6: the kernel was built with Mobile IPv6
 * @sums_labels: it finishes checksums behind MPLS labels, whatever a device can
 * @encap: the kernel puts superpackets into their tunnels itself (encap.h)
 * @limits: what may be sent
 * @why: it cannot be opened here
 */
struct path {
	uint8_t writer;
	int in;
	int out;
	size_t vnet_size;
	uint32_t mtu;
	uint16_t headroom;
	uint32_t kernel;
	bool tunnel;
	bool partial;
	size_t record;
	bool mobile_ipv6;
	bool sums_labels;
	bool encap;
	struct limits limits;
	const char *why;
};

/* From TAP to TAP. */
void path_tap(struct path *p);

/* The same, but the last device finishes checksums, says its reader. */
void path_tap_partial(struct path *p);

/* The same as path_tap(), superpackets in UDP tunnels alone. */
void path_tunnel(struct path *p);

/* From TAP to TAP, and on the way into a tunnel (encap.h). */
void path_encap(struct path *p);

/* From a packet socket to a TAP. */
void path_packet(struct path *p);

/* Into a TUN device, whose packets go nowhere. */
void path_tun(struct path *p);

/* Did the kernel find no memory for so large a frame? */
static inline bool path_no_memory(int err)
{
	return err == ENOBUFS || err == ENOMEM || err == EAGAIN;
}

/* A frame like no other, of PATH_MARKER bytes. */
void path_marker(uint8_t *f);

/**
 * path_read() - read what comes out, up to a marker
 * @p: path; @out and @partial of it
 * @a: receives the frames
 * @f: the marker
 * @ms: how long to wait when nothing comes
 *
 * Return: false if the marker did not come in time.
 */
bool path_read(const struct path *p, struct answer *a, const uint8_t *f,
	       int ms);

/* Wait until what goes in comes out. */
void path_settle(const struct path *p);

/**
 * path_ask() - send a superpacket, and wait for what becomes of it
 * @p: path; it is set to the superpacket's size of header, and to its MTU
 * @sp: superpacket
 * @a: receives the answer
 */
void path_ask(struct path *p, const struct superpacket *sp, struct answer *a);

#endif

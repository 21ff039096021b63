/* SPDX-License-Identifier: MIT */
/*
 * segoff.h - segmentation offload in user space: the core
 *
 * What this is
 * ------------
 * The Linux stack hands packets around that are larger than anything a wire
 * can carry: superpackets. Somebody has to cut them (GSO, TSO, USO, UFO) and
 * to finish the checksums that were left undone. This library does that on
 * packets in ordinary memory, byte for byte as Linux 6.18 does it.
 *
 * What this is not: a TCP stack, a reassembler of IP fragments, a reorderer.
 *
 * The promise
 * -----------
 * For any bytes and any metadata, a function declared here reads only inside
 * the lengths given, writes only inside the room given, allocates nothing,
 * makes no system call, keeps no state of its own, and takes time linear in
 * its input. Metadata is as hostile as the packet. A call that fails leaves
 * its input as it was; its output is then undefined unless said otherwise.
 *
 * In twelve lines
 * ---------------
 *	char buf[65536 + 10], out[2 * 65536];
 *	struct iovec seg[64];
 *	ssize_t n = read(tun, buf, sizeof(buf));
 *	struct iovec v = { buf + 10, n < 10 ? 0 : (size_t)n - 10 };
 *	struct segoff_pkt pkt = { &v, 1, SEGOFF_LINK_RAW };
 *	struct segoff_meta meta;
 *	struct segoff_gso gso;
 *	if (segoff_vnet_decode(buf, 10, &pkt, NULL, &meta, NULL) == 0 &&
 *	    segoff_gso_init(&gso, &pkt, &meta, NULL, NULL) == 0)
 *		while ((n = segoff_gso_flat(&gso, out, sizeof(out), seg, 64)) > 0)
 *			send_each(seg, n);
 *
 * Words: a superpacket stands for several wire packets, its segments. gso_size
 * is the payload of one segment in bytes, never counting headers. A partial
 * checksum holds only the sum over the pseudo header (the seed) and waits for
 * somebody to add the bytes; it is unfinished, which is not the same as wrong.
 *
 * Lengths and offsets are bytes; offsets count from the start of the packet.
 * Numbers in structures are in host order; only packet bytes are big endian.
 * Rules are cited by kernel function and RFC section.
 */
#ifndef SEGOFF_H
#define SEGOFF_H

#include <segoff/base.h>
#include <segoff/verdict.h>
#include <segoff/packet.h>
#include <segoff/meta.h>
#include <segoff/csum.h>
#include <segoff/gso.h>
#include <segoff/remcsum.h>
#include <segoff/sctp.h>
#include <segoff/flows.h>
#include <segoff/gro.h>

#endif /* SEGOFF_H */

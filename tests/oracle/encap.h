/* SPDX-License-Identifier: MIT */
/*
 * encap.h - superpackets that the kernel puts into a tunnel
 *
 * Theory of operation
 * -------------------
 * A virtio_net_hdr cannot say GRE, or IP in IP. But a BPF program on a device
 * can put headers before a packet and say what they are, with
 * bpf_skb_adjust_room() and its flags ENCAP, which set the same metadata that
 * tunnel devices set:
 *
 *	writev -> ta | BPF: headers from a map | bridge | tb -> read
 *
 * So the superpacket that is built with its tunnel goes in without it; its link
 * header, and the packet inside. The program is a few instructions, assembled in
 * encap.c, so that no compiler for them need be there.
 */
#ifndef SEGOFF_ORACLE_ENCAP_H
#define SEGOFF_ORACLE_ENCAP_H

#include <segoff.h>

#include "superpacket.h"

#define ENCAP_MOST 3072 /* bytes that are put before a packet */

/**
 * encap_open() - have a device's incoming packets encapsulated
 * @name: the device
 *
 * Return: NULL, or why that cannot be.
 */
const char *encap_open(const char *name);

/* What to put before the next packet: that of @sp; NULL: nothing. */
void encap_set(const struct superpacket *sp);

/**
 * encap_inner() - a superpacket without its tunnel
 * @sp: superpacket; unchanged
 * @to: receives it, its frame in a buffer of this function's
 */
void encap_inner(const struct superpacket *sp, struct superpacket *to);

/**
 * encap_meta() - what the kernel's metadata becomes
 * @sp: superpacket
 * @meta: of the inner packet; becomes that of the whole
 *
 * Return: false if the packet is dropped.
 */
bool encap_meta(const struct superpacket *sp, struct segoff_meta *meta);

#endif

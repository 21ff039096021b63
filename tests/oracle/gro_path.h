/* SPDX-License-Identifier: MIT */
/*
 * gro_path.h - the way of a train through the kernel
 *
 * Theory of operation
 * -------------------
 *	writev -> TAP with IFF_NAPI -> GRO -> packet socket on the TAP
 *	                                \ bridge -> GSO -> packet socket on
 *	                                                    a TAP (WAY_CUT)
 *
 * Every write is a receive cycle of its own. As gro_flush_timeout is long, what
 * is held stays held, until that is set to 0 and one more packet, a marker,
 * comes. Behind it a second marker says that this was all. So no timer decides,
 * but for one: with the tick of the kernel's clock what is held has become old,
 * and leaves at the next write. A train may begin just behind a tick, and one
 * in which there was a tick says nothing against anybody.
 */
#ifndef SEGOFF_ORACLE_GRO_PATH_H
#define SEGOFF_ORACLE_GRO_PATH_H

#include <segoff.h>

#include "answer.h"
#include "train.h"

/**
 * struct gro_answer - what one side made of a train
 * @frames: what came out, each behind a virtio_net_hdr (hdr_len 0)
 * @early: how many of these before the end of the train
 * @refused: packets that were not taken
 * @merged: superpackets among the frames
 * @ticked: the kernel's clock has moved on between its packets
 */
struct gro_answer {
	struct answer *frames;
	size_t early;
	size_t refused;
	size_t merged;
	bool ticked;
};

/**
 * struct gro_path - the way into each device
 * @in: to write packets to
 * @out: to read frames from
 * @timeout: its gro_flush_timeout
 * @max_size: below which superpackets stay
 * @udp: UDP is coalesced, too
 * @list: packets are kept as members of a list
 * @cut: superpackets leave through another device, which cuts them
 * @drain: that one
 * @rewritten: and rewrites their headers before
 * @vlan: this kernel looks behind VLAN tags
 * @geneve: this kernel has Geneve
 * @fou: this kernel has FOU and GUE
 * @old: this kernel is older than 6.18: WAY_PLAIN alone
 */
struct gro_path {
	int in[WAY_COUNT];
	int out[WAY_COUNT];
	int timeout[WAY_COUNT];
	uint32_t max_size[WAY_COUNT];
	bool udp[WAY_COUNT];
	bool list[WAY_COUNT];
	bool cut[WAY_COUNT];
	int drain;
	bool rewritten;
	bool vlan;
	bool geneve;
	bool fou;
	bool old;
};

/* Open all devices; returns NULL, or why that cannot be. */
const char *gro_path_open(struct gro_path *p);

/* The same, and such that end tunnels. */
const char *gro_path_open_tunnels(struct gro_path *p);

/**
 * gro_path_ask() - send a train, and wait for what becomes of it
 * @p: path
 * @t: train
 * @aligned: begin just behind a tick
 * @a: receives the answer
 *
 * Return: false if not all of it came back.
 */
bool gro_path_ask(const struct gro_path *p, const struct train *t, bool aligned,
		  struct gro_answer *a);

/* The same by libsegoff. */
void gro_engine_ask(const struct gro_path *p, const struct train *t,
		    struct gro_answer *a);

/* Has a frame of an answer this gso_size, and not 0? */
static inline bool gro_is_super(const uint8_t *frame)
{
	return frame[4] | frame[5];
}

#endif

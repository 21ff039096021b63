/* SPDX-License-Identifier: MIT */
/*
 * window.h - a capture with a view of what comes next
 *
 * Theory of operation
 * -------------------
 * How a superpacket was meant to be cut, and when its last segment left, shows
 * in packets that come after it. So records are read some way ahead: each is
 * dissected and shown to the flow table when it enters the window, and worked
 * on when it leaves. The window is bounded in packets and in bytes, and in time
 * where the input is a live pipe: when nothing comes, nothing is waited for.
 *
 *	       window_next()	 read, dissected, learned
 *	file:  ... [ oldest | ............ | newest ] ...
 */
#ifndef SEGOFF_CLI_WINDOW_H
#define SEGOFF_CLI_WINDOW_H

#include <segoff.h>

#include "../src/port/capture.h"

/**
 * struct seen - a record in the window
 * @rec: the record
 * @st: packets: headers
 * @flow: packets: flow, or SEGOFF_NO_FLOW
 * @next_time: packets: time of the flow's next packet, if @has_next
 * @caplen: packets: bytes of the frame, without a virtio_net_hdr
 * @len: packets: what they were before the capture cut them short
 * @link: packets: what the frame begins with, enum segoff_link
 * @vnet: packets: bytes of virtio_net_hdr in front of the frame
 * @known_link: packets: the link type is one that is dissected
 */
struct seen {
	struct capture_record rec;
	struct segoff_stack st;
	segoff_flow flow;
	uint64_t next_time;
	uint32_t caplen;
	uint32_t len;
	unsigned int link;
	uint32_t vnet;
	bool has_next;
	bool known_link;
};

struct window;

/**
 * window_open() - begin to read
 * @w: receives the window
 * @reader: where records come from
 * @mtu: see segoff_flows_init()
 * @vnet: bytes of virtio_net_hdr in front of each frame, or 0
 * @ports: UDP ports of tunnels; NULL: the well-known ones
 *
 * Return: 0 or -ENOMEM.
 */
int window_open(struct window **w, struct capture_reader *reader, uint32_t mtu,
		uint32_t vnet, const struct segoff_ports *ports);

/**
 * window_next() - the oldest record
 * @w: window
 *
 * The one before it is let go.
 *
 * Return: NULL at the end, which may be an early one: see window_error().
 */
const struct seen *window_next(struct window *w);

/* Is nothing known of what comes after the record that window_next() gave? */
bool window_dry(const struct window *w);

/**
 * window_error() - why did it end?
 * @w: window
 *
 * Return: NULL if the file was over.
 */
const struct port_error *window_error(const struct window *w);

/* What the flows have shown. */
const struct segoff_flows *window_flows(const struct window *w);

/* All bytes of the record that window_next() gave, and those of its frame. */
const uint8_t *window_bytes(const struct window *w, const struct seen *s);
const uint8_t *window_frame(const struct window *w, const struct seen *s);

void window_close(struct window *w);

#endif

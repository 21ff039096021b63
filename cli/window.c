/* SPDX-License-Identifier: MIT */
/* window.c - a capture with a view of what comes next */
#include "window.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "format.h"

#define SEEN_MAX  2048u
#define BYTES_MAX (1u << 20)
#define WAIT_MS	  500
#define FLOWS	  ((size_t)32768)

/* Who was the last packet of a flow and direction: a number, from 1. */
struct window {
	struct capture_reader *reader;
	struct segoff_flows *flows;
	uint64_t *last_of_flow;
	struct port_error error;
	uint64_t first; /* number of the oldest record in the window */
	uint64_t end;	/* number behind the newest */
	uint64_t bytes;
	uint32_t vnet;
	const struct segoff_ports *ports;
	bool started;
	bool over;
	bool idle; /* nothing came in time */
	struct seen seen[SEEN_MAX];
};

static struct seen *slot(struct window *w, uint64_t number)
{
	return &w->seen[number % SEEN_MAX];
}

static int make_flows(struct window *w, uint32_t mtu)
{
	size_t size = segoff_flows_size(FLOWS);
	void *mem = malloc(size);
	uint64_t seed = 0;

	if (!mem)
		return -ENOMEM;
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)(uintptr_t)mem;
	w->flows = segoff_flows_init(mem, size, mtu, seed);
	w->last_of_flow = calloc(2 * FLOWS, sizeof(*w->last_of_flow));
	return w->last_of_flow ? 0 : -ENOMEM;
}

int window_open(struct window **w, struct capture_reader *reader, uint32_t mtu,
		uint32_t vnet, const struct segoff_ports *ports)
{
	struct window *n = calloc(1, sizeof(*n));

	*w = n;
	if (!n)
		return -ENOMEM;
	n->reader = reader;
	n->vnet = vnet;
	n->ports = ports;
	return make_flows(n, mtu);
}

/* Behind a virtio_net_hdr there is a frame of the file's link type. */
static void find_frame(const struct window *w, struct seen *s)
{
	uint16_t linktype = frame_linktype(s->rec.linktype, w->vnet);

	s->vnet = w->vnet < s->rec.caplen ? w->vnet : s->rec.caplen;
	s->caplen = s->rec.caplen - s->vnet;
	s->len = s->rec.len - (s->vnet < s->rec.len ? s->vnet : s->rec.len);
	s->known_link = link_of(linktype, &s->link);
}

/* Tell the flow's packet before this one when this one came. */
static void link_times(struct window *w, struct seen *s, uint64_t number)
{
	size_t flow = segoff_flows_slot(w->flows, s->flow);
	uint64_t before = w->last_of_flow[flow];
	struct seen *b = slot(w, before - 1);

	w->last_of_flow[flow] = number + 1;
	if (before <= w->first || b->flow != s->flow ||
	    b->rec.iface != s->rec.iface || !s->rec.has_time)
		return;
	b->next_time = s->rec.time;
	b->has_next = true;
}

static void enter(struct window *w, struct seen *s, uint64_t number)
{
	struct iovec iov;
	struct segoff_pkt pkt = { &iov, 1, 0 };

	find_frame(w, s);
	s->has_next = false;
	s->flow = SEGOFF_NO_FLOW;
	pkt.link = s->link;
	iov.iov_base = (void *)(uintptr_t)window_frame(w, s);
	iov.iov_len = s->caplen;
	segoff_dissect_ports(&pkt, w->ports, &s->st);
	if (s->caplen >= s->len)
		s->flow = segoff_flows_learn(w->flows, &pkt, &s->st);
	if (s->flow != SEGOFF_NO_FLOW)
		link_times(w, s, number);
}

/* Who has nothing else to do waits; who has, waits once for what comes late. */
static int patience(const struct window *w)
{
	if (w->end == w->first)
		return -1;
	return w->idle ? 0 : WAIT_MS;
}

static void fill(struct window *w)
{
	while (!w->over && w->end - w->first < SEEN_MAX &&
	       w->bytes < BYTES_MAX) {
		struct seen *s = slot(w, w->end);
		int n;

		capture_patience(w->reader, patience(w));
		n = capture_next(w->reader, &s->rec, &w->error);
		w->idle = n == -EAGAIN;
		if (w->idle)
			return;
		if (n <= 0) {
			w->over = true;
			return;
		}
		w->error.code = 0;
		if (s->rec.packet)
			enter(w, s, w->end);
		w->bytes += s->rec.size;
		w->end++;
	}
}

const struct seen *window_next(struct window *w)
{
	if (w->started && w->first < w->end) {
		w->bytes -= slot(w, w->first)->rec.size;
		w->first++;
	}
	w->started = true;
	/* in batches: half a window is still a view */
	if (w->end - w->first < SEEN_MAX / 2 && w->bytes < BYTES_MAX / 2) {
		if (w->first < w->end)
			capture_release(w->reader, slot(w, w->first)->rec.at);
		else if (w->end)
			capture_release(w->reader, UINT64_MAX);
		fill(w);
	}
	return w->first < w->end ? slot(w, w->first) : NULL;
}

bool window_dry(const struct window *w)
{
	return w->end - w->first <= 1;
}

const struct port_error *window_error(const struct window *w)
{
	return w->over && w->error.code ? &w->error : NULL;
}

const struct segoff_flows *window_flows(const struct window *w)
{
	return w->flows;
}

const uint8_t *window_bytes(const struct window *w, const struct seen *s)
{
	return capture_bytes(w->reader, &s->rec);
}

const uint8_t *window_frame(const struct window *w, const struct seen *s)
{
	return window_bytes(w, s) + s->rec.data + s->vnet;
}

void window_close(struct window *w)
{
	if (!w)
		return;
	free(w->flows);
	free(w->last_of_flow);
	free(w);
}

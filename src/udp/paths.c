/* SPDX-License-Identifier: MIT */
/*
 * paths.c - finding, making and forgetting paths
 *
 * A bucket has four places, so looking costs four comparisons at most, whoever
 * is at the other end. The one that was not used for longest makes room, but
 * never one that the batch being built refers to.
 */
#include "tx.h"

#include <errno.h>

void segoff__udp_happen(struct segoff_udp_tx *t, struct segoff__udp_path *p,
			unsigned int e, int err, uint32_t limit)
{
	struct segoff__udp_happened h = { .err = err,
					  .limit = limit,
					  .now = segoff__udp_time(t),
					  .retry = t->retry };

	segoff__udp_step(&p->m, e, &h);
}

struct segoff__udp_path *segoff__udp_look(const struct segoff_udp_tx *t,
					  const struct segoff__udp_key *k)
{
	struct segoff__udp_path *p = &t->paths[segoff__udp_bucket(k, t->mask)];

	for (size_t i = 0; i < SEGOFF__UDP_WAYS; i++)
		if (p[i].there && segoff__udp_key_same(&p[i].key, k))
			return &p[i];
	return NULL;
}

/* Is the peer of a connected socket IPv4? An IPv6 socket may have such. */
static bool peer_v4(const struct segoff_udp_tx *t)
{
	struct sockaddr_in6 peer = { 0 };
	socklen_t len = sizeof(peer);
	const struct segoff_udp_sys *s = t->sys;

	if (t->family == AF_INET)
		return true;
	if (s->getpeername(s->ctx, t->fd, (struct sockaddr *)&peer, &len))
		return false;
	return IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr);
}

/* What it has counted stays in the sum. */
static void forget(struct segoff_udp_tx *t, const struct segoff__udp_path *p)
{
	if (!p->there)
		return;
	t->evicted++;
	t->gone.trains += p->trains;
	t->gone.in_trains += p->in_trains;
	t->gone.plain += p->plain;
	for (size_t i = 0; i < SEGOFF_UDP_REASONS; i++)
		t->gone.count[i] += p->m.count[i];
}

void segoff__udp_family(const struct segoff_udp_tx *t,
			struct segoff__udp_path *p)
{
	const struct segoff__udp_key *k = &p->key;

	p->v4 = k->given & 1 ? segoff__udp_key_v4(k) : peer_v4(t);
	p->m.whole = p->v4 ? SEGOFF_UDP_BYTES_V4 : SEGOFF_UDP_BYTES_V6;
}

static void make(struct segoff_udp_tx *t, struct segoff__udp_path *p,
		 const struct segoff__udp_key *k)
{
	forget(t, p);
	memset(p, 0, sizeof(*p));
	p->key = *k;
	p->there = true;
	segoff__udp_family(t, p);
	segoff__udp_machine_init(&p->m, p->m.whole);
	if (!t->kernel)
		segoff__udp_happen(t, p, SEGOFF__UDP_KERNEL, 0, 0);
	else if (t->off)
		segoff__udp_happen(t, p, SEGOFF__UDP_OFF, 0, 0);
}

/* An empty place of the bucket, or the one used longest ago. */
static struct segoff__udp_path *room(const struct segoff_udp_tx *t,
				     const struct segoff__udp_key *k)
{
	struct segoff__udp_path *p = &t->paths[segoff__udp_bucket(k, t->mask)];
	struct segoff__udp_path *oldest = p;

	for (size_t i = 0; i < SEGOFF__UDP_WAYS; i++) {
		if (!p[i].there)
			return &p[i];
		if (t->stamp - p[i].used > t->stamp - oldest->used)
			oldest = &p[i];
	}
	return oldest->used == t->stamp ? NULL : oldest;
}

int segoff__udp_find(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d,
		     struct segoff__udp_path **out)
{
	struct segoff__udp_path *p = t->last;
	struct segoff__udp_key k;
	int err = segoff__udp_key(&k, d);

	if (err)
		return err;
	if (!p->there || !segoff__udp_key_same(&p->key, &k)) {
		p = segoff__udp_look(t, &k);
		if (!p) {
			p = room(t, &k);
			if (p)
				make(t, p, &k);
		}
	}
	*out = p;
	if (p) {
		p->used = t->stamp;
		t->last = p;
	}
	return 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

struct segoff__udp_limit segoff__udp_limits(const struct segoff_udp_tx *t,
					    const struct segoff__udp_path *p)
{
	struct segoff__udp_limit l = { 1, 0, 0 };

	if (!segoff__udp_gso(t) || p->m.state == SEGOFF_UDP_PROBE ||
	    p->m.state == SEGOFF_UDP_DISABLED)
		return l;
	l.segs = least(t->segs ? t->segs : SEGOFF_UDP_SEGS, t->segs_wanted);
	l.bytes = least(p->m.max_bytes, t->bytes_wanted);
	l.size = p->m.max_size;
	return l;
}

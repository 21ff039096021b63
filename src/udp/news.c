/* SPDX-License-Identifier: MIT */
/* news.c - what the caller tells, and what it may read */
#include "tx.h"

#include <errno.h>

static const uint8_t events[SEGOFF_UDP_NEWS] = {
	[SEGOFF_UDP_ROUTE_CHANGED] = SEGOFF__UDP_ROUTE,
	[SEGOFF_UDP_TRAINS_LOST] = SEGOFF__UDP_LOSS,
	[SEGOFF_UDP_SWITCH_OFF] = SEGOFF__UDP_OFF,
	[SEGOFF_UDP_SWITCH_ON] = SEGOFF__UDP_ON,
};

/* What was switched off stays so until it is switched on. */
static void tell(struct segoff_udp_tx *t, struct segoff__udp_path *p,
		 unsigned int news)
{
	bool fixed = p->m.state == SEGOFF_UDP_DISABLED &&
		     (p->m.reason == SEGOFF_UDP_R_OFF ||
		      p->m.reason == SEGOFF_UDP_R_KERNEL);

	if (news == SEGOFF_UDP_ROUTE_CHANGED)
		segoff__udp_family(t, p);
	if (!t->kernel || (fixed && news != SEGOFF_UDP_SWITCH_ON))
		return;
	segoff__udp_happen(t, p, events[news], 0, 0);
}

static void tell_all(struct segoff_udp_tx *t, unsigned int news)
{
	if (news == SEGOFF_UDP_SWITCH_OFF)
		t->off = true;
	if (news == SEGOFF_UDP_SWITCH_ON)
		t->off = false;
	for (size_t i = 0; i <= t->mask; i++)
		if (t->paths[i].there)
			tell(t, &t->paths[i], news);
}

int segoff_udp_tell(struct segoff_udp_tx *t, const struct segoff_udp_dgram *d,
		    unsigned int news)
{
	struct segoff__udp_path *p;
	int err;

	if (news >= SEGOFF_UDP_NEWS)
		return -EINVAL;
	t->now = 0;
	if (!d) {
		tell_all(t, news);
		return 0;
	}
	t->stamp++;
	err = segoff__udp_find(t, d, &p);
	if (!err)
		tell(t, p, news);
	return err;
}

static void describe(const struct segoff__udp_path *p,
		     struct segoff_udp_path_info *i)
{
	const struct segoff__udp_machine *m = &p->m;

	*i = (struct segoff_udp_path_info){
		.to = p->key.to,
		.from = p->key.from,
		.ifindex = p->key.ifindex,
		.state = m->state,
		.reason = m->reason,
		.last_errno = m->err,
		.max_size = m->max_size == UINT16_MAX ? 0 : m->max_size,
		.max_bytes = m->max_bytes,
		.trains = p->trains,
		.in_trains = p->in_trains,
		.plain = p->plain,
	};
	memcpy(i->count, m->count, sizeof(i->count));
}

int segoff_udp_path(const struct segoff_udp_tx *t,
		    const struct segoff_udp_dgram *d,
		    struct segoff_udp_path_info *i)
{
	struct segoff__udp_key k;
	const struct segoff__udp_path *p;
	int err = segoff__udp_key(&k, d);

	if (err)
		return err;
	p = segoff__udp_look(t, &k);
	if (!p)
		return -ENOENT;
	describe(p, i);
	return 0;
}

size_t segoff_udp_path_at(const struct segoff_udp_tx *t, size_t at,
			  struct segoff_udp_path_info *i)
{
	for (; at <= t->mask; at++)
		if (t->paths[at].there) {
			describe(&t->paths[at], i);
			return at + 1;
		}
	return 0;
}

static void add_path(struct segoff_udp_tx_info *i,
		     const struct segoff__udp_path *p)
{
	i->trains += p->trains;
	i->in_trains += p->in_trains;
	i->plain += p->plain;
	for (size_t r = 0; r < SEGOFF_UDP_REASONS; r++)
		i->count[r] += p->m.count[r];
}

void segoff_udp_tx_info(const struct segoff_udp_tx *t,
			struct segoff_udp_tx_info *i)
{
	*i = t->gone;
	for (size_t k = 0; k <= t->mask; k++)
		if (t->paths[k].there)
			add_path(i, &t->paths[k]);
	i->calls = t->calls;
	i->evicted = t->evicted;
	i->segs = !t->kernel ? 1 : t->segs_sure ? t->segs : 0;
	i->gso = segoff__udp_gso(t);
	i->mmsg = t->mmsg;
	i->zerocopy = t->zc.on && (!t->zc.off_until ||
				   t->sys->now(t->sys->ctx) >= t->zc.off_until);
	i->copied = t->zc.copied;
	i->completed = t->zc.completed;
	i->others = t->zc.others;
}

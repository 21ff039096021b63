/* SPDX-License-Identifier: MIT */
/*
 * ref_list.c - superpackets that are lists of packets (R-TCP-10 to 12, R-UDP-5)
 *
 * Every segment is written as a packet of its own: link header of the
 * superpacket, the rest of the member; then its fields one after the other; at
 * last it is treated as an ordinary packet whose checksum may be unfinished.
 */
#include <stdlib.h>
#include <string.h>

#include "ref.h"
#include "ref_nest.h"

/* A superpacket, its members, and where everything is. */
struct work {
	const struct ref_pkt *p;
	const struct ref_pkt *member;
	size_t n;
	const struct segoff_meta *m;
	struct ref_super s;
};

/* Decision: a list with headers of any other kind is none. */
static bool is_said(const struct work *w)
{
	const uint32_t known = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6 |
			       SEGOFF_GSO_UDP_L4 | SEGOFF_GSO_FRAGLIST |
			       SEGOFF_GSO_TCP_ECN | SEGOFF_GSO_TCP_ACCECN |
			       SEGOFF_GSO_TCP_FIXEDID;

	return w->m->gso_size && w->m->gso_type & SEGOFF_GSO_FRAGLIST &&
	       !(w->m->gso_type & ~known) && w->n > 0 && w->s.count > 1 &&
	       !w->s.jumbo;
}

/* Decision: an unfinished checksum lies in the transport header or behind it. */
static bool sum_is_there(const struct work *w)
{
	size_t start = w->m->csum_start, end = start + w->m->csum_offset + 2;

	return w->m->ip_summed != SEGOFF_CHECKSUM_PARTIAL ||
	       (start >= w->s.w.th && end <= w->s.hlen);
}

/* Where the payload starts; 0: not all headers are there. */
static size_t data_at(const struct ref_pkt *p)
{
	struct segoff_stack st;

	if (ref_dissect(p, &st) != SEGOFF_V_OK)
		return 0;
	return st.payload;
}

/*
 * Decision: members have headers as long as the superpacket's, and link headers
 * of one length; else the geometry has changed.
 */
static bool is_member(const struct work *w, const struct ref_pkt *m,
		      size_t *payload)
{
	struct ref_walk first, a;
	size_t data = data_at(m);

	if (!data || data >= m->len || ref_walk(m, &a) != SEGOFF_V_OK ||
	    ref_walk(w->member, &first) != SEGOFF_V_OK)
		return false;
	*payload = m->len - data;
	return a.version == w->s.w.version && a.proto == w->s.w.proto &&
	       a.net == first.net && a.th - a.net == w->s.w.th - w->s.w.net &&
	       data - a.net == w->s.hlen - w->s.w.net;
}

static bool is_list(const struct work *w)
{
	size_t all = w->s.hlen + w->m->gso_size, n;

	if (!is_said(w) || !sum_is_there(w))
		return false;
	for (size_t i = 0; i < w->n; i++) {
		if (!is_member(w, &w->member[i], &n))
			return false;
		all += n;
	}
	return all == w->p->len;
}

static struct ref_seg *first(const struct work *w)
{
	size_t len = w->s.hlen + w->m->gso_size;
	struct ref_seg *seg = malloc(sizeof(*seg) + len);

	seg->len = len;
	memcpy(seg->at, w->p->at, len);
	if (w->s.w.proto == 17)
		ref_put16(seg->at + w->s.w.th + 4, 8 + w->m->gso_size);
	return seg;
}

static struct ref_seg *other(const struct work *w, const struct ref_pkt *m)
{
	struct ref_seg *seg;
	struct ref_walk at;
	size_t l2 = w->s.w.net;

	ref_walk(m, &at);
	seg = malloc(sizeof(*seg) + l2 + m->len - at.net);
	seg->len = l2 + m->len - at.net;
	memcpy(seg->at, w->p->at, l2);
	memcpy(seg->at + l2, m->at + at.net, m->len - at.net);
	return seg;
}

/* Words of the one for those of the other; what that adds to a sum. */
static uint64_t swap(uint8_t *to, const uint8_t *from, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i += 2) {
		sum += ref_not(ref_get16(to + i));
		sum += ref_get16(from + i);
		ref_put16(to + i, ref_get16(from + i));
	}
	return sum;
}

/* R-TCP-11: one end of the flow; @end is 0 for the source. */
static void translate(const struct work *w, struct ref_seg *seg, size_t end)
{
	bool tcp = w->s.w.proto == 6;
	size_t n = w->s.w.version == 4 ? 4 : 16;
	size_t address = w->s.w.net + (n == 4 ? 12 : 8) + end * n;
	size_t port = w->s.w.th + 2 * end;
	uint8_t *check = seg->at + w->s.w.th + (tcp ? 16 : 6);
	uint64_t addresses, ports;
	uint16_t v = ref_get16(check);

	if (!memcmp(seg->at + address, w->p->at + address, n) &&
	    !memcmp(seg->at + port, w->p->at + port, 2))
		return;
	addresses = swap(seg->at + address, w->p->at + address, n);
	ports = swap(seg->at + port, w->p->at + port, 2);
	if (!tcp && v == 0)
		return;
	if (w->m->ip_summed == SEGOFF_CHECKSUM_PARTIAL)
		v = ref_fold(v + addresses);
	else
		v = ref_not(ref_fold(ref_not(v) + addresses + ports));
	if (!tcp && v == 0)
		v = 0xffff;
	ref_put16(check, v);
}

/* Is anything of it translated? The first member is asked. */
static bool is_translated(const struct work *w)
{
	size_t n = w->s.w.version == 4 ? 8 : 32;
	size_t address = w->s.w.version == 4 ? 12 : 8;
	struct ref_walk a;

	ref_walk(w->member, &a);
	return memcmp(w->member->at + a.net + address,
		      w->p->at + w->s.w.net + address, n) != 0 ||
	       memcmp(w->member->at + a.th, w->p->at + w->s.w.th, 4) != 0;
}

/* R-TCP-10, R-UDP-5, Q-5 */
static void network(const struct work *w, struct ref_seg *seg, size_t k)
{
	const uint8_t *head = w->p->at + w->s.w.net;
	uint8_t *ip = seg->at + w->s.w.net;
	size_t len = seg->len - w->s.w.net;

	if (w->s.w.version == 6) {
		ref_put16(ip + 4, (len - 40) & 0xffff);
		return;
	}
	ref_put16(ip + 2, len & 0xffff);
	if (!(w->m->gso_type & SEGOFF_GSO_TCP_FIXEDID))
		ref_put16(ip + 4, (ref_get16(head + 4) + k) & 0xffff);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10,
		  ref_not(ref_fold(ref_sum(ip, w->s.w.th - w->s.w.net))));
}

/* As a packet of its own. */
static struct ref_seg *leave(const struct work *w, struct ref_seg *seg)
{
	const struct segoff_meta m = { .ip_summed = w->m->ip_summed,
				       .csum_start = w->m->csum_start,
				       .csum_offset = w->m->csum_offset };
	const struct ref_pkt p = { seg->at, seg->len, w->p->link };
	struct ref_super s = w->s;
	struct ref_seg *whole;

	s.p = &p;
	s.m = &m;
	whole = ref_ordinary(&s);
	whole->next = NULL;
	free(seg);
	return whole;
}

int ref_segment_list(const struct ref_pkt *p, const struct ref_pkt *member,
		     size_t n, const struct segoff_meta *m,
		     const struct segoff_gso_opts *o, struct ref_list *out,
		     enum segoff_verdict *why)
{
	struct work w = { .p = p, .member = member, .n = n, .m = m };
	struct ref_deep d;
	int err = ref_admit(p, NULL, m, o, &d, why);

	w.s = d.s;
	if (err || !is_list(&w))
		return ref_segment(p, NULL, m, o, out, why);
	*out = (struct ref_list){ 0 };
	for (size_t k = 0; k <= n; k++) {
		struct ref_seg *seg = k ? other(&w, &member[k - 1]) : first(&w);

		if (k && is_translated(&w)) {
			translate(&w, seg, 0);
			translate(&w, seg, 1);
		}
		network(&w, seg, k);
		ref_append(out, leave(&w, seg));
	}
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* ref_build.c - one segment, from nothing */
#include <stdlib.h>
#include <string.h>

#include "ref.h"

/* A segment being built, and the same places in it as in the superpacket. */
struct work {
	const struct ref_super *s;
	size_t k;
	bool first;
	bool last;
	uint8_t *at;
	size_t len;
	size_t th;
	size_t data;
	size_t ndata;
};

/* R-IP-2, R-IP-3, R-IP-4, R-UFO-1 */
static void ipv4(const struct work *w)
{
	uint8_t *ip = w->at + w->s->w.net;
	size_t len = w->len - w->s->w.net, ihl = (size_t)(ip[0] & 15) * 4;
	size_t offset = w->k * w->s->size;

	ref_put16(ip + 2, len & 0xffff);
	if (w->s->ufo)
		ref_put16(ip + 6,
			  ((offset >> 3) & 0xffff) | (w->last ? 0 : 0x2000));
	else if (!(w->s->m->gso_type & SEGOFF_GSO_TCP_FIXEDID))
		ref_put16(ip + 4, (ref_get16(ip + 4) + w->k) & 0xffff);
	ref_put16(ip + 10, 0);
	ref_put16(ip + 10, ref_not(ref_fold(ref_sum(ip, ihl))));
}

/* R-IP-5 */
static void ipv6(const struct work *w)
{
	uint8_t *ip = w->at + w->s->w.net;

	ref_put16(ip + 4, (w->len - w->s->w.net - 40) & 0xffff);
}

/*
 * R-UFO-3. Every fragment carries all extension headers, and the offset
 * advances by the payload length of the one before, less the Fragment header
 * it is a byte count whose low bits are not masked.
 */
static void fragment_header(const struct work *w)
{
	const struct ref_super *s = w->s;
	uint8_t *h = w->at + s->frag_at;
	size_t payload_len = (w->s->hlen - s->w.net - 40) + 8 + s->size;
	size_t step = (payload_len & 0xffff) - 8;

	h[0] = w->at[s->frag_next_at];
	h[1] = 0;
	ref_put16(h + 2, ((w->k * step) & 0xffff) | (w->last ? 0 : 1));
	ref_put32(h + 4, s->frag_id);
	w->at[s->frag_next_at] = 44;
}

/*
 * The seed of this segment. A fresh one is the pseudo-header sum, as Linux makes
 * it: over the destination in the IPv6 header, even if a Routing header names
 * another; but if that other is what a PARTIAL packet's seed is about, that is
 * kept. A trusted one is what the packet holds, less the length that it is
 * about, plus this segment's length: for TCP the length that is there, for UDP
 * the length that the UDP header claims (R-UDP-2, Q-13).
 */
static uint16_t seed(const struct work *w, size_t check_at)
{
	const struct ref_super *s = w->s;
	const uint8_t *l4 = s->p->at + s->w.th;
	size_t len = w->len - w->th, all = s->p->len - s->w.th;

	if (s->w.proto == 17)
		len &= 0xffff;
	if (!s->trust || s->m->ip_summed != SEGOFF_CHECKSUM_PARTIAL)
		return ref_fold(
			ref_pseudo(s->p, &s->w, ref_about_final(s), len));
	if (s->w.proto == 17)
		all = ref_get16(l4 + 4);
	return ref_fold((uint64_t)ref_get16(l4 + check_at) +
			ref_not(ref_fold(all)) + ref_fold(len));
}

/* The seed, or the checksum finished; @zero is stored for a result of 0. */
static void check(const struct work *w, size_t check_at, uint16_t zero)
{
	uint8_t *l4 = w->at + w->th;
	uint16_t v;

	if (w->s->csum == SEGOFF_OUT_KEEP)
		return;
	v = seed(w, check_at);
	ref_put16(l4 + check_at, v);
	if (w->s->csum == SEGOFF_OUT_PARTIAL)
		return;
	v = ref_not(ref_fold(ref_sum(l4, w->len - w->th)));
	ref_put16(l4 + check_at, v ? v : zero);
}

/* R-TCP-2 to R-TCP-7 */
static void tcp(const struct work *w)
{
	uint8_t *th = w->at + w->th;

	ref_put32(th + 4, ref_get32(th + 4) + (uint32_t)(w->k * w->s->size));
	if (!w->last)
		th[13] &= (uint8_t)~0x09;
	if (!w->first && !(w->s->m->gso_type & SEGOFF_GSO_TCP_ACCECN))
		th[13] &= (uint8_t)~0x80;
	check(w, 16, 0);
}

/* R-UDP-1 */
static void udp(const struct work *w)
{
	ref_put16(w->at + w->th + 4, (w->len - w->th) & 0xffff);
	check(w, 6, 0xffff);
}

/* R-SCTP-1 */
static void sctp(const struct work *w)
{
	uint8_t *l4 = w->at + w->th;

	if (w->s->csum == SEGOFF_OUT_COMPLETE)
		ref_put32(l4 + 8, ref_sctp_check(l4, w->len - w->th));
	else if (w->s->csum == SEGOFF_OUT_PARTIAL)
		ref_put32(l4 + 8, 0);
}

/*
 * R-UFO-2: one checksum over the whole datagram, whatever it holds now. No
 * device finishes the checksum of fragments, so that it is complete also
 * where segments would get a seed.
 */
static void datagram_check(const struct work *w)
{
	const struct ref_super *s = w->s;
	const uint8_t *l4 = s->p->at + s->w.th;
	size_t len = s->p->len - s->w.th;
	uint64_t sum;
	uint16_t v;

	if (s->csum == SEGOFF_OUT_KEEP)
		return;
	sum = ref_pseudo(s->p, &s->w, false, len) + ref_sum(l4, 6) +
	      ref_sum(l4 + 8, len - 8);
	v = ref_not(ref_fold(sum));
	/* Decision: gso_size below 8 cuts the UDP header itself. */
	for (size_t i = 0; i < 2; i++) {
		size_t at = 6 + i;
		uint8_t byte = (uint8_t)((v ? v : 0xffff) >> (8 - 8 * i));

		if (at / s->size == w->k)
			w->at[w->data + at % s->size] = byte;
	}
}

/* All bytes before the payload, with what is taken out or put in. */
static size_t headers(const struct ref_super *s, uint8_t *to)
{
	const uint8_t *from = s->p->at;
	size_t cut = s->hlen, skip = 0, room = 0;

	if (s->jumbo) {
		cut = s->w.net + 40;
		skip = 8;
	} else if (s->frag_at) {
		cut = s->frag_at;
		room = 8;
	}
	memcpy(to, from, cut);
	memset(to + cut, 0, room);
	memcpy(to + cut + room, from + cut + skip, s->hlen - cut - skip);
	if (s->jumbo)
		to[s->w.net + 6] = 6;
	return s->hlen + room - skip;
}

struct ref_seg *ref_build(const struct ref_super *s, size_t k)
{
	size_t from = s->hlen + k * s->size, n = s->p->len - from;
	struct ref_seg *seg;
	struct work w = { .s = s, .k = k };

	if (s->by_frags && !ref_member(s, k, &from, &n))
		n = 0;
	else if (!s->by_frags && n > s->size)
		n = s->size;
	seg = calloc(1, sizeof(*seg) + s->hlen + 8 + n);
	w.at = seg->at;
	w.data = headers(s, seg->at);
	memcpy(seg->at + w.data, s->p->at + from, n);
	w.ndata = n;
	w.len = seg->len = w.data + n;
	w.th = s->w.th + w.data - s->hlen;
	w.first = k == 0;
	w.last = k == s->count - 1;
	if (s->frag_at)
		fragment_header(&w);
	if (s->w.version == 4)
		ipv4(&w);
	else
		ipv6(&w);
	if (s->ufo)
		datagram_check(&w);
	else if (s->by_frags)
		sctp(&w);
	else if (s->w.proto == 6)
		tcp(&w);
	else
		udp(&w);
	return seg;
}

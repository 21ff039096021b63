/* SPDX-License-Identifier: MIT */
/* ref_gso.c - which superpackets can be segmented, and into how many */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ref.h"

void ref_free(struct ref_list *l)
{
	for (struct ref_seg *s = l->first, *next; s; s = next) {
		next = s->next;
		free(s);
	}
	*l = (struct ref_list){ 0 };
}

void ref_append(struct ref_list *l, struct ref_seg *s)
{
	if (l->last)
		l->last->next = s;
	else
		l->first = s;
	l->last = s;
	l->count++;
	if (s->len > l->largest)
		l->largest = s->len;
}

/* The transport header: is it there, and where does it end? R-TCP-9 */
static enum segoff_verdict header(struct ref_super *s)
{
	size_t there = s->p->len - s->w.th, len = 8;

	if (s->w.proto == 132)
		len = 12;
	if (s->w.proto == 6) {
		if (there < 20)
			return SEGOFF_V_TRUNCATED;
		len = (size_t)(s->p->at[s->w.th + 12] >> 4) * 4;
		if (len < 20)
			return SEGOFF_V_TCP_HEADER;
	}
	s->hlen = s->w.th + len;
	return there < len ? SEGOFF_V_TRUNCATED : SEGOFF_V_OK;
}

static enum segoff_verdict tcp(const struct ref_super *s)
{
	uint32_t want = s->w.version == 4 ? SEGOFF_GSO_TCPV4 : SEGOFF_GSO_TCPV6;

	if (!s->strict)
		want = SEGOFF_GSO_TCPV4 | SEGOFF_GSO_TCPV6;
	return s->m->gso_type & want ? SEGOFF_V_OK : SEGOFF_V_GSO_TYPE;
}

/*
 * Decision: bits that contradict each other. UDP_L4 with UDP is UDP_L4, and UDP
 * said of TCP besides the right bit is ignored; the kernel would write fragment
 * fields into segments that are none.
 */
static enum segoff_verdict udp(struct ref_super *s)
{
	s->ufo = !(s->m->gso_type & SEGOFF_GSO_UDP_L4);
	if (s->ufo)
		s->hlen = s->w.th;
	return s->m->gso_type & (SEGOFF_GSO_UDP | SEGOFF_GSO_UDP_L4) ?
		       SEGOFF_V_OK :
		       SEGOFF_V_GSO_TYPE;
}

/*
 * Decision: csum_start has a meaning only while the checksum is PARTIAL. (The
 * kernel compares it for UDP_L4 in any state, but in the other states the
 * field holds something else.) UFO does not ask.
 */
static bool csum_start_wrong(const struct ref_super *s)
{
	return !s->ufo && s->m->ip_summed == SEGOFF_CHECKSUM_PARTIAL &&
	       s->m->csum_start != s->w.th;
}

/* Is there an option with this number in a Destination header? */
static bool has_option(const uint8_t *header, uint8_t number)
{
	int left = (header[1] + 1) * 8 - 2;
	const uint8_t *o = header + 2;

	while (left > 0) {
		int len = 1;

		if (*o == number)
			return true;
		if (*o)
			len = left > 1 ? o[1] + 2 : left;
		o += len;
		left -= len;
	}
	return false;
}

/*
 * R-UFO-3: the unfragmentable part is Hop-by-Hop, Routing, and Destination
 * headers, except for a Destination header behind a Routing header. (6.18: a
 * Destination header alone does count as unfragmentable; and one with a Home
 * Address option does anywhere, if Linux was built with Mobile IPv6.)
 */
static void find_unfragmentable(struct ref_super *s)
{
	size_t at = s->w.net + 40, next_at = s->w.net + 6;
	const uint8_t *b = s->p->at;
	bool routing = false;

	while (at < s->w.th) {
		if (b[next_at] == 60 && routing && !has_option(b + at, 0xc9))
			break;
		if (b[next_at] == 43)
			routing = true;
		next_at = at;
		at += ((size_t)b[at + 1] + 1) * 8;
	}
	s->frag_at = at;
	s->frag_next_at = next_at;
}

/*
 * R-IP-6: what 6.18 puts into IPv6 packets that are too long for their length
 * field, and takes out before it cuts them. Decision: "longer than 65536"
 * counts from the IP header on; and a VLAN tag in the frame does not hide the
 * header (as it does from the kernel, which keeps tags beside it).
 */
static bool has_jumbo(const struct ref_pkt *p, const struct ref_walk *w)
{
	const uint8_t *hop = p->at + w->net + 40;

	return w->version == 6 && p->len - w->net > 65536 &&
	       p->at[w->net + 6] == 0 && hop[0] == 6 && hop[1] == 0 &&
	       hop[2] == 0xc2;
}

static enum segoff_verdict check(struct ref_super *s)
{
	enum segoff_verdict v = s->w.proto == 6 ? tcp(s) : udp(s);
	size_t payload;

	if (v != SEGOFF_V_OK)
		return v;
	if (csum_start_wrong(s))
		return SEGOFF_V_GSO_CSUM_START;
	payload = s->p->len - s->hlen;
	s->size = s->m->gso_size;
	s->count = (payload + s->size - 1) / s->size;
	s->jumbo = has_jumbo(s->p, &s->w);
	if (s->ufo && s->w.version == 6)
		find_unfragmentable(s);
	/* R-TCP-9, R-UDP-4, and their like for UFO */
	return payload <= s->size ? SEGOFF_V_GSO_SMALL : SEGOFF_V_OK;
}

/*
 * Decision: what fits one segment is a superpacket of one. A datagram that
 * would be the only fragment of itself is no fragment.
 */
static void small(struct ref_super *s)
{
	s->count = 1;
	if (!s->ufo)
		return;
	s->ufo = false;
	s->frag_at = 0;
	s->hlen = s->w.th + 8;
	s->size = s->p->len - s->hlen;
}

/*
 * SCTP bit, and 12 bytes of header. Decision: a gso_size is no way to cut SCTP,
 * and a superpacket without members is one segment without chunks.
 */
static enum segoff_verdict sctp(struct ref_super *s)
{
	if (!(s->m->gso_type & SEGOFF_GSO_SCTP) ||
	    s->m->gso_size != SEGOFF_GSO_BY_FRAGS)
		return SEGOFF_V_GSO_TYPE;
	s->by_frags = true;
	s->count = ref_members(s, &s->size);
	return s->count ? SEGOFF_V_OK : SEGOFF_V_GSO_SMALL;
}

int ref_admit_at(struct ref_super *s, enum segoff_verdict *why)
{
	*why = header(s); /* before what is said of it */
	if (*why != SEGOFF_V_OK)
		return -EINVAL;
	/* Decision: a list of members is not asked of other protocols. */
	if (s->w.proto != 132 && s->m->gso_size == SEGOFF_GSO_BY_FRAGS) {
		*why = SEGOFF_V_GSO_UNSUPPORTED;
		return -EOPNOTSUPP;
	}
	*why = s->w.proto == 132 ? sctp(s) : check(s);
	if (*why == SEGOFF_V_GSO_SMALL && !s->strict) {
		*why = SEGOFF_V_OK;
		small(s);
	}
	return *why == SEGOFF_V_OK ? 0 : -EINVAL;
}

void ref_begin(struct ref_super *s, const struct ref_pkt *p,
	       const struct segoff_meta *m, const struct segoff_gso_opts *o)
{
	*s = (struct ref_super){ .p = p, .m = m, .count = 1 };
	ref_walk(p, &s->w);
	if (!o)
		return;
	s->ports = o->ports;
	s->csum = o->csum;
	s->frag_id = o->frag_id;
	s->trust = o->flags & SEGOFF_TRUST_SEED;
	s->strict = o->flags & SEGOFF_STRICT;
}
